"""How the tables came to be: one step a file in `versions`, taken when `antiphon.store.migrate` finds it missing.

To change a table, change `antiphon.store.tables`, run the tests of `store` and write the step that they find missing.
"""
