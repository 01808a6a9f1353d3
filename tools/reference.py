"""The pages of the reference: every public name under the name by which it is imported.

Written for autodoc, but for the types of requests and answers: those are read from their sources, since a TypedDict
has no docstrings and its members' types are what a reader looks for.
"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from pprint import pformat
from textwrap import indent
from typing import TYPE_CHECKING

from outcrop import types
from outcrop.types import bedrock_runtime

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent
CLIENTS = ("BedrockRuntimeClient", "AsyncBedrockRuntimeClient", "BedrockClient", "AsyncBedrockClient")
PACKAGE = (
    *("client", "async_client", "Session", "Credentials", "Timeouts", "Retries", "CrossRegion", "AsyncCrossRegion"),
    *("profiles", "async_profiles", "resolve", "async_resolve", "plan", "benchmark"),
    *("Cache", "add_cache_points", "repair"),
)
"""What `outcrop` itself has, in the order in which it is met."""
MODULES = {
    "outcrop.cross_region": "outcrop.cross_region",
    "outcrop.exceptions": "outcrop.exceptions",
    "outcrop.langchain": "outcrop.langchain",
    "outcrop.emulator": "outcrop.emulator",
    "outcrop.pytest_plugin": "pytest fixtures",
    "outcrop.monitoring": "outcrop.monitoring",
    "outcrop.telemetry": "outcrop.telemetry",
    "outcrop.boto3": "outcrop.boto3",
    "outcrop.ray": "outcrop.ray",
    "outcrop.spark": "outcrop.spark",
    "outcrop.dask": "outcrop.dask",
}
"""The other modules, and the titles of their pages."""
BASES = "dict, Exception, BaseModel, Sequence, tuple"
"""Classes whose own members everybody knows."""
TYPES = {
    "bedrock_runtime": "Types of bedrock-runtime",
    "bedrock": "Types of bedrock",
    "shared": "Types that are shared",
}


def pages() -> dict[str, str]:
    """The pages by their names, in the order of the contents."""
    made = {"outcrop": _page("outcrop", ".. automodule:: outcrop\n\n" + _described("outcrop", PACKAGE))}
    about = "The four clients: two services, each blocking and awaitable. `outcrop.client` and its like make them."
    made["clients"] = _page("The clients", _described("outcrop", CLIENTS), about)
    for module, title in MODULES.items():
        made[module.rpartition(".")[2]] = _page(title, _module(module))
    about = "For type checkers, and for who wants to know what is in an answer: `from outcrop.types import Message`."
    for name, title in TYPES.items():
        made[f"types_{name}"] = _page(title, _types(name), about)
    return made


def linked(annotation: str, home: ModuleType) -> str:
    """An annotation whose names of types lead to their descriptions."""

    def link(match: re.Match[str]) -> str:
        known = match[0] in getattr(home, "__all__", types.__all__)
        return f"~outcrop.types.{_shown(match[0], home)}" if known else match[0]

    return re.sub(r"(?<![\w.\"'])[A-Z]\w+(?![\w.\"'])", link, annotation)


def _shown(name: str, home: ModuleType) -> str:
    """The shortest name within `outcrop.types`: where both services have it, it is that of bedrock-runtime."""
    second = home.__name__ == "outcrop.types.bedrock" and name in bedrock_runtime.__all__
    return f"bedrock.{name}" if second else name


def _page(title: str, body: str, about: str = "") -> str:
    return f"# {title}\n\n{about}\n\n```{{eval-rst}}\n{body}\n```\n"


def _described(module: str, names: tuple[str, ...]) -> str:
    """A directive for each name."""
    home = importlib.import_module(module)
    made = []
    for name in names:
        if isinstance(getattr(home, name), type):
            options = f"   :members:\n   :inherited-members: {BASES}\n"
            made.append(f".. autoclass:: {module}.{name}\n{options}")
        else:
            made.append(f".. autofunction:: {module}.{name}\n")
    return "\n".join(made)


def _module(module: str) -> str:
    """A module's own words, and all that is public in it but what `outcrop` has, too."""
    options = {"members": "", "imported-members": "", "inherited-members": BASES}
    if module in {"outcrop.exceptions", "outcrop.pytest_plugin"}:
        options = {"members": ""}
    elif module == "outcrop.boto3":
        # Its session has all of boto3's methods.
        options = {"members": "", "imported-members": ""}
    elif module == "outcrop.langchain":
        # pydantic's fields are the arguments; the methods are LangChain's.
        options = {"members": ", ".join(importlib.import_module(module).__all__)}
    elif module == "outcrop.cross_region":
        options["exclude-members"] = ", ".join(PACKAGE)
    listed = "".join(f"   :{name}: {value}".rstrip() + "\n" for name, value in options.items())
    return f".. automodule:: {module}\n{listed}\n{_values(module)}"


def _values(module: str) -> str:
    """Public names that are neither a class nor a function have no docstring; their values say what they are."""
    home = importlib.import_module(module)
    values = {name: getattr(home, name) for name in getattr(home, "__all__", ())}
    plain = {name: value for name, value in values.items() if getattr(value, "__module__", "typing") == "typing"}
    return "\n".join(
        f".. py:data:: {name}\n\n   .. code-block:: python\n\n{indent(pformat(value, width=90), '      ')}\n"
        for name, value in plain.items()
    )


def _types(name: str) -> str:
    """The types that a module of `outcrop.types` makes, each under the shortest name it is imported by."""
    made = [".. py:currentmodule:: outcrop.types\n"]
    for module in ("_common", "_connection") if name == "shared" else (name,):
        home = importlib.import_module(f"outcrop.types.{module}")
        path = ROOT / "python" / "outcrop" / "types" / f"{module}.py"
        for statement in ast.parse(path.read_text()).body:
            match statement:
                case ast.ClassDef() as found:
                    called, text = found.name, _typed_dict(found, home)
                case ast.AnnAssign(target=ast.Name(called), value=ast.expr() as value):
                    text = f":canonical: {linked(ast.unparse(value), home)}\n"
                case _:
                    continue
            directive = "class" if isinstance(statement, ast.ClassDef) else "type"
            made.append(f".. py:{directive}:: {_shown(called, home)}\n{indent(text, '   ')}")
    return "\n".join(made)


def _typed_dict(found: ast.ClassDef, home: ModuleType) -> str:
    total = "\nEach member may be left out.\n" if found.keywords else ""
    made = [f"\n{ast.get_docstring(found) or ''}\n{total}"]
    for row in found.body:
        match row:
            case ast.AnnAssign(target=ast.Name(member), annotation=annotation):
                options = f"   :type: {linked(ast.unparse(annotation), home)}\n   :no-index:\n   :no-contents-entry:\n"
                made.append(f".. py:attribute:: {member}\n{options}")
            case ast.Expr(value=ast.Constant(value=str(text))):
                made.append(f"   {text}\n")
    return "\n".join(made)
