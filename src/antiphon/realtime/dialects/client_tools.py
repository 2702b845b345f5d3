"""Tools as clients describe them, and the choice of which to call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import msgspec

from antiphon.parameters.complaints import (
    check_count,
    check_depth,
    invalid_value,
    missing,
    unknown,
    unsupported_value,
)
from antiphon.realtime.configuration import RemoteTool, RemoteTools
from antiphon.vocabulary.tools import NamedTool, Tool, ToolChoice

MAX_TOOLS = 128

_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
Sent = TypeVar("Sent")


class ClientTool(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    type: Literal["function"] = "function"
    description: str | None = None
    parameters: dict[str, Any] | None = None

    def tool(self, param: str) -> Tool:
        _check_function_name(self.name, f"{param}.name")
        check_depth(f"{param}.parameters", self.parameters)
        return Tool(name=self.name, description=self.description or "", parameters=self.parameters)


class ToolFilter(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    read_only: bool | None = None
    tool_names: list[str] | None = None


class ToolApproval(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    always: ToolFilter | None = None
    never: ToolFilter | None = None


class GaTool(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A function, or the tools of an MCP server. Clients may send null for the other's fields."""

    type: Literal["function", "mcp"] = "function"
    name: str | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    server_label: str | None = None
    server_url: str | None = None
    server_description: str | None = None
    connector_id: str | None = None
    tunnel_id: str | None = None
    authorization: str | None = None
    headers: dict[str, str] | None = None
    allowed_tools: list[str] | ToolFilter | None = None
    allowed_callers: list[Literal["direct", "programmatic"]] | None = None
    require_approval: Literal["always", "never"] | ToolApproval | None = None
    defer_loading: bool | None = None

    def tool(self, param: str) -> Tool | RemoteTools:
        is_function = self.type == "function"
        for name in self.__struct_fields__:
            is_foreign = (name in ("name", "description", "parameters")) is not is_function and name != "type"
            if is_foreign and getattr(self, name) is not None:
                raise unknown(f"{param}.{name}")
        if is_function:
            name = _required(self.name, f"{param}.name")
            return ClientTool(name, description=self.description, parameters=self.parameters).tool(param)
        _required(self.server_label, f"{param}.server_label")
        return RemoteTools(server=msgspec.to_builtins(self))


class FunctionName(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class ClientToolChoice(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """`function` comes from Azure's first clients: an object with the name, or just the name."""

    type: Literal["function"]
    name: str | None = None
    function: FunctionName | str | None = None

    def choice(self, param: str) -> ToolChoice | RemoteTool:
        function = self.function.name if isinstance(self.function, FunctionName) else self.function
        name = _required(function if self.name is None else self.name, f"{param}.name")
        _check_function_name(name, f"{param}.name")
        return NamedTool(name=name)


class GaToolChoice(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A function, or one particular or any tool of an MCP server."""

    type: Literal["function", "mcp"]
    name: str | None = None
    function: FunctionName | str | None = None
    server_label: str | None = None

    def choice(self, param: str) -> ToolChoice | RemoteTool:
        if self.type == "mcp":
            _required(self.server_label, f"{param}.server_label")
            return RemoteTool(choice=msgspec.to_builtins(self))
        if self.server_label is not None:
            raise unknown(f"{param}.server_label")
        return ClientToolChoice("function", self.name, self.function).choice(param)


def read_tools(sent: Sequence[ClientTool | GaTool], param: str) -> tuple[Tool | RemoteTools, ...]:
    check_count(param, len(sent), MAX_TOOLS)
    return tuple(tool.tool(f"{param}[{index}]") for index, tool in enumerate(sent))


def read_tool_choice(sent: str | ClientToolChoice | GaToolChoice, param: str) -> ToolChoice | RemoteTool:
    if not isinstance(sent, str):
        return sent.choice(param)
    if sent in ("auto", "none", "required"):
        return sent
    raise unsupported_value(param, sent, ("auto", "none", "required"))


def _required(value: Sent | None, param: str) -> Sent:
    if value is None:
        raise missing(param)
    return value


def _check_function_name(name: str, param: str) -> None:
    if not _FUNCTION_NAME.fullmatch(name):
        raise invalid_value(
            param,
            f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern "
            f"'^{_FUNCTION_NAME.pattern}$'.",
        )
