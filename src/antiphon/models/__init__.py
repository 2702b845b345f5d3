"""The weights Antiphon runs on: what they are, where to get them, whether they are intact, and where they are kept.

`catalogue` is the data, in the shapes of `model`; `sources` fetches it over `network`; `cache.ModelCache` is what the
rest of Antiphon uses. Nothing fetched is ever executed. Imports only `errors` from antiphon; anything may import it.
"""
