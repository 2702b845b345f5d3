"""The portal in a real browser, in front of a real server. Where a model's words are not the point, a double writes
them."""
