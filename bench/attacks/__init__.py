"""Attacks on a server of one's own, on loopback: what they do to its event loop, its memory and its honest clients."""
