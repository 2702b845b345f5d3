"""Who is calling, by the keys of an account, and who answers, by the certificates of https.

May import `store` and `errors`. `resources` and `api` import it.
"""
