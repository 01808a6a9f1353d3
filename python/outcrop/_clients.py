"""The four clients: two services, each blocking and asynchronous."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, Protocol
from weakref import ref

from outcrop import _values, exceptions
from outcrop._methods import Method, Table, asynchronous, blocking
from outcrop._paging import AsyncPaginator, Paginator
from outcrop._siblings import dressed

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterable, Callable, Iterable

    from typing_extensions import Self

    from outcrop import _native
    from outcrop._batch import AsyncBatch, Batch
    from outcrop._metrics import Metrics
    from outcrop.telemetry._recorder import Recorder


class ClientMeta:
    """What boto3 has under `client.meta`.

    Args:
        service_name: `bedrock` or `bedrock-runtime`.
        region_name: The source Region.
        endpoint_url: Where the calls go.
        methods: The client's methods, by boto3's names, with AWS's names of the operations.
        owner: The client or router that has it.
    """

    def __init__(
        self, service_name: str, region_name: str, endpoint_url: str, methods: dict[str, str], owner: Any
    ) -> None:
        self.service_name = service_name
        self.region_name = region_name
        self.endpoint_url = endpoint_url
        self.method_to_api_mapping = methods
        self._owner = ref(owner)

    @cached_property
    def events(self) -> Any:
        """The emitter of botocore's whose handlers are run around each call from here on, on the caller's thread.

        Raises:
            AttributeError: botocore is not installed.
        """
        _botocores("meta.events")
        from outcrop._botocore.emitting import listen

        owner = self._owner()
        if owner is None:
            raise AttributeError("meta.events belongs to a client, which is gone: keep the client itself")
        return listen(owner)

    @property
    def service_model(self) -> Any:
        """The service as botocore models it.

        Raises:
            AttributeError: botocore is not installed.
        """
        return _botocores("meta.service_model").service_model(self.service_name)

    @cached_property
    def config(self) -> Any:
        """A `botocore.config.Config` of what the client was given.

        Raises:
            AttributeError: botocore is not installed.
        """
        session = getattr(self._owner(), "_session", None)
        return _botocores("meta.config").config(self.region_name, getattr(session, "_given", {}))

    @property
    def partition(self) -> str:
        """The Region's partition, such as `aws`.

        Raises:
            AttributeError: botocore is not installed.
        """
        return _botocores("meta.partition").partition(self.region_name)

    def __repr__(self) -> str:
        """The Region and the endpoint."""
        return f"ClientMeta(region_name={self.region_name!r}, endpoint_url={self.endpoint_url!r})"


def _botocores(what: str) -> Any:
    """What gives `what`, once somebody asks for it: a client that nobody looks into imports none of it."""
    from outcrop._botocore import models

    models.asked_for(what)
    return models


class ClientExceptions:
    """The errors of a service, as attributes: `client.exceptions.ThrottlingException`.

    Args:
        names: The errors that AWS models for the service.
    """

    ClientError = exceptions.ClientError

    def __init__(self, names: list[str]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> type[exceptions.ClientError]:
        """The class of that name."""
        if not name.startswith("_") and name in self._names:
            return getattr(exceptions, name)
        raise AttributeError(f"{_values.shown(name)} is no error of this client; there are: {', '.join(self._names)}")

    def __dir__(self) -> list[str]:
        """The names."""
        return [*self._names, "ClientError"]

    def from_code(self, code: str) -> type[exceptions.ClientError]:
        """The class of an error's code, or `ClientError`.

        Args:
            code: Such as `ThrottlingException`.

        Returns:
            The class.
        """
        return getattr(exceptions, code) if code in self._names else exceptions.ClientError


class ClientMaker(Protocol):
    """What a client knows of its session: where it calls, and how a client is made again."""

    @property
    def region_name(self) -> str:
        """The source Region."""
        ...

    @property
    def client(self) -> Callable[..., Any]:
        """Makes a blocking client of a service."""
        ...

    @property
    def async_client(self) -> Callable[..., Any]:
        """Makes an asynchronous client of a service."""
        ...

    @property
    def get_credentials(self) -> Callable[[], Any]:
        """Gives the keys in use now."""
        ...


class BaseClient:
    """What all clients have. Made by `Session.client`, `outcrop.client` and their async twins.

    Args:
        session: The session whose credentials and connections are used.
        native: The native client.
    """

    _table: ClassVar[Table]
    _service: ClassVar[str]
    #: Who records calls, while `outcrop.telemetry` is switched on; batches ask.
    _recorder: ClassVar[Recorder | None] = None

    def __init__(self, session: ClientMaker, native: _native.Client) -> None:
        self._session = session
        self._native = native
        methods = {name: operation.name for name, operation in self._table.operations.items()}
        self.meta = ClientMeta(self._service, session.region_name, native.endpoint_url, methods, self)
        self.exceptions = ClientExceptions(list(self._table.exceptions))

    def __repr__(self) -> str:
        """The class, the Region and the endpoint; no secrets."""
        return f"<{type(self).__name__} region_name={self.meta.region_name!r} endpoint_url={self.meta.endpoint_url!r}>"

    def _repr_html_(self) -> str:
        """A table of the same, with what it can be asked."""
        from outcrop._tables import Table

        rows = [("Region", self.meta.region_name), ("endpoint", self.meta.endpoint_url)]
        rows.append(("methods", ", ".join(sorted(self._table.operations))))
        return Table(type(self).__name__, ("", ""), rows).to_html()

    @property
    def waiter_names(self) -> list[str]:
        """None: Bedrock has nothing that boto3 waits for."""
        return []

    def get_waiter(self, waiter_name: str) -> NoReturn:
        """Refuse, as boto3 does for a service without waiters.

        Args:
            waiter_name: The name of the waiter.

        Raises:
            ValueError: There is none.
        """
        raise ValueError(f"Waiter does not exist: {_values.cut(str(waiter_name))}")

    @property
    def _client_config(self) -> Any:
        return self.meta.config

    def _get_credentials(self) -> Any:
        return self._session.get_credentials()

    def can_paginate(self, operation_name: str) -> bool:
        """Whether `get_paginator` knows an operation.

        Args:
            operation_name: boto3's name, such as `list_inference_profiles`.

        Returns:
            Whether it pages.
        """
        return self._table.rules(operation_name) is not None

    def metrics(self) -> Metrics:
        """What the calls so far add up to: counts, latencies and tokens, by operation and outcome.

        The counters belong to the session, as connections do: clients of one service of one session share them.

        Returns:
            A snapshot, which a notebook shows as a table; `to_prometheus()` gives text to scrape.
        """
        from outcrop._metrics import Metrics

        labels = {"service": self._service, "region": self.meta.region_name}
        return Metrics.of_client(self._native, labels)

    def _where(self) -> str:
        """Which endpoint it calls: what a batch's journal knows its answers by."""
        return f"{self.meta.region_name} {self.meta.endpoint_url}"

    def _prepare(self) -> Any:
        """See to what must be seen to before a call; a batch does, before each of its requests."""

    def _tell(self) -> None:
        """Tell listeners what calls have changed; a batch does, after each of its requests."""

    def _pages(self, operation_name: str) -> Any:
        rules = self._table.rules(operation_name)
        if rules is None:
            name = _values.cut(str(operation_name))
            raise dressed(exceptions.OperationNotPageableError)(operation_name=name)
        return getattr(self, operation_name), rules


class Client(BaseClient):
    """A blocking client, to be shared freely between threads. A waiting call lets other threads run."""

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickle names the session, which refuses where it holds secrets."""
        return self._session.client, (self._service,)

    def get_paginator(self, operation_name: str) -> Paginator:
        """A paginator, as boto3 has it.

        Args:
            operation_name: boto3's name, such as `list_inference_profiles`.

        Returns:
            The paginator.

        Raises:
            OperationNotPageableError: The operation has no pages.
        """
        return Paginator(*self._pages(operation_name))

    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = 64,
        in_order: bool = False,
        errors: Literal["return", "raise"] = "return",
        progress: bool = False,
        journal: str | os.PathLike[str] | None = None,
        on_stop: Literal["finish", "cancel"] | None = None,
    ) -> Batch:
        """Call for many requests, many at a time, and take the results as they come.

        Args:
            operation_name: boto3's name of an operation with whole answers, such as `converse` or `invoke_model`.
            requests: Dicts of keyword arguments, any number of them, read as they are needed.
            concurrency: How many calls may be under way, or `"auto"`, which adds one for each window of answers, and
                after throttling paces calls at the rate of answers, raised a little every second. Throttled calls are
                put back, until 8 rounds in a row, some 60 s, brought no answer, or one was throttled 16 times.
            in_order: Give results back in the order of the requests instead of as they come.
            errors: `"return"` gives an error back in its answer's place, `"raise"` raises the first.
            progress: Show tqdm's bar (`pip install 'outcrop[progress]'`).
            journal: A file to keep answers in, as JSON lines. The same call again gives back what is there without
                asking Bedrock; a request is known by its content and by the Region and endpoint that are called, those
                of all sources for a router. Errors are not kept.
            on_stop: What becomes of calls under way when the batch stops early: `"finish"` waits for their answers,
                `"cancel"` ends them. By default they are finished when `requests` raises, and given back before its
                error is; and cancelled when the caller leaves, by `break`, an exception or closing. What has arrived is
                in the journal in any case.

        Returns:
            Pairs of a request's number, from 0, and its answer or error. Memory stays bounded; leaving the loop and
            closing the batch ends what is under way.

        Raises:
            ValueError: An argument has a value that it cannot have.
            RuntimeError: The journal is open in another batch.
            ImportError: tqdm is not installed.
        """
        from outcrop._batch import Batch

        return Batch(
            self,
            operation_name,
            requests,
            concurrency=concurrency,
            in_order=in_order,
            errors=errors,
            progress=progress,
            journal=journal,
            on_stop=on_stop,
        )

    def close(self) -> None:
        """Keep the connections open: they belong to the session, which other clients may use."""

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()


class AsyncClient(BaseClient):
    """An asynchronous client, bound to no event loop. Cancelling a task ends its request."""

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickle names the session, which refuses where it holds secrets."""
        return self._session.async_client, (self._service,)

    def get_paginator(self, operation_name: str) -> AsyncPaginator:
        """A paginator whose pages are for `async for`.

        Args:
            operation_name: boto3's name, such as `list_inference_profiles`.

        Returns:
            The paginator.

        Raises:
            OperationNotPageableError: The operation has no pages.
        """
        return AsyncPaginator(*self._pages(operation_name))

    def batch(
        self,
        operation_name: str,
        requests: Iterable[dict[str, Any]] | AsyncIterable[dict[str, Any]],
        *,
        concurrency: int | Literal["auto"] = 64,
        in_order: bool = False,
        errors: Literal["return", "raise"] = "return",
        progress: bool = False,
        journal: str | os.PathLike[str] | None = None,
        on_stop: Literal["finish", "cancel"] | None = None,
    ) -> AsyncBatch:
        """Call for many requests, many at a time, and take the results by `async for`.

        Args:
            operation_name: boto3's name of an operation with whole answers, such as `converse` or `invoke_model`.
            requests: Dicts of keyword arguments from an iterable or an asynchronous one, any number of them, read as
                they are needed.
            concurrency: How many calls may be under way, or `"auto"`, which adds one for each window of answers, and
                after throttling paces calls at the rate of answers, raised a little every second. Throttled calls are
                put back, until 8 rounds in a row, some 60 s, brought no answer, or one was throttled 16 times.
            in_order: Give results back in the order of the requests instead of as they come.
            errors: `"return"` gives an error back in its answer's place, `"raise"` raises the first.
            progress: Show tqdm's bar (`pip install 'outcrop[progress]'`).
            journal: A file to keep answers in, as JSON lines. The same call again gives back what is there without
                asking Bedrock; a request is known by its content and by the Region and endpoint that are called, those
                of all sources for a router. Errors are not kept.
            on_stop: What becomes of calls under way when the batch stops early: `"finish"` waits for their answers,
                `"cancel"` ends them. By default they are finished when `requests` raises, and given back before its
                error is; and cancelled when the caller leaves, by `break`, an exception or closing. What has arrived is
                in the journal in any case.

        Returns:
            Pairs of a request's number, from 0, and its answer or error. Memory stays bounded; leaving the loop and
            closing the batch (`aclose`, or `async with`) ends what is under way.

        Raises:
            ValueError: An argument has a value that it cannot have.
            RuntimeError: The journal is open in another batch.
            ImportError: tqdm is not installed.
        """
        from outcrop._batch import AsyncBatch

        return AsyncBatch(
            self,
            operation_name,
            requests,
            concurrency=concurrency,
            in_order=in_order,
            errors=errors,
            progress=progress,
            journal=journal,
            on_stop=on_stop,
        )

    async def close(self) -> None:
        """Keep the connections open: they belong to the session, which other clients may use."""

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close it."""
        await self.close()


_CONVERSE = """converse(
    ...     modelId="us.amazon.nova-lite-v1:0",
    ...     messages=[{"role": "user", "content": [{"text": "Name a rock."}]}],
    ... )"""
_EXAMPLES = {
    "bedrock": ("list_inference_profiles(maxResults=2)", '{}["inferenceProfileSummaries"][0]["status"]', "'ACTIVE'"),
    "bedrock-runtime": (_CONVERSE, '{}["stopReason"]', "'end_turn'"),
}


def _example(service: str, *, awaited: bool) -> str:
    """Lines that can be typed."""
    call, shown, answer = _EXAMPLES[service]
    first, make, result = (
        ("import asyncio, outcrop", "async_client", "call") if awaited else ("import outcrop", "client", "answer")
    )
    made = f'client = outcrop.{make}("{service}", region_name="us-east-1")'
    read = shown.format(f"asyncio.run({result})" if awaited else result)
    lines = [f">>> {line}" for line in (first, made, f"{result} = client.{call}", read)]
    return "".join(f"\n    {line}" for line in [*lines, answer])


def _client(base: type[BaseClient], name: str, service: str, table: Table, make: Any) -> type[Any]:
    methods = "its methods take boto3's keyword arguments and give boto3's dicts."
    example = _example(service, awaited=issubclass(base, AsyncClient))
    doc = f"{base.__doc__}\n\nIts service is {service}; {methods}\n\nExample:{example}"
    members: dict[str, Any] = {"_table": table, "_service": service, "__doc__": doc, "__module__": __name__}
    members |= {method: Method(make, operation) for method, operation in table.operations.items()}
    return type(name, (base,), members)


_BEDROCK = Table("bedrock")
_RUNTIME = Table("bedrock-runtime")

BedrockClient = _client(Client, "BedrockClient", "bedrock", _BEDROCK, blocking)
BedrockRuntimeClient = _client(Client, "BedrockRuntimeClient", "bedrock-runtime", _RUNTIME, blocking)
AsyncBedrockClient = _client(AsyncClient, "AsyncBedrockClient", "bedrock", _BEDROCK, asynchronous)
AsyncBedrockRuntimeClient = _client(AsyncClient, "AsyncBedrockRuntimeClient", "bedrock-runtime", _RUNTIME, asynchronous)
