"""Which error codes a Web API method can give, as its code says."""

import ast
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from app.playground import tickets, views, workspace
from app.playground.web_api import (
    auth,
    call,
    chat,
    conversations,
    files,
    functions,
    membership,
    team,
    usergroups,
    users,
)
from app.playground.web_api import views as view_methods

_METHODS = (
    auth,
    chat,
    conversations,
    files,
    functions,
    membership,
    team,
    usergroups,
    users,
    view_methods,
)
_STATE = (call, tickets, views, workspace)

_RAISERS = {"SlackError", "refuse_problems"}
_REFUSALS = {"required", "structure", "page", "_instant"}
"""What takes the code to raise as its last argument, or as `refusal`."""

_REFUSED_BY = {"_refusal"}
"""What returns a code."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(module: ModuleType) -> dict[str, Function]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


_KEPT = {name: function for module in _STATE for name, function in _functions(module).items()}
_SHARED = {name: function for module in _METHODS for name, function in _functions(module).items()}


def codes_in(run: Callable[..., Any]) -> set[str]:
    """The codes named in a method and in whatever it calls, near and far."""
    module = inspect.getmodule(run)
    assert module is not None
    near = _functions(module)
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [near[run.__name__]]
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        found |= set(_codes(function))
        for name, is_attribute in _called(function):
            named = _KEPT if is_attribute else _KEPT | _SHARED | near
            reached = named.get(name)
            if reached is not None:
                waiting.append(reached)
    return found


def _called(function: Function) -> Iterator[tuple[str, bool]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, True
            elif isinstance(node.func, ast.Name):
                yield node.func.id, False


def _codes(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            yield from _codes_of_call(node)
        elif isinstance(node, ast.Return) and function.name in _REFUSED_BY:
            yield from _strings(node)


def _codes_of_call(node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _RAISERS:
        yield from _strings(node.args[0])
    if name in _REFUSALS:
        if len(node.args) > 1:
            yield from _strings(node.args[-1])
        for keyword in node.keywords:
            if keyword.arg == "refusal":
                yield from _strings(keyword.value)


def _strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
