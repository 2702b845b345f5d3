"""Who is calling: the keys of an account.

May import `store` and `errors`. `resources` and `api` import it.
"""
