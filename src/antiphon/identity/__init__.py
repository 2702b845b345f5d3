"""Who is calling: keys, tokens of the local authority and of Entra, portal sessions, principals and their roles.

May import `store` and `errors`. `resources` and `api` import it.
"""
