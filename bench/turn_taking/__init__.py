"""Turn taking: recordings pass through a session without I/O, whose clock is the audio's, as fast as the engines go."""
