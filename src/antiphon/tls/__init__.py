"""TLS: certificates, the local authority that issues them, and which certificate each client is shown.

May import `store`.
"""
