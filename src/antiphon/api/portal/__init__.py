"""The portal's own routes: its pages, signing in, and what only its pages ask.

Beside these, the pages use the same API as everybody else, with the session as one more credential.
"""
