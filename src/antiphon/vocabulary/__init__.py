"""The words that `realtime`, `dialogue` and `engines` share: tools and their calls, usage, the probability of speech.

Frozen data alone. It imports nothing of Antiphon; whoever needs a word may import it.
"""
