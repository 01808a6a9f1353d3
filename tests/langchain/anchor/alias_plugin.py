"""A pytest plugin for a process that runs langchain-aws's own tests against outcrop's classes.

The classes' names in langchain-aws are made to mean outcrop's before a test module imports them, and so are the private
names that `adapters` knows. Tests that touch other private names say nothing about another implementation: they are not
run. What became of each test is written to the file that OUTCROP_ANCHOR_REPORT names.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

CLASSES = {
    "ChatBedrockConverse": "langchain_aws.chat_models.bedrock_converse",
    "ChatBedrock": "langchain_aws.chat_models.bedrock",
    "BedrockEmbeddings": "langchain_aws.embeddings.bedrock",
    "BedrockPromptCachingMiddleware": "langchain_aws.middleware.prompt_caching",
}
HOOKS = {
    "_agenerate", "_as_converse", "_astream", "_generate", "_get_base_model", "_get_invocation_params",
    "_get_ls_params", "_llm_type", "_stream",
}  # fmt: skip
"""Names with an underscore that langchain-core gives a meaning to, or that both implementations have."""

_outcomes: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    import importlib

    import adapters

    import outcrop.langchain as ours

    adapters.install()
    for name, home in CLASSES.items():
        module = importlib.import_module(home)
        theirs = getattr(module, name)
        for loaded in list(sys.modules.values()):
            if getattr(loaded, "__name__", "").startswith("langchain_aws") and loaded.__dict__.get(name) is theirs:
                setattr(loaded, name, getattr(ours, name))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unknown = {item.nodeid: _unknown_names(item) for item in items}
    _outcomes.update((_short(nodeid), f"not run: {', '.join(names)}") for nodeid, names in unknown.items() if names)
    config.hook.pytest_deselected(items=[item for item in items if unknown[item.nodeid]])
    items[:] = [item for item in items if not unknown[item.nodeid]]


def pytest_runtest_logreport(report: Any) -> None:
    name = _short(report.nodeid)
    if report.when == "call" or report.outcome != "passed":
        _outcomes[name] = "xfailed" if hasattr(report, "wasxfail") and report.skipped else report.outcome


def _short(nodeid: str) -> str:
    """The test without its folders; parameters may hold slashes, too."""
    path, _, test = nodeid.partition("::")
    return f"{Path(path).name}::{test}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    Path(os.environ["OUTCROP_ANCHOR_REPORT"]).write_text(json.dumps(_outcomes))


def _unknown_names(item: pytest.Item) -> list[str]:
    """Private names of langchain-aws that a test touches and that mean nothing here."""
    import adapters

    function = inspect.unwrap(item.function)  # type: ignore[attr-defined]
    own = inspect.getmodule(function)
    if own is not None and own.__name__.startswith("langchain_tests"):
        return []  # the standard suites
    path = inspect.getsourcefile(function) or ""
    names = _mentioned(path, function.__qualname__)
    inside = names & _private_imports(path)
    private = {name for name in names if name.startswith("_") and not name.startswith("__")} - _defined(path)
    return sorted((inside | private) - HOOKS - adapters.names())


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse(Path(path).read_text())


@cache
def _private_imports(path: str) -> frozenset[str]:
    """What a test module imports from langchain-aws beside the classes."""
    imported = [node for node in _tree(path).body if isinstance(node, ast.ImportFrom)]
    from_anchor = [node for node in imported if (node.module or "").startswith("langchain_aws")]
    return frozenset(alias.asname or alias.name for node in from_anchor for alias in node.names) - set(CLASSES)


@cache
def _defined(path: str) -> frozenset[str]:
    """What a test module itself defines or takes as arguments: its own helpers, fixtures and constants."""
    nodes = [*ast.walk(_tree(path))]
    named = {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    imported = {a.asname for n in nodes if isinstance(n, ast.Import) for a in n.names if a.asname}
    return frozenset(
        named | imported | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    )


@cache
def _mentioned(path: str, qualname: str) -> frozenset[str]:
    """Names in a test and in the helpers and fixtures of its module that it uses."""
    functions = {
        node.name: node
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    names: set[str] = set()
    todo, seen = [qualname.rpartition(".")[2]], set()
    while todo:
        name = todo.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            found = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
            if isinstance(found, str):
                names.add(found)
                todo.append(found)
    return frozenset(names)
