"""A pytest plugin for a process that runs langchain-aws's own tests against outcrop's classes.

The classes' names in langchain-aws are made to mean outcrop's before a test module imports them. Of each module the
tests are
kept that know the classes from outside: those that touch private names of langchain-aws, or replace its client
factory, say
nothing about another implementation. What became of each test is written to the file that OUTCROP_ANCHOR_REPORT names.
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
HOOKS = {"_agenerate", "_astream", "_generate", "_get_base_model", "_get_ls_params", "_llm_type", "_stream"}
"""Names with an underscore that langchain-core gives a meaning to, or that both implementations have."""


_outcomes: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    import importlib

    import outcrop.langchain as ours

    for name, home in CLASSES.items():
        module = importlib.import_module(home)
        theirs = getattr(module, name)
        for loaded in list(sys.modules.values()):
            if getattr(loaded, "__name__", "").startswith("langchain_aws") and loaded.__dict__.get(name) is theirs:
                setattr(loaded, name, getattr(ours, name))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if _knows_only_the_outside(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


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


def _knows_only_the_outside(item: pytest.Item) -> bool:
    function = getattr(item, "function", None)
    if function is None:
        return False
    own = inspect.getmodule(function)
    if own is not None and own.__name__.startswith("langchain_tests"):
        return True  # the standard suites
    path = inspect.getsourcefile(function) or ""
    names, texts = _mentioned(path, function.__qualname__)
    public = bool(names & set(CLASSES))
    inside = names & _private_imports(path)
    patched = any(text.startswith("langchain_aws.") for text in texts)
    private = {name for name in names if name.startswith("_") and not name.startswith("__")} - HOOKS - _defined(path)
    return public and not inside and not patched and not private


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
    return frozenset(named | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})


@cache
def _mentioned(path: str, qualname: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names and texts in a test and in the helpers and fixtures of its module that it uses."""
    functions = {
        node.name: node
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    names: set[str] = set()
    texts: set[str] = set()
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
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return frozenset(names), frozenset(texts)
