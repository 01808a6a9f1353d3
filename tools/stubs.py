"""Write the stubs of the clients and of the routers: the signatures of their methods, from the operation tables.

The methods themselves are made at run time, so that `import outcrop` costs little. Run it after `tools/model.py`; a
test checks that the committed files are what this writes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "python" / "outcrop"

TYPES = {
    "string": "str",
    "integer": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "boolean": "bool",
    "blob": "bytes | bytearray | str | IO[bytes] | IO[str]",
    "timestamp": "datetime | str | float",
    "list": "Sequence[Any]",
    "map": "Mapping[str, Any]",
    "structure": "Mapping[str, Any]",
}

HEAD = """# The four clients. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import IO, Any, Literal, Protocol

from typing_extensions import Self

from outcrop import _native, exceptions
from outcrop._batch import AsyncBatch, Batch
from outcrop._metrics import Metrics
from outcrop._paging import AsyncPaginator, Paginator

class ClientMeta:
    service_name: str
    region_name: str
    endpoint_url: str
    method_to_api_mapping: dict[str, str]
    def __init__(self, service_name: str, region_name: str, endpoint_url: str, methods: dict[str, str]) -> None: ...

class ClientExceptions:
    ClientError: type[exceptions.ClientError]
    def __init__(self, names: list[str]) -> None: ...
    def __getattr__(self, name: str) -> type[exceptions.ClientError]: ...
    def from_code(self, code: str) -> type[exceptions.ClientError]: ...

class ClientMaker(Protocol):
    @property
    def region_name(self) -> str: ...
    @property
    def client(self) -> Callable[..., Any]: ...
    @property
    def async_client(self) -> Callable[..., Any]: ...

class BaseClient:
    meta: ClientMeta
    exceptions: ClientExceptions
    _session: ClientMaker
    def __init__(self, session: ClientMaker, native: _native.Client) -> None: ...
    def can_paginate(self, operation_name: str) -> bool: ...
    def metrics(self) -> Metrics: ...

class Client(BaseClient):
    def get_paginator(self, operation_name: str) -> Paginator: ...
    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return", "raise"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> Batch: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...

class AsyncClient(BaseClient):
    def get_paginator(self, operation_name: str) -> AsyncPaginator: ...
    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]] | AsyncIterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = ...,
        in_order: bool = ...,
        errors: Literal["return", "raise"] = ...,
        progress: bool = ...,
        journal: str | PathLike[str] | None = ...,
        on_stop: Literal["finish", "cancel"] | None = ...,
    ) -> AsyncBatch: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: object) -> None: ...
"""


ROUTERS = """# The two routers. Written by tools/stubs.py from the operation tables: do not edit.

from collections.abc import Mapping, Sequence
from typing import IO, Any

from outcrop._clients import AsyncClient, Client
from outcrop.cross_region._base import Routed
from outcrop.cross_region.planning import Plan
"""
ROUTED = ("Converse", "ConverseStream", "CountTokens", "InvokeModel", "InvokeModelWithResponseStream")


def clients() -> str:
    """The stub of the clients."""
    parts = [HEAD]
    for service, name in (("bedrock", "BedrockClient"), ("bedrock_runtime", "BedrockRuntimeClient")):
        model = table(service)
        for prefix, base, keyword in (("", "Client", "def"), ("Async", "AsyncClient", "async def")):
            parts.append(f"\nclass {prefix}{name}({base}):\n")
            parts += [method(model, operation, keyword) for operation in model["operations"]]
    return "".join(parts)


def routers() -> str:
    """The stub of the routers, which know their model: nobody has to name it."""
    parts = [ROUTERS]
    for prefix, base, keyword in (("", "Client", "def"), ("Async", "AsyncClient", "async def")):
        parts.append(f"\nclass {prefix}CrossRegion(Routed, {base}):\n    {keyword} plan(self) -> Plan: ...\n")
        parts += [method(table("bedrock_runtime"), operation, keyword, known="modelId") for operation in ROUTED]
    return "".join(parts)


STUBS = {PACKAGE / "_clients.pyi": clients, PACKAGE / "cross_region" / "router.pyi": routers}


def table(service: str) -> dict[str, Any]:
    """The operation table of a service."""
    return json.loads((ROOT / "src" / "client" / "model" / f"{service}.json").read_text())


def method(table: dict[str, Any], name: str, keyword: str, known: str = "") -> str:
    """One method; the argument that is known already may be left out."""
    row = table["operations"][name]
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    members = {member["name"]: member for member in table["shapes"][row["input"]]["members"]}
    asked = [it for it, traits in members.items() if traits.get("required") and not traits.get("idempotencyToken")]
    required = [it for it in asked if it != known]
    optional = [it for it in members if it not in required]
    lines = [f"    {keyword} {snake}(\n        self,\n"] if members else [f"    {keyword} {snake}(self"]
    if members:
        lines.append("        *,\n")
    lines += [f"        {member}: {kind(table, members[member])},\n" for member in required]
    lines += [f"        {member}: {kind(table, members[member])} = ...,\n" for member in optional]
    lines.append("    ) -> dict[str, Any]: ...\n" if members else ") -> dict[str, Any]: ...\n")
    return "".join(lines)


def kind(table: dict[str, Any], member: dict[str, Any]) -> str:
    """The type of an argument."""
    shape = table["shapes"][member["shape"]]
    return "Any" if shape.get("document") else TYPES[shape["type"]]


if __name__ == "__main__":
    for path, text in STUBS.items():
        path.write_text(text())
