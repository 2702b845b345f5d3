"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antiphon.store.location import default_data_directory

AccountOption = Annotated[str, typer.Option("--account", help="The account's name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        default_factory=default_data_directory,
        show_default="ANTIPHON_DATA, or the user's data folder",
        help="The data folder; created if it does not exist.",
        file_okay=False,
    ),
]
