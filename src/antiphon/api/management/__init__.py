"""Resource management in the shapes of Azure Resource Manager: subscriptions, groups, accounts, deployments, roles.

May import what `api` may. Each operation is a function of the `ManagementPlane` and a request; `routes.py` defines
their paths, and answers their errors.
"""
