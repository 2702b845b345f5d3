"""Voices as vectors: who speaks, whatever is said. Runs Resemblyzer's network without PyTorch."""
