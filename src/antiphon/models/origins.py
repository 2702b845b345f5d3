"""Where the model hub and the package registries are, as this machine is configured.

Registries are asked for, never written down: a closed network has its own, and pip and npm already know them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property

from antiphon.models.errors import SourceUnreachable

_HUB = "https://huggingface.co"
_COMMAND_SECONDS = 20.0


class Origins:
    """The addresses of the hub and the registries; pip and npm are asked once, when first needed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def hub(self) -> str:
        """The model hub's address, without a slash at its end. `HF_ENDPOINT` changes it."""
        return (self._environment.get("HF_ENDPOINT") or _HUB).rstrip("/")

    @property
    def hub_token(self) -> str | None:
        """What the hub wants to see from an account of its own: `HF_TOKEN`."""
        return self._environment.get("HF_TOKEN") or None

    @cached_property
    def python_index(self) -> str:
        """The simple index that pip uses (PEP 503), without a slash at its end.

        Raises:
            SourceUnreachable: no variable names an index and there is no pip to ask.
        """
        for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            if value := self._environment.get(variable):
                return re.sub(r"^[\w.-]+=(?=\w+:)", "", value).rstrip("/")  # uv allows name=url
        for pip in self._pips():
            if index := self._run([*pip, "config", "get", "global.index-url"]) or self._index_in_help(pip):
                return index.rstrip("/")
        raise SourceUnreachable("no index of Python packages is known: install pip, or set PIP_INDEX_URL")

    @cached_property
    def npm_registry(self) -> str:
        """The registry that npm uses, without a slash at its end.

        Raises:
            SourceUnreachable: no variable names a registry and npm is not installed.
        """
        for variable in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
            if value := self._environment.get(variable):
                return value.rstrip("/")
        npm = shutil.which("npm", path=self._environment.get("PATH", os.defpath))
        if npm is None:
            raise SourceUnreachable("npm is not installed: install it, or set NPM_CONFIG_REGISTRY")
        registry = self._run([npm, "config", "get", "registry"])
        if not registry:
            raise SourceUnreachable("npm does not tell its registry: see `npm config get registry`")
        return registry.rstrip("/")

    def _pips(self) -> list[list[str]]:
        """This interpreter's own pip, then one on the path: a virtual environment may have none."""
        on_path = shutil.which("pip3", path=self._environment.get("PATH", os.defpath))
        return [[sys.executable, "-P", "-m", "pip"], *([[on_path]] if on_path else [])]

    def _index_in_help(self, pip: Sequence[str]) -> str | None:
        """pip tells the index it was built with nowhere but in its help."""
        found = re.search(
            r"--index-url <url>.*?\(default:? (\S+?)\)", self._run([*pip, "download", "--help"]), re.DOTALL
        )
        return found.group(1) if found else None

    def _run(self, command: Sequence[str]) -> str:
        """What the command prints, or nothing where it fails."""
        ours = {name for name in self._environment if name.startswith("ANTIPHON_")}  # The key that seals data is one.
        environment = {name: value for name, value in self._environment.items() if name not in ours}
        environment |= {"COLUMNS": "1000", "NO_COLOR": "1"}  # Wide: help is wrapped at the terminal.
        try:
            done = subprocess.run(  # noqa: S603
                command, env=environment, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""
