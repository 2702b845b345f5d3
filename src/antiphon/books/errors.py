"""What can be wrong with a book, or with what was asked of it."""

from __future__ import annotations

from antiphon.errors import AntiphonError


class BookError(AntiphonError):
    """The root of what goes wrong with books."""


class UnreadableBook(BookError):
    """The file is damaged, protected, too large, or not a book at all."""


class BookRefused(BookError):
    """What was asked of a book cannot be done: an unknown voice, a chapter that it does not have."""
