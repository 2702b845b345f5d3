"""TLS: certificates, the local authority that issues them, and which certificate each client gets.

May import `store`.
"""
