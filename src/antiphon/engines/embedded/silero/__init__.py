"""Silero VAD in this process: one model for recordings (`engine`) and streams (`stream`), with their frames in
`batches`.
"""
