"""The weights Antiphon runs on: which they are, where they can be had, whether they are whole, where they lie.

`catalogue` is the data, in the shapes of `model`; `sources` fetches it over `network`; `cache.ModelCache` is what the
rest of Antiphon uses. Nothing that is fetched is ever run. Imports nothing of antiphon but `errors`. Everyone may
import it.
"""
