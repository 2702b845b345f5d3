"""Commands whose modules are imported when they run, so that none waits for what only others need."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Deferred(TyperCommand):
    """Stands in the list of commands for the Typer or the function at `place`, "MODULE:NAME"."""

    def __init__(self, name: str, place: str, help: str) -> None:  # noqa: A002 - as Typer calls it.
        super().__init__(name, help=help)
        self._place = place

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command itself, which runs in place of this one."""
        return self._load().make_context(info_name, args, parent, **extra)

    def _load(self) -> Any:
        module, _, attribute = self._place.partition(":")
        found, holder = getattr(import_module(module), attribute), typer.Typer(add_completion=False)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=self.name, help=self.help)
            return typer.main.get_group(holder).commands[self.name or ""]
        holder.command(self.name, help=self.help)(found)
        return typer.main.get_command(holder)


def group_of(commands: Mapping[str, tuple[str, str]]) -> type[TyperGroup]:
    """A class of groups with `commands`: the place and the help of each, by name."""

    class Group(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            for name, (place, described) in commands.items():
                self.add_command(Deferred(name, place, described))

    return Group
