"""Write `outcrop.types`, and the stubs of the clients and of the routers: signatures, from the operation tables.

The methods themselves are made at run time, so that `import outcrop` costs little. Run it after `tools/model.py`; a
test checks that the committed files are what this writes.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from tools.typed_dicts import Service, calls_model, files, laid_out

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "python" / "outcrop"

HEAD = """# The four clients. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import IO, Any, Literal, NoReturn, Protocol, overload

from typing_extensions import Self

from outcrop import _native, exceptions
from outcrop._batch import AsyncBatch, Batch
from outcrop._metrics import Metrics
from outcrop._paging import AsyncPageIterator, PageIterator
from outcrop.types import PaginatorConfig
{imports}
class ClientMeta:
    service_name: str
    region_name: str
    endpoint_url: str
    method_to_api_mapping: dict[str, str]
    # botocore's own, where it is installed.
    events: Any
    config: Any
    def __init__(
        self, service_name: str, region_name: str, endpoint_url: str, methods: dict[str, str], owner: Any
    ) -> None: ...
    @property
    def service_model(self) -> Any: ...
    @property
    def partition(self) -> str: ...

class ClientExceptions:
    ClientError: type[exceptions.ClientError]
    def __init__(self, names: list[str]) -> None: ...
    def from_code(self, code: str) -> type[exceptions.ClientError]: ...

class ClientMaker(Protocol):
    @property
    def region_name(self) -> str: ...
    @property
    def client(self) -> Callable[..., Any]: ...
    @property
    def async_client(self) -> Callable[..., Any]: ...
    @property
    def get_credentials(self) -> Callable[[], Any]: ...

class BaseClient:
    meta: ClientMeta
    _native: Any
    _session: ClientMaker
    def __init__(self, session: ClientMaker, native: _native.Client) -> None: ...
    @property
    def waiter_names(self) -> list[str]: ...
    def get_waiter(self, waiter_name: str) -> NoReturn: ...
    def can_paginate(self, operation_name: str) -> bool: ...
    def metrics(self) -> Metrics: ...

class Client(BaseClient):
    def get_paginator(self, operation_name: Any) -> Any: ...
    def batch(self, *args: Any, **options: Any) -> Batch[Any]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...

class AsyncClient(BaseClient):
    def get_paginator(self, operation_name: Any) -> Any: ...
    def batch(self, *args: Any, **options: Any) -> AsyncBatch[Any]: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: object) -> None: ...
"""


ROUTERS = """# The two routers. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import IO, Any, Literal, overload

from typing_extensions import Unpack

from outcrop import Session
from outcrop._batch import AsyncBatch, Batch
from outcrop._clients import AsyncClient, Client, _BedrockRuntimeExceptions
from outcrop.cross_region import _store, options
from outcrop.cross_region._base import Routed
from outcrop.cross_region.clock import HeldClock
from outcrop.cross_region.health import BreakerChange
from outcrop.cross_region.planning import Plan
from outcrop.cross_region.residency import Residency, ResidencyRule
from outcrop.types import ConnectionArguments
{imports}"""

BATCH = """        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["{errors}"]{default},
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
"""


class Writer:
    """Writes methods of one service, and remembers the types that they name.

    Args:
        service: `bedrock` or `bedrock_runtime`.
        routed: Whether the caller knows its model already.
    """

    def __init__(self, service: str, *, routed: bool = False) -> None:
        self.types = Service(service)
        self.types.text()
        self.table = self.types.table
        self.routed = routed
        self.used: set[str] = set()

    def imports(self) -> str:
        """The line that brings the types named so far."""
        names = "".join(f"    {name},\n" for name in sorted(self.used))
        return f"from outcrop.types.{self.types.name} import (\n{names})\n"

    def method(self, name: str, prefix: str) -> str:
        """A method; the argument that is known already may be left out."""
        members = self._members(name)
        known = "modelId" if self.routed else ""
        asked = [it for it, traits in members.items() if traits.get("required") and not traits.get("idempotencyToken")]
        required = [it for it in asked if it != known]
        optional = [it for it in members if it not in required]
        keyword = "async def" if prefix else "def"
        lines = [f"    {keyword} {snake(name)}(\n        self,\n"] if members else [f"    {keyword} {snake(name)}(self"]
        if members:
            lines.append("        *,\n")
        lines += [f"        {member}: {self._kind(name, members[member])},\n" for member in required]
        lines += [f"        {member}: {self._kind(name, members[member])} = ...,\n" for member in optional]
        answer = self._answer(name, prefix)
        lines.append(f"    ) -> {answer}: ...\n" if members else f") -> {answer}: ...\n")
        return "".join(lines)

    def batch(self, names: list[str], prefix: str) -> str:
        """The overloads of `batch`: an operation with whole answers, and what becomes of errors."""
        lines = []
        for name in names:
            if self._streams(name):
                continue
            answer = self._answer(name, prefix)
            request = f"{'Routed' if self.routed else ''}{self.table['operations'][name]['input']}"
            self.used.add(request)
            kinds = f"Iterable[{request}]" + (f" | AsyncIterable[{request}]" if prefix else "")
            for errors, default, result in (("return", " = ...", f"{answer} | Exception"), ("raise", "", answer)):
                lines.append("    @overload\n    def batch(\n        self,\n")
                lines.append(f'        operation_name: Literal["{snake(name)}"],\n        requests: {kinds},\n')
                lines.append(BATCH.format(errors=errors, default=default))
                lines.append(f"    ) -> {prefix}Batch[{result}]: ...\n")
        return "".join(lines)

    def plain_batch(self, names: list[str], prefix: str) -> str:
        """`batch` of a service of so many operations that overloads for each would be most of the stub."""
        listed = ", ".join(f'"{snake(name)}"' for name in names)
        kinds = "Iterable[Mapping[str, Any]]" + (" | AsyncIterable[Mapping[str, Any]]" if prefix else "")
        lines = []
        for errors, default, result in (
            ("return", " = ...", "dict[str, Any] | Exception"),
            ("raise", "", "dict[str, Any]"),
        ):
            lines.append("    @overload\n    def batch(\n        self,\n")
            lines.append(f"        operation_name: Literal[{listed}],\n        requests: {kinds},\n")
            lines.append(BATCH.format(errors=errors, default=default))
            lines.append(f"    ) -> {prefix}Batch[{result}]: ...\n")
        return "".join(lines)

    def paginators(self) -> str:
        """What `get_paginator` gives, and takes."""
        lines = []
        for name in self._paged():
            rules = self.table["operations"][name]["paginator"]
            members = {it: traits for it, traits in self._members(name).items() if it not in paging(rules)}
            for prefix in ("", "Async"):
                lines.append(f"\nclass _{prefix}{name}Paginator:\n    def paginate(\n        self,\n        *,\n")
                lines += [f"        {it}: {self._kind(name, traits)} = ...,\n" for it, traits in members.items()]
                lines.append("        PaginationConfig: PaginatorConfig = ...,\n")
                lines.append(f"    ) -> {prefix}PageIterator[{self._answer(name, '')}]: ...\n")
        return "".join(lines)

    def get_paginator(self, prefix: str) -> str:
        """The overloads of `get_paginator`."""
        names = self._paged()
        head = "    @overload\n" if len(names) > 1 else ""
        told = [(f'operation_name: Literal["{snake(name)}"]', f"_{prefix}{name}Paginator") for name in names]
        return "".join(f"{head}    def get_paginator(self, {name}) -> {result}: ...\n" for name, result in told)

    def exceptions(self, called: str) -> str:
        """The errors of the service, as attributes."""
        errors = "".join(f"    {name}: type[exceptions.{name}]\n" for name in self.table["exceptions"])
        return f"\nclass _{called}(ClientExceptions):\n{errors}"

    def _paged(self) -> list[str]:
        return [name for name, row in self.table["operations"].items() if "paginator" in row]

    def _streams(self, name: str) -> bool:
        shapes = self.table["shapes"]
        output = shapes[self.table["operations"][name]["output"]]
        return any(shapes[member["shape"]].get("eventstream") for member in output["members"])

    def _members(self, name: str) -> dict[str, Any]:
        row = self.table["operations"][name]
        return {member["name"]: member for member in self.table["shapes"][row["input"]]["members"]}

    def _answer(self, name: str, prefix: str) -> str:
        output = self.table["operations"][name]["output"]
        called = f"{prefix}{output}" if self.types.wraps(name) else output
        self.used.add(called)
        return called

    def _kind(self, name: str, member: dict[str, Any]) -> str:
        kind = self.types.argument(name, member)
        self.used |= self.types.imported(kind)
        return kind


def paging(rules: dict[str, Any]) -> set[str]:
    """The arguments that a paginator gives by itself."""
    return {rules["input_token"], rules.get("limit_key", "")}


def snake(name: str) -> str:
    """boto3's name of an operation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def clients() -> str:
    """The stub of the clients."""
    parts: list[str] = []
    imports: list[str] = []
    named: set[str] = set()
    for service, name in (("bedrock", "Bedrock"), ("bedrock_runtime", "BedrockRuntime")):
        writer = Writer(service)
        operations = list(writer.table["operations"])
        parts += [writer.exceptions(f"{name}Exceptions"), writer.paginators()]
        for prefix, base in (("", "Client"), ("Async", "AsyncClient")):
            parts.append(f"\nclass {prefix}{name}Client({base}):\n")
            parts.append(f"    @property\n    def exceptions(self) -> _{name}Exceptions: ...\n")
            parts += [writer.method(operation, prefix) for operation in operations]
            batch = (
                writer.batch(operations, prefix) if name == "BedrockRuntime" else writer.plain_batch(operations, prefix)
            )
            parts += [batch, writer.get_paginator(prefix)]
        # What both services have is the same in both.
        writer.used -= named
        named |= writer.used
        imports.append(writer.imports())
    return laid_out(HEAD.replace("{imports}", "".join(imports)) + "".join(parts), stub=True)


def routers() -> str:
    """The stub of the routers, which know their model: nobody has to name it."""
    writer = Writer("bedrock_runtime", routed=True)
    parts = []
    routed = [name for name, row in writer.table["operations"].items() if calls_model(row)]
    for prefix, base, keyword in (("", "Client", "def"), ("Async", "AsyncClient", "async def")):
        parts.append(f"\nclass {prefix}CrossRegion(Routed, {base}):\n    {keyword} plan(self) -> Plan: ...\n")
        parts.append("    @property\n    def exceptions(self) -> _BedrockRuntimeExceptions: ...\n")
        parts += [writer.method(operation, prefix) for operation in routed]
        parts.append(writer.batch(routed, prefix))
    return laid_out(ROUTERS.replace("{imports}", writer.imports()) + "".join(parts), stub=True)


STUBS = {PACKAGE / "_clients.pyi": clients, PACKAGE / "cross_region" / "router.pyi": routers}


def written() -> dict[Path, str]:
    """Every file that is made from the operation tables, and what stands in it."""
    return {**files(), **{path: text() for path, text in STUBS.items()}}


def main() -> int:
    """Write the files; with `--check`, say which are not as they would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where something would change")
    check = parser.parse_args().check
    stale = {path: text for path, text in written().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        if check:
            print(f"{path.relative_to(ROOT)} is not what the operation tables say: run python -m tools.stubs")
        else:
            path.write_text(text)
    return int(check and bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
