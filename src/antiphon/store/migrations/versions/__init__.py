"""The steps, in order. One that has been released is never changed.

A step that only adds tables, indexes, or columns that may be null or have a default in the database says
`is_additive = True`: earlier versions of the program can then go on working on the database during an upgrade.
"""
