"""What must outlive the process: tables and their migrations, and blobs beside them.

May import nothing of antiphon but `errors`. `identity` and `resources` import it.
"""
