"""Write `outcrop.types`: the types of every request and answer, from the operation tables.

Names are the API's own, as in boto3-stubs without their suffix `TypeDef`. Where a shape is sent and received and the
two differ, what is received is called `…Output`, and what may be sent is either: `…Union`. `tools/stubs.py` writes the
files, and checks that they are as they would be written.
"""

from __future__ import annotations

import json
import keyword
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TYPES = ROOT / "python" / "outcrop" / "types"
SERVICES = ("bedrock", "bedrock_runtime")
SCALARS = {"string": "str", "integer": "int", "long": "int", "float": "float", "double": "float", "boolean": "bool"}
SENT = {"blob": "bytes | bytearray", "timestamp": "datetime | str | float"}
RECEIVED = {"blob": "bytes", "timestamp": "datetime"}
BODY = "bytes | bytearray | str | IO[bytes] | IO[str]"
SHARED = (
    *("CacheRecord", "CrossRegionAffinity", "CrossRegionAttempt", "CrossRegionPassedOver"),
    *("CrossRegionRecord", "CrossRegionTarget"),
    *("PaginatorConfig", "ResponseMetadata"),
)

HEAD = '''"""The types of `{service}`'s requests and answers. Written by tools/stubs.py: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal, TypeAlias

from outcrop._streams import AsyncEventStream, AsyncStreamingBody, EventStream, StreamingBody
from outcrop.types._common import ResponseMetadata
from outcrop.types._typing import NotRequired, TypedDict
'''
STUB_HEAD = """# What type checkers see of {service}'s requests and answers. Written by tools/stubs.py: do not edit.
#
# A dict of which one member is there, and nobody knows which before looking, has all of them here: reading one is as
# right as asking for it first. The program itself has plain TypedDicts.

# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal, TypeAlias, overload

from typing_extensions import NotRequired, TypedDict

from outcrop._streams import AsyncEventStream, AsyncStreamingBody, EventStream, StreamingBody
from outcrop.types._common import Nothing, ResponseMetadata, T
"""
PACKAGE = '''"""The types of requests and answers, for type checkers: `def f(answer: outcrop.types.ConverseResponse)`.

Names are the API's own, as in boto3-stubs without their suffix `TypeDef`. What is received is called
`…Output` where what is sent has the plain name. The lists of values stay open, because AWS adds to them.
Where both services have a name, it is that of `bedrock-runtime`; the other is in `outcrop.types.bedrock`.
Nothing imports this package while a program runs, unless the program does; then a service's types are made when the
first of them is asked for.

Written by tools/stubs.py: do not edit.
"""

from __future__ import annotations

from typing import Any

_MODULES = ("_common", "_connection", "bedrock_runtime", "bedrock")


def __getattr__(name: str) -> Any:
    """A type, from the module that defines it; `__all__` of all of them."""
    from importlib import import_module

    modules = (import_module(f"outcrop.types.{module}") for module in _MODULES)
    if name == "__all__":
        return sorted({exported for module in modules for exported in module.__all__})
    if not name.startswith("_"):
        for module in modules:
            if name in module.__all__:
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """All names, which makes all types."""
    return sorted({*__getattr__("__all__"), *globals()})
'''


def calls_model(row: dict[str, Any]) -> bool:
    """Whether an operation of the table asks a model, so that a router has it, as the native table says it."""
    return row["path"].startswith("/model/{modelId}/")


class Service:
    """The types of one service, gathered while they are named.

    Args:
        name: `bedrock` or `bedrock_runtime`.
        stub: Whether it is for type checkers alone.
    """

    def __init__(self, name: str, *, stub: bool = True) -> None:
        self.stub = stub
        self.table = json.loads((ROOT / "src" / "client" / "model" / f"{name}.json").read_text())
        listed = json.loads(Path(__file__).with_name("enumerations.json").read_text())
        self.name = name
        self.shapes: dict[str, Any] = self.table["shapes"]
        self.enumerations: dict[str, list[str]] = listed[name]
        self.inputs = self._reached("input")
        self.outputs = self._reached("output")
        self.aliases: dict[str, str] = {}
        self.unions: dict[str, str] = {}
        self.classes: dict[str, str] = {}

    def text(self) -> str:
        """The module."""
        for operation in self.table["operations"]:
            self._request(operation)
            self._response(operation)
        names = sorted(self.names)
        exported = "".join(f'    "{name}",\n' for name in names)
        head = STUB_HEAD if self.stub else HEAD
        parts = [head.replace("{service}", self.name.replace("_", "-")), f"\n__all__ = [\n{exported}]\n\n"]
        parts += [f"{name}: TypeAlias = {value}\n" for name, value in sorted(self.aliases.items())]
        parts += [text for _, text in sorted(self.classes.items())]
        parts += ["\n\n", *(f"{name}: TypeAlias = {value}\n" for name, value in sorted(self.unions.items()))]
        return "".join(parts)

    @property
    def names(self) -> set[str]:
        """What the module defines."""
        return {*self.aliases, *self.classes, *self.unions}

    def argument(self, operation: str, member: dict[str, Any]) -> str:
        """The type of an argument of a method: what is the whole body may be text and a file, too."""
        payload = self.shapes[self.table["operations"][operation]["input"]].get("payload")
        if member["name"] == payload and self.shapes[member["shape"]]["type"] == "blob":
            return BODY
        return self._sent(member["shape"])

    def imported(self, annotation: str) -> set[str]:
        """The names of this module in an annotation."""
        words = annotation.replace("[", " ").replace("]", " ").replace(",", " ").split()
        return self.names.intersection(words)

    def _reached(self, side: str) -> set[str]:
        found: set[str] = set()
        left = [row[side] for row in self.table["operations"].values()]
        while left:
            name = left.pop()
            if name in found:
                continue
            found.add(name)
            shape = self.shapes[name]
            left += [member["shape"] for member in shape.get("members", ())]
            left += [shape[part] for part in ("member", "value") if part in shape]
        return found

    def _differs(self, name: str, above: tuple[str, ...] = ()) -> bool:
        """Whether what is received has other types than what is sent."""
        shape = self.shapes[name]
        if shape.get("document") or name in above:
            return False
        if shape["type"] in {"list", "map", "blob", "timestamp"} or shape.get("union"):
            return True
        return any(self._differs(member["shape"], (*above, name)) for member in shape.get("members", ()))

    def _sent(self, name: str) -> str:
        shape = self.shapes[name]
        if shape.get("document"):
            return "Any"
        if shape["type"] == "list":
            return f"Sequence[{self._sent(shape['member'])}]"
        if shape["type"] == "map":
            return f"Mapping[str, {self._sent(shape['value'])}]"
        if shape["type"] == "structure":
            self._structure(name, name, self._sent)
            if name not in self.outputs or not self._differs(name):
                return name
            received = self._received(name)
            self.unions[f"{name}Union"] = f"{name} | {received}"
            return f"{name}Union"
        return self._scalar(name, SENT)

    def _received(self, name: str) -> str:
        shape = self.shapes[name]
        if shape.get("document"):
            return "Any"
        if shape["type"] == "list":
            return f"list[{self._received(shape['member'])}]"
        if shape["type"] == "map":
            return f"dict[str, {self._received(shape['value'])}]"
        if shape["type"] == "structure":
            called = f"{name}Output" if name in self.inputs and self._differs(name) else name
            if shape.get("union") or shape.get("eventstream"):
                self._union(name, called)
            else:
                self._structure(name, called, self._received)
            return called
        return self._scalar(name, RECEIVED)

    def _scalar(self, name: str, kinds: dict[str, str]) -> str:
        if name not in self.enumerations:
            return (SCALARS | kinds)[self.shapes[name]["type"]]
        called = name if name.endswith("Type") else f"{name}Type"
        values = ", ".join(f'"{value}"' for value in self.enumerations[name])
        self.aliases[called] = f"Literal[{values}] | str"
        return called

    def _structure(self, name: str, called: str, kind: Any) -> None:
        if called in self.classes:
            return
        self.classes[called] = ""  # a shape may hold itself
        members = self.shapes[name]["members"]
        rows = [(row["name"], kind(row["shape"]), bool(row.get("required"))) for row in members]
        self.classes[called] = typed_dict(called, rows)

    def _union(self, name: str, called: str) -> None:
        """One of several members, and nobody knows which before looking: reading any of them is allowed."""
        if called in self.classes:
            return
        self.classes[called] = ""
        # An exception in a stream is raised.
        members = [row for row in self.shapes[name]["members"] if not self.shapes[row["shape"]].get("exception")]
        rows = [(row["name"], self._received(row["shape"])) for row in members]
        if len(rows) == 1:
            self.classes[called] = typed_dict(called, [(*rows[0], True)])
            return
        if not self.stub:
            self.classes[called] = typed_dict(called, [(*row, False) for row in rows])
            return
        structures = {row["name"] for row in members if self.shapes[row["shape"]]["type"] == "structure"}
        self.classes[called] = union(called, rows, structures)

    def _request(self, operation: str) -> None:
        row = self.table["operations"][operation]
        members = self.shapes[row["input"]]["members"]
        rows = []
        for member in members:
            required = bool(member.get("required")) and not member.get("idempotencyToken")
            rows.append((member["name"], self.argument(operation, member), required))
        self.classes[row["input"]] = typed_dict(row["input"], rows)
        if calls_model(row):
            routed = [(name, kind, required and name != "modelId") for name, kind, required in rows]
            self.classes[f"Routed{row['input']}"] = typed_dict(f"Routed{row['input']}", routed)

    def _response(self, operation: str) -> None:
        row = self.table["operations"][operation]
        shape = self.shapes[row["output"]]
        token = row.get("paginator", {}).get("output_token", "nextToken")
        # Some outputs name no member as required; what they are asked for is there all the same.
        unnamed = not any(member.get("required") for member in shape["members"])
        for prefix in ("", "Async"):
            rows = []
            for member in shape["members"]:
                required = bool(member.get("required")) or (unnamed and member["name"] != token)
                rows.append((member["name"], self._answered(member, prefix, shape.get("payload")), required))
            rows.append(("ResponseMetadata", "ResponseMetadata", True))
            self.classes[f"{prefix}{row['output']}"] = typed_dict(f"{prefix}{row['output']}", rows)
            if not self.wraps(operation):
                return

    def wraps(self, operation: str) -> bool:
        """Whether an answer is read through an object, which is another for clients that are awaited."""
        output = self.shapes[self.table["operations"][operation]["output"]]
        kinds = {member["name"]: self.shapes[member["shape"]] for member in output["members"]}
        whole = kinds.get(output.get("payload"), {})
        return whole.get("type") == "blob" or any(kind.get("eventstream") for kind in kinds.values())

    def _answered(self, member: dict[str, Any], prefix: str, payload: str | None) -> str:
        shape = self.shapes[member["shape"]]
        if shape.get("eventstream"):
            return f"{prefix}EventStream[{self._received(member['shape'])}]"
        is_whole = member["name"] == payload
        return f"{prefix}StreamingBody" if is_whole and shape["type"] == "blob" else self._received(member["shape"])


def typed_dict(name: str, rows: list[tuple[str, str, bool]]) -> str:
    """A class statement; a call where a member has the name of one of Python's words, such as `in`."""
    kinds = {member: kind if required else f"NotRequired[{kind}]" for member, kind, required in rows}
    if any(map(keyword.iskeyword, kinds)):
        # Text, because a shape may hold itself.
        listed = "".join(f'        "{member}": "{kind}",\n' for member, kind in kinds.items())
        return f'\n\n{name} = TypedDict(\n    "{name}",\n    {{\n{listed}    }},\n)\n'
    lines = [f"    {member}: {kind}\n" for member, kind in kinds.items()]
    body = "".join(lines) or "    ...\n"
    return f"\n\nclass {name}(TypedDict):\n{body}"


def union(name: str, rows: list[tuple[str, str]], structures: set[str]) -> str:
    """A dict of which a checker knows each member, whichever is there: `d["text"]`, `d.get("text")`, `"text" in d`."""
    methods = [f'__getitem__(self, key: Literal["{member}"], /) -> {kind}' for member, kind in rows]
    for member, kind in rows:
        key = f'get(self, key: Literal["{member}"]'
        methods.append(f"{key}, default: None = None, /) -> {kind} | None")
        if member in structures:
            methods.append(f"{key}, default: Nothing, /) -> {kind}")
        methods.append(f"{key}, default: T, /) -> {kind} | T")
    overloads = "".join(f"    @overload\n    def {method}: ...\n" for method in methods)
    return f"\n\nclass {name}(dict[str, Any]):\n{overloads}"


def package() -> tuple[str, str]:
    """The package's own files: all names for type checkers, and what finds one while a program runs."""
    imports = []
    exported = {"ConnectionArguments", *SHARED}
    for service in map(Service, reversed(SERVICES)):
        service.text()
        names = sorted(service.names - exported)
        exported |= set(names)
        listed = "".join(f"    {name},\n" for name in names)
        imports.append(f"from outcrop.types.{service.name} import (\n{listed})\n")
    listed = "".join(f'    "{name}",\n' for name in sorted(exported))
    stub = (
        "# All types of requests and answers. Written by tools/stubs.py: do not edit.\n\n"
        f"from outcrop.types._common import {', '.join(SHARED)}\n"
        "from outcrop.types._connection import ConnectionArguments\n"
        f"{''.join(reversed(imports))}\n__all__ = [\n{listed}]\n"
    )
    return PACKAGE, stub


def laid_out(text: str, *, stub: bool = False) -> str:
    """The text as ruff lays it out, without the imports that it does not need."""
    ruff = Path(sys.executable).with_name("ruff")
    name = f"made.{'pyi' if stub else 'py'}"
    first = 'lint.isort.known-first-party = ["outcrop"]'
    alone = ["--isolated", "--line-length", "120", "--config", first, "--quiet", "--stdin-filename", name, "-"]
    for verb in (["check", "--fix-only", "--select", "F401,I,PYI020"], ["format"]):
        command = [str(ruff), *verb, *alone]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


def files() -> dict[Path, str]:
    """What is committed."""
    made: dict[Path, str] = {}
    for name in SERVICES:
        made[TYPES / f"{name}.py"] = laid_out(Service(name, stub=False).text())
        made[TYPES / f"{name}.pyi"] = laid_out(Service(name).text(), stub=True)
    program, stub = package()
    made[TYPES / "__init__.py"] = laid_out(program)
    made[TYPES / "__init__.pyi"] = laid_out(stub, stub=True)
    return made
