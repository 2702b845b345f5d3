"""GTCRN in this process: takes noise out of audio in which speech is to be detected.

`spectra` cuts a stream into frames, `engine` runs the model on them, `listener` listens to what is left, and `fetched`
gets the model when it is first needed.
"""
