"""The portal in a real browser, in front of a real server with the real models."""
