"""Silero VAD in this process: one model for every recording (`engine`) and every stream (`stream`), whose frames it
takes together (`batches`).
"""
