"""Realtime sessions: how soon they answer and fall silent, how many fit on a core, and what they leave behind."""
