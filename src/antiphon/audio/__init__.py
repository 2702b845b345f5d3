"""Audio in memory and on the wire: PCM, resampling, decoding, encoding, and what can be measured of a recording.

May import nothing of antiphon but `errors`, `fair_turns`, `isolation` and `sandbox`. Everyone may import it.
"""
