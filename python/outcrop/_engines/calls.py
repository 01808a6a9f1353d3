"""The callables behind the engines' modules."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import uuid4

from outcrop._engines.leases import Here
from outcrop._engines.options import Options, checked
from outcrop._engines.running import Running

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from outcrop._clients import AsyncBedrockRuntimeClient, BedrockRuntimeClient
    from outcrop._engines.leases import Lender
    from outcrop._engines.quotas import Limits
    from outcrop.cross_region.router import AsyncCrossRegion, CrossRegion

    Caller = CrossRegion | AsyncCrossRegion | BedrockRuntimeClient | AsyncBedrockRuntimeClient


class Calls:
    """A callable that answers batches of rows. A pickle of it is its options."""

    operation: ClassVar[str]
    """boto3's name of what it calls."""

    _options: Options
    _number: str

    def _take(self, **arguments: Any) -> None:
        self._options = checked(self.operation, **arguments)
        # The copies that one process unpickles are one.
        self._number = uuid4().hex

    @property
    def __name__(self) -> str:
        """What engines show it as."""
        return type(self).__qualname__

    def __repr__(self) -> str:
        """What calls, and where the rows have what they ask; no secrets."""
        return f"<{type(self).__module__}.{type(self).__name__} of {self._options.client!r}>"

    def __getstate__(self) -> dict[str, Any]:
        """Its options; a client that holds secrets refuses."""
        return {"_options": self._options, "_number": self._number}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The same, where it is used."""
        self.__dict__.update(state)

    def columns(self) -> dict[str, type]:
        """The columns that rows get, with the types of their values.

        Returns:
            Types by names, in their order.
        """
        return self._options.columns()

    def _lender(self, client: Any) -> Lender | None:
        """Who lends of the quotas: a ledger of this process's own, of its share."""
        del client
        limits = self._options.limits
        return None if limits is None else Here(limits)

    async def _open(self) -> Running:
        client, answers = await asyncio.to_thread(self._options.opened)
        return Running(self._options, client, self._lender(client), answers)


class Converse(Calls):
    """Rows of Converse."""

    operation = "converse"

    def __init__(
        self,
        client: Caller | Callable[[], Caller],
        *,
        prompt: str | None = None,
        request: str | Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        call: dict[str, Any] | None = None,
        id: str | None = None,
        concurrency: int | Literal["auto"] = "auto",
        limits: Limits | None = None,
        journal: str | os.PathLike[str] | None = None,
        errors: Literal["column", "raise"] = "column",
        response: bool = False,
        prefix: str = "",
    ) -> None:
        self._take(
            client=client,
            prompt=prompt,
            request=request,
            call=call,
            id=id,
            concurrency=concurrency,
            limits=limits,
            journal=journal,
            errors=errors,
            response=response,
            prefix=prefix,
        )


class InvokeModel(Calls):
    """Rows of InvokeModel."""

    operation = "invoke_model"

    def __init__(
        self,
        client: Caller | Callable[[], Caller],
        *,
        request: str | Callable[[dict[str, Any]], dict[str, Any]],
        call: dict[str, Any] | None = None,
        id: str | None = None,
        concurrency: int | Literal["auto"] = "auto",
        limits: Limits | None = None,
        journal: str | os.PathLike[str] | None = None,
        errors: Literal["column", "raise"] = "column",
        prefix: str = "",
    ) -> None:
        self._take(
            client=client,
            prompt=None,
            request=request,
            call=call,
            id=id,
            concurrency=concurrency,
            limits=limits,
            journal=journal,
            errors=errors,
            response=False,
            prefix=prefix,
        )


ARGUMENTS = """

    Args:
        client: An `outcrop.CrossRegion` or a client of `bedrock-runtime`, which goes to the workers as a pickle of what
            it was made with and refuses where that is a secret; or a function that gives one there.
        prompt: The column with the text of one message each.
        request: In its place, the column with the call's keyword arguments, as JSON or as a struct, whose nulls are
            left out; or a function that gives them for a row, which is a dict.
        call: Keyword arguments of all calls, such as `inferenceConfig`; a row's own come first.
        id: The column that tells rows apart.
        concurrency: How many calls each process may have under way for each source Region; `"auto"` finds it out, as
            `batch` does.
        limits: `quotas` by source Region, each with `requests_per_minute`, `tokens_per_minute` and `burndown_rate`;
            one limit for all actors of Ray, `share` of it for each process elsewhere.
        journal: A folder that all workers see, where answers are kept, so that no row is paid for twice when a worker
            dies or the job is run again. It needs `id`.
        errors: `"column"` puts a row's error into `__inference_error__`, `"raise"` ends the job with the first.
        response: Whether a column has the whole answer as JSON, such as for tools.
        prefix: What the names of the new columns begin with.

    Raises:
        ImportError: The engine is not installed.
        TypeError: An argument has the wrong type.
        ValueError: An argument cannot be.
"""


def documented(cls: type[Calls]) -> None:
    """Put the arguments into a class's docstring."""
    arguments = ARGUMENTS
    if cls.operation == "invoke_model":
        lines = [
            line for line in arguments.splitlines() if not line.startswith(("        prompt:", "        response:"))
        ]
        arguments = "\n".join(lines).replace("request: In its place, the", "request: The") + "\n"
    cls.__doc__ = f"{(cls.__doc__ or '').rstrip()}{arguments}"
