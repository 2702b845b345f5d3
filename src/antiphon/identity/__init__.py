"""Who is calling: keys, tokens of the local authority and of Entra, sessions of the portal, principals and the roles
they have. And who answers: the certificates of https.

May import `store` and `errors`; its `commands`, which stand at the edge, also `resources`. `resources` and `api` import
it.
"""
