"""Speech from Kokoro and hibari in this process: voices, phonemes, tempo, and how clauses begin and end."""
