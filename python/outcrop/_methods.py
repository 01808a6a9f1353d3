"""The methods of the clients, made from the operation table; `_clients.pyi` has their signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop import _native, _signatures
from outcrop._descriptions import described, example
from outcrop._paging import Rules
from outcrop._streams import async_event_stream, async_streaming_body, event_stream, streaming_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def snake(name: str) -> str:
    """AWS's name of an operation as boto3 has it: `ConverseStream` → `converse_stream`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class Table:
    """The operations of a service by boto3's names, read when the first client is made."""

    def __init__(self, service_name: str) -> None:
        self.operations = {snake(operation.name): operation for operation in _native.operations(service_name)}
        self.exceptions = _native.exceptions(service_name)

    def rules(self, name: str) -> Rules | None:
        """How an operation pages, if it does."""
        operation = self.operations.get(name)
        return Rules(*operation.paginator) if operation and operation.paginator else None


#: `inspect.CO_COROUTINE`
_COROUTINE = 0x80


class Method:
    """A method that is made when somebody first asks for it, so that `import outcrop` costs little."""

    def __init__(
        self,
        make: Callable[[str, _native.Operation], Callable[..., Any]],
        operation: _native.Operation,
        *,
        routed: bool = False,
    ) -> None:
        self._make = make
        self._operation = operation
        self._routed = routed

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        """The method, put into the class in place of this."""
        for cls in owner.__mro__:
            if cls.__dict__.get(self._name) is self:
                function = self._make(self._name, self._operation)
                function.__name__ = self._name
                function.__qualname__ = f"{cls.__name__}.{self._name}"
                function.__module__ = cls.__module__
                # What `inspect.iscoroutinefunction` looks at; importing it costs as much as all of outcrop.
                awaited = bool(function.__code__.co_flags & _COROUTINE)
                function.__doc__ = documentation(self._operation, awaited=awaited, routed=self._routed)
                if _signatures.wanted():
                    function.__signature__ = _signatures.of_operation(self._operation, routed=self._routed)
                setattr(cls, self._name, function)
                break
        return getattr(owner if instance is None else instance, self._name)


def add_methods(
    cls: type[Any],
    make: Callable[[str, _native.Operation], Callable[..., Any]],
    operations: dict[str, _native.Operation],
    *,
    routed: bool = False,
) -> None:
    """Give a class a method for each operation, in place of those of these names.

    Args:
        cls: A client's or a router's class.
        make: Makes the method of a name and an operation.
        operations: The operations by boto3's names.
        routed: Whether the class knows the model, for the docstrings.
    """
    for name, operation in operations.items():
        method = Method(make, operation, routed=routed)
        method.__set_name__(cls, name)
        setattr(cls, name, method)


def blocking(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of a blocking client."""
    return method(name, blocking_call(operation))


def asynchronous(name: str, operation: _native.Operation) -> Callable[..., Any]:
    """The method of an asynchronous client."""
    return async_method(name, asynchronous_call(operation))


def method(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """A method that takes keyword arguments, as boto3's do.

    Args:
        name: boto3's name.
        call: What it does with them: `call(client, arguments)`.
    """

    def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        return call(self, arguments)

    return method


def async_method(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """A method that takes keyword arguments and is awaited.

    Args:
        name: boto3's name.
        call: What it does with them: `await call(client, arguments)`.
    """

    async def method(self: Any, *args: Any, **arguments: Any) -> dict[str, Any]:
        if args:
            raise TypeError(f"{name}() only accepts keyword arguments.")
        return await call(self, arguments)

    return method


def blocking_call(operation: _native.Operation) -> Callable[..., dict[str, Any]]:
    """What a method does, telemetry or not: `call(client, arguments, trace)`."""
    aws_name = operation.name
    member, wrap = wrapping(operation, event_stream, streaming_body)

    def call(self: Any, arguments: dict[str, Any], trace: _native.Trace | None = None) -> dict[str, Any]:
        response = self._native.call(aws_name, arguments, trace)
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return call


def asynchronous_call(operation: _native.Operation) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The same to be awaited."""
    aws_name = operation.name
    member, wrap = wrapping(operation, async_event_stream, async_streaming_body)

    async def call(self: Any, arguments: dict[str, Any], trace: _native.Trace | None = None) -> dict[str, Any]:
        pending = self._native.start(aws_name, arguments, trace)
        try:
            response = await pending
        except BaseException:
            # Cancelled, closed or failed: in each case nobody waits for the request any more.
            pending.cancel()
            raise
        if member is not None:
            response[member] = wrap(response[member])
        return response

    return call


def wrapping(
    operation: _native.Operation, stream: Callable[[Any], Any], body: Callable[[Any], Any]
) -> tuple[str | None, Callable[[Any], Any]]:
    """The member of an answer that is wrapped, if there is one, and the wrapper's class."""
    if operation.stream is not None:
        return operation.stream, stream
    return operation.payload, body


def documentation(operation: _native.Operation, *, awaited: bool, routed: bool) -> str:
    """A docstring: what goes in, what comes out, what is raised."""
    lines = [f"Call Bedrock's {operation.name}{', through the targets' if routed else ''}."]
    if operation.arguments:
        lines += ["", "Args:"]
        known = {"modelId"} if routed else set()
        lines += [
            f"    {name} ({kind}): {'Required.' if name in operation.required and name not in known else 'Optional.'}"
            f"{described(name)}"
            for name, kind in operation.arguments
        ]
    members = ", ".join(f"`{member}`" for member in operation.members) or "nothing else"
    lines += ["", "Returns:", f"    A dict with `ResponseMetadata` and {members}, as boto3 gives it."]
    if operation.stream:
        verb = "async for" if awaited else "for"
        lines += [f"    `{operation.stream}` is a stream of events for one `{verb}`; close it to end the request."]
    if operation.stream and routed:
        lines += ["    It begins when the first delta is here: until then another target can take its place."]
    lines += ["", "Raises:", "    ParamValidationError: The arguments are wrong; nothing was sent."]
    if routed:
        lines += [
            "    NoTargetError: No target may be called; nothing was sent.",
            "    ClientError: The error of the last target tried; its text names them all.",
        ]
    lines += [f"    {error}: See `outcrop.exceptions`." for error in operation.errors]
    if not routed:
        lines += example(operation, awaited=awaited)
    return "\n".join(lines)
