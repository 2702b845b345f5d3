"""Models that come in another format than the one they run in: what reads them, and what converts them."""
