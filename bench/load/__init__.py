"""Load: how many talk at once, what they then wait for, and what happens to those who are too many."""
