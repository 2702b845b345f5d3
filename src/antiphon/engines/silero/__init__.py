"""Silero VAD in this process: one model for all recordings (`engine`) and streams (`stream`), whose frames it processes
together (`batches`).
"""
