"""The portal's own routes: its pages, signing in, and what only its pages ask for.

Otherwise, the pages use the same API as everyone else, with the session as one more credential.
"""
