"""Audio in memory and on the wire: PCM, resampling, decoding, encoding, and acoustic measurements.

May import only `errors` and `hardening` from antiphon. Any package may import it.
"""
