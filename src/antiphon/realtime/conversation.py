"""A conversation: items in one chain, each identified by an id that is never reused."""

from __future__ import annotations

from collections.abc import Iterator

from antiphon.realtime.budget import Weight, weight_of
from antiphon.realtime.items import Item

ROOT = "root"
"""As a previous item's id, stands for the place before the first item."""


class Conversation:
    def __init__(self) -> None:
        self._order: list[str] = []
        self._items: dict[str, Item] = {}
        self._used: set[str] = set()
        self._weight = Weight()

    def __iter__(self) -> Iterator[Item]:
        return (self._items[item_id] for item_id in self._order)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def get(self, item_id: str) -> Item | None:
        return self._items.get(item_id)

    def is_used(self, item_id: str) -> bool:
        """Whether an item has, or had, this id."""
        return item_id in self._used

    @property
    def weight(self) -> Weight:
        """The weight of all present items."""
        return self._weight

    @property
    def ever(self) -> int:
        """How many items there have ever been."""
        return len(self._used)

    @property
    def last_id(self) -> str | None:
        return self._order[-1] if self._order else None

    def previous_id(self, item_id: str) -> str | None:
        """The id of the preceding item; None for the first item, and for one that is gone."""
        if item_id not in self._items:
            return None
        at = self._order.index(item_id)
        return self._order[at - 1] if at else None

    def add(self, item: Item, *, after: str | None = None) -> str | None:
        """Insert a new item after `after` (`ROOT`, or an existing id), or at the end; return the id it follows."""
        at = len(self._order) if after is None else 0 if after == ROOT else self._order.index(after) + 1
        self._order.insert(at, item.id)
        self._items[item.id] = item
        self._used.add(item.id)
        self._weight += weight_of(item)
        return self._order[at - 1] if at else None

    def replace(self, item: Item) -> None:
        """Replace an item with a newer state, unless it is gone."""
        if item.id in self._items:
            self._weight += weight_of(item) - weight_of(self._items[item.id])
            self._items[item.id] = item

    def remove(self, item_id: str) -> None:
        self._order.remove(item_id)
        self._weight -= weight_of(self._items.pop(item_id))
