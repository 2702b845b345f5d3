"""The tools of a chat request, and which of them may be called: given as tools, or as functions, the older form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from antiphon.api.chat.request import (
    AllowedToolChoice,
    ChatRequest,
    FunctionDefinition,
    FunctionName,
    NamedToolChoice,
    ToolDefinition,
)
from antiphon.parameters.complaints import empty_array, missing, unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.vocabulary.tools import NamedTool, Tool, ToolChoice

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTools:
    tools: Sequence[Tool]
    choice: ToolChoice
    in_parallel: bool
    """Whether one reply may contain several calls."""
    are_functions: bool = False
    """Whether they were given as `functions`: if so, a reply has a `function_call` instead of `tool_calls`."""


def read_tools(request: ChatRequest) -> ChatTools:
    """Raises `InvalidRequest`.

    An empty list counts as none: some clients always send one, along with a choice that forces nothing.
    """
    if request.functions is not None or request.function_call is not None:
        return _read_functions(request)
    tools = [_tool(definition, f"tools[{index}]") for index, definition in enumerate(request.tools or ())]
    names = _distinct_names(tools, "tools")
    choice = request.tool_choice
    if not tools:
        _check_nothing_forced(choice, "tool_choice", request.tools, "tools")
    in_parallel = request.parallel_tool_calls is not False
    if isinstance(choice, NamedToolChoice):
        _check_known(choice, names)
        return ChatTools(tools=tools, choice=NamedTool(name=choice.function.name), in_parallel=in_parallel)
    if isinstance(choice, AllowedToolChoice):
        for each in choice.allowed_tools.tools:
            _check_known(each, names)
        allowed = {each.function.name for each in choice.allowed_tools.tools}
        if not allowed:
            raise empty_array("tool_choice.allowed_tools.tools")
        tools = [tool for tool in tools if tool.name in allowed]
        return ChatTools(tools=tools, choice=choice.allowed_tools.mode, in_parallel=in_parallel)
    return ChatTools(tools=tools, choice=choice or "auto", in_parallel=in_parallel)


def _check_nothing_forced(choice: object, param: str, given: Sequence[object] | None, given_param: str) -> None:
    """Raises `InvalidRequest` for a choice among nothing, unless an empty list and a choice that forces nothing came
    together."""
    if choice is not None and (given is None or choice not in ("auto", "none")):
        raise InvalidRequest(
            f"Invalid value for '{param}': '{param}' is only allowed when '{given_param}' are specified.", param=param
        )


def _check_known(choice: NamedToolChoice, names: Sequence[str]) -> None:
    if choice.function.name not in names:
        raise InvalidRequest(
            f"Tool choice '{choice.function.name}' not found in 'tools' parameter.", param="tool_choice"
        )


def _read_functions(request: ChatRequest) -> ChatTools:
    if request.tools:
        raise InvalidRequest(
            "'functions' and 'tools' cannot be used in one request. Use 'tools', which replaces 'functions'.",
            param="functions",
            code="invalid_parameter_combination",
        )
    functions = [_function(each, f"functions[{index}]") for index, each in enumerate(request.functions or ())]
    names = _distinct_names(functions, "functions")
    choice = request.function_call
    if not functions:
        _check_nothing_forced(choice, "function_call", request.functions, "functions")
    if isinstance(choice, FunctionName):
        if choice.name not in names:
            raise InvalidRequest(
                f"Invalid value for 'function_call': no function named '{choice.name}' was specified in the "
                "'functions' parameter.",
                param="function_call",
            )
        return ChatTools(tools=functions, choice=NamedTool(name=choice.name), in_parallel=False, are_functions=True)
    return ChatTools(tools=functions, choice=choice or "auto", in_parallel=False, are_functions=True)


def _distinct_names(tools: Sequence[Tool], param: str) -> Sequence[str]:
    names = [tool.name for tool in tools]
    if len(set(names)) < len(names):
        raise InvalidRequest(f"Invalid '{param}': each function needs a name of its own.", param=param)
    return names


def _tool(definition: ToolDefinition, param: str) -> Tool:
    if definition.type != "function":
        raise unsupported_value(f"{param}.type", definition.type, ["function"])
    if definition.function is None:
        raise missing(f"{param}.function")
    return _function(definition.function, f"{param}.function")


def _function(function: FunctionDefinition, param: str) -> Tool:
    if not _TOOL_NAME.fullmatch(function.name):
        raise InvalidRequest(
            f"Invalid '{param}.name': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$' of at most 64 characters.",
            param=f"{param}.name",
            code="invalid_value",
        )
    return Tool(name=function.name, description=function.description or "", parameters=function.parameters)
