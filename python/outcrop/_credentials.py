"""Credentials by a function of the program's: asked for each call, by whoever makes it."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any

from outcrop import _errors, _greenlets, _native, _values

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    Provider = Callable[[], Any]
    Triple = tuple[str, str, str | None]
    Signer = Triple | str
    """Keys, or a Bedrock API key."""


class Bearer:
    """A function that gives Bedrock API keys: the argument `bearer_token`.

    Args:
        function: What is asked.
    """

    def __init__(self, function: Provider) -> None:
        self.function = function

    def __call__(self) -> Any:
        """What the function gives."""
        return self.function()


def provider_of(given: Mapping[str, Any]) -> Provider | None:
    """The function that says who makes each call, if one of the settings is such.

    Args:
        given: Checked settings.
    """
    token = given.get("bearer_token")
    return Bearer(token) if callable(token) else given.get("credentials")


class Each:
    """What says who makes a call, for each of a router's sessions.

    Args:
        providers: A function for each, or `None` for a session that signs by itself.
    """

    def __init__(self, providers: Sequence[Provider | None]) -> None:
        self._providers = providers

    def __call__(self) -> list[Signer | tuple[str] | None]:
        """Ask all of them: which target a call goes to is settled later, where no function can be asked.

        Returns:
            What each gave; in place of what failed the error's name, and the call passes its targets over.

        Raises:
            Exception: What the first raised, if all failed and no session signs by itself.
        """
        found: list[Signer | tuple[str] | None] = []
        failed: list[Exception] = []
        for provider in self._providers:
            try:
                found.append(None if provider is None else now(provider))
            except Exception as error:  # noqa: BLE001, PERF203  -- one account's trouble must not hold up the others
                found.append((type(error).__name__,))
                failed.append(error)
        if failed and len(failed) == len(found):
            raise failed[0]
        for error in failed:
            import logging

            logger = logging.getLogger("outcrop.cross_region")
            logger.warning("a function that says who calls failed; its account is passed over", exc_info=error)
        return found


def provider_of_each(given: Sequence[Mapping[str, Any]]) -> Provider | None:
    """What says who makes each call by one of several sessions; `None` where they sign by themselves.

    Args:
        given: The checked settings of each.
    """
    providers = [provider_of(each) for each in given]
    if len(providers) == 1 or not any(providers):
        return providers[0]
    return Each(providers)


def asking(native: _native.Client, provider: Provider | None, ruled: Callable[[Any], Any] | None = None) -> Any:
    """The native client; where there is a provider, one that asks it before each call.

    Args:
        native: The native client.
        provider: What `provider_of` gives.
        ruled: What makes a client whose calls ask a rule. It is asked on the caller's thread, as the provider is.
    """
    waiting = _greenlets.Client(native) if _greenlets.patched() else native
    if ruled is not None:
        waiting = ruled(waiting)
    return waiting if provider is None else Asking(waiting, provider)


def calls(native: Any) -> Any:
    """Many calls under way at once: `_native.Calls`, or the same with what each of them needs beside.

    Args:
        native: A client's native half, or what stands for it, such as `Asking`.
    """
    return _native.Calls(native) if isinstance(native, _native.Client) else native.calls()


def now(provider: Provider) -> Signer:
    """Ask a provider on this thread.

    Raises:
        TypeError: It gave something to be awaited, or no credentials.
        NoCredentialsError: It gave None.
    """
    found = provider()
    if _is_awaitable(found):
        if isinstance(found, CoroutineType):
            found.close()
        name = "bearer_token" if isinstance(provider, Bearer) else "credentials"
        raise TypeError(f"{name} gave something to be awaited, which only an async client's call can do")
    return _signer(provider, found)


class Asking:
    """A native client whose calls are each signed with what a function gives.

    Args:
        native: The native client.
        provider: What is asked, on the caller's thread or in its task, so it sees the caller's context.
    """

    def __init__(self, native: Any, provider: Provider) -> None:
        self.native = native
        self.provider = provider

    def __getattr__(self, name: str) -> Any:
        """Every other attribute is the native client's."""
        return getattr(self.native, name)

    def call(
        self, operation: str, arguments: dict[str, Any], trace: _native.Trace | None = None, **others: Any
    ) -> dict[str, Any]:
        """Make a call and wait for its answer. `others` are what a router's call brings beside."""
        return self.native.call(operation, arguments, trace, now(self.provider), **others)

    def start(
        self, operation: str, arguments: dict[str, Any], trace: _native.Trace | None = None, **others: Any
    ) -> Starting:
        """A call that starts when it is awaited. `others` are what a router's call brings beside."""
        return Starting(self, operation, arguments, trace, others)

    def calls(self) -> AskingCalls:
        """Many calls under way at once."""
        return AskingCalls(self)


class AskingCalls:
    """`_native.Calls` whose calls are each signed with what a function gives."""

    def __init__(self, client: Asking) -> None:
        self._provider = client.provider
        self._calls = calls(client.native)
        self.take = self._calls.take
        self.close = self._calls.close

    def start(
        self,
        number: int,
        operation: str,
        arguments: dict[str, Any],
        trace: _native.Trace | None = None,
        **others: Any,
    ) -> None:
        """Start a call; `take` gives its result under this number."""
        self._calls.start(number, operation, arguments, trace, now(self._provider), **others)


class Starting:
    """A call to be awaited once, that asks for its credentials first."""

    def __init__(
        self,
        client: Asking,
        operation: str,
        arguments: dict[str, Any],
        trace: _native.Trace | None,
        others: dict[str, Any],
    ) -> None:
        self._client = client
        self._call = (operation, arguments, trace)
        self._others = others
        self._pending: _native.Pending | None = None

    def __await__(self) -> Generator[Any, Any, Any]:
        found = self._client.provider()
        if _is_awaitable(found):
            found = yield from found.__await__()
        pending: _native.Pending = self._client.native.start(
            *self._call, _signer(self._client.provider, found), **self._others
        )
        self._pending = pending
        return (yield from pending.__await__())

    def cancel(self) -> None:
        """End the request, if it has begun."""
        if self._pending is not None:
            self._pending.cancel()


def _is_awaitable(found: Any) -> bool:
    # Not by `inspect`, whose import takes half as long as that of all of outcrop.
    return hasattr(type(found), "__await__")


def _signer(provider: Provider, found: Any) -> Signer:
    if isinstance(provider, Each):
        return found
    if not isinstance(provider, Bearer):
        return _triple(found)
    if isinstance(found, str) and found:
        return found
    if found is None or found == "":
        raise _errors.make("NoCredentialsError", {})
    raise TypeError(f"bearer_token must give a str, not {type(found).__name__}")


def _triple(found: Any) -> Triple:
    if found is None:
        raise _errors.make("NoCredentialsError", {})
    try:
        key, secret, token = found.access_key, found.secret_key, found.token
    except AttributeError:
        raise TypeError(
            "credentials must give an object with access_key, secret_key and token, such as outcrop.Credentials "
            f"or what boto3's get_frozen_credentials() gives, not {type(found).__name__}"
        ) from None
    return _part("access_key", key), _part("secret_key", secret), None if token is None else _part("token", token)


def _part(name: str, value: Any) -> str:
    try:
        return _values.text(f"the {name} that credentials gave", value)
    except ValueError as error:
        details = {"provider": "the function credentials", "error_msg": str(error)}
        raise _errors.make("CredentialRetrievalError", details) from None
