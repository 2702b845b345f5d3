"""Silero VAD in this process: one model for all recordings (`engine`) and streams (`stream`), with their frames in
`batches`.
"""
