"""Measures what a user of Antiphon notices: `make bench`. It may import all of `antiphon`; nothing imports it."""
