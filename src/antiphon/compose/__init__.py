"""Builds the objects and connects them: the application, authentication, the engines of each profile.

May import `api` and everything below it.
"""
