"""Whatever must outlive the process: tables and their migrations, and blobs beside them.

May import only `errors` and `settings` from antiphon. `identity` and `resources` import it.
"""
