"""Which objects there are, and who knows whom: the application, who may come in, the engines of each profile.

May import `api` and everything below it.
"""
