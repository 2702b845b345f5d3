"""The words that `realtime`, `dialogue` and `engines` share: tools and their calls, usage, the probability of speech.

Frozen data only. It imports nothing of Antiphon, and any package that needs a word may import it.
"""
