"""The portal's pages as they are served: index.html and assets, built from the sources in `web/` by `make portal`.

There is no other Python here; `api.portal` serves the files.
"""
