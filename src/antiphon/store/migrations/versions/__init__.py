"""The steps, in order. One that has been released is never changed."""
