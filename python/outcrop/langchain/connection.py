"""How a model reaches Bedrock: the fields that chat models and embeddings share, and the clients made of them.

Clients are made when they are first used, so that constructing a model costs nothing and asks nobody. They are not part
of what the model *is*: copies share them, pickles leave them out.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from langchain_core.utils import secret_from_env
from pydantic import PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from outcrop import _settings
from outcrop._names import refuse_unknown
from outcrop._settings import patience
from outcrop.langchain.client_options import client_options
from outcrop.langchain.connection_fields import SECRETS, ConnectionFields

CLIENTS = ("client", "async_client", "bedrock_client")
_CONNECTION = {
    "region_name", "endpoint_url", "credentials_profile_name", "config", "timeout", "max_retries",
    "max_connections", "default_headers", *SECRETS,
}  # fmt: skip
"""Fields that say how to connect; a client that was given knows it itself."""

_making = threading.Lock()

#: A URL's user, with or without a password, in which people forget to encode a `/`.


class BedrockConnection(ConnectionFields):
    """Connection fields, and the clients made of them when they are first used."""

    _made: dict[str, Any] = PrivateAttr(default_factory=dict)
    _given: dict[str, Any] = PrivateAttr(default_factory=dict)

    if not TYPE_CHECKING:  # where fields are what it takes

        def __init__(self, **fields: Any) -> None:
            refusal = None
            try:
                super().__init__(**fields)
            except ValidationError as error:
                refusal = without_input(error)
            # Out of the block above, since the first error would go along as the context of this one.
            if refusal is not None:
                raise refusal

    @model_validator(mode="after")
    def _check_connection(self) -> Self:
        key, secret = self.aws_access_key_id, self.aws_secret_access_key
        if not self.credentials_profile_name and not self.bedrock_api_key and bool(key) != bool(secret):
            raise ValueError(
                "both aws_access_key_id and aws_secret_access_key must be specified if either is: only "
                f"{'aws_access_key_id' if key else 'aws_secret_access_key'} is given or in the environment."
            )
        for name in ("client", "async_client"):
            if self.cross_region is not None and self.__dict__.get(name) is not None:
                raise ValueError(
                    f"cross_region= and {name}= exclude each other: pass the router itself as {name}=, or no client."
                )
        routed = self.cross_region or {}
        urls = (self.endpoint_url, routed.get("endpoint_url"), *dict(routed.get("endpoint_urls") or {}).values())
        if any(_settings.may_hold_secrets(str(url or "")) for url in urls):
            raise ValueError(
                "endpoint_url must not hold a user or a password, a query or a fragment, since it is shown and saved: "
                "leave them out."
            )
        if secrets := sorted(_settings.SECRETS.intersection(self.cross_region or ())):
            raise ValueError(
                f"cross_region= must not hold {', '.join(secrets)}, since it is shown and saved: name the fields of "
                "the model, or pass a router as client=."
            )
        if self.cross_region:
            from outcrop import CrossRegion

            options = ["model", *(CrossRegion.__init__.__kwdefaults__ or ()), *_settings.NAMES]
            refuse_unknown(self.cross_region, options, "option of cross_region", ValueError)
        if self.default_headers and (given := self._given_client()) is not None:
            _add_headers(given, self.default_headers)
        for name in CLIENTS:  # absent from `__dict__`, an attribute is looked up by `__getattr__` below
            if self.__dict__.get(name, self) is None:
                vars(self).pop(name)
        return self

    def __getattr__(self, name: str) -> Any:
        if name in CLIENTS:
            made = (self.__pydantic_private__ or {})["_made"]  # `self._made` would come here again
            if name not in made:
                with _making:
                    if name not in made:
                        made[name] = self._make_client(name)
            return made[name]
        return super().__getattr__(name)  # type: ignore[misc]

    def _make_client(self, name: str) -> Any:
        import outcrop

        options = client_options(self)
        if name in ("bedrock_client", "async_bedrock_client"):
            return self._make_control(options, is_async=name.startswith("async"))
        if self.cross_region is not None:
            return _router(name, self.model_id, self.cross_region, options)
        make = outcrop.async_client if name == "async_client" else outcrop.client
        return make("bedrock-runtime", **options)

    def _make_control(self, options: dict[str, Any], *, is_async: bool) -> Any:
        """Make a control plane client with the connection of the model, or of the client that it was given."""
        import outcrop
        from outcrop._clients import BaseClient

        given = self._given_client()
        if isinstance(given, BaseClient) and not _CONNECTION & self.model_fields_set:
            session: Any = vars(given)["_session"]
        else:
            if region := self.region_name or region_of(given):
                options["region_name"] = region
            session = outcrop.Session(**options)
        # A call to the model waits for this answer.
        timeouts = session._given.get("timeouts", {})
        timeouts = {**timeouts, "total": patience(timeouts)}
        return (session.async_client if is_async else session.client)("bedrock", timeouts=timeouts)

    def _given_client(self) -> Any | None:
        """Return the client that the model was given, if it was: no call goes past it."""
        given = self.__dict__.get("client")
        return self.__dict__.get("async_client") if given is None else given

    def _runtime(self) -> Any:
        """Return the blocking client; a model that was given an async one only uses its twin."""
        given = self._given_client()
        if given is None or not is_async(given):
            return self.client
        twin = self._twin(given)
        if twin is None:
            name = "client" if self.__dict__.get("client") is not None else "async_client"
            raise TypeError(
                f"{name}= is {type(given).__name__}, whose calls are awaited, and this call is not: use ainvoke and "
                "astream, or pass the blocking client as client= and this one as async_client=."
            )
        return twin

    def _async_runtime(self) -> Any | None:
        """Return the async client, or `None` where only a sync one was given and a thread has to help."""
        given = self.__dict__.get("async_client")
        if given is not None:
            return given
        client = self.__dict__.get("client")
        if client is None:
            made = self.async_client
            return made if is_async(made) else None
        if is_async(client):
            return client
        return self._twin(client)

    def _async_control(self) -> Any:
        """Return a control plane client whose calls are awaited, or a given one that has none and needs a thread."""
        given = self.__dict__.get("bedrock_client")
        if given is not None:
            return given if is_async(given, "get_inference_profile") else _twin_of(given) or given
        made = self._made
        if "async_bedrock_client" not in made:
            made["async_bedrock_client"] = self._make_client("async_bedrock_client")
        return made["async_bedrock_client"]

    def _twin(self, client: Any) -> Any | None:
        """Return the client of the other kind on the connections of one of outcrop's; nobody else's has one."""
        made = self._made
        if "twin" not in made:
            made["twin"] = _twin_of(client)
        return made["twin"]

    def _region(self) -> str | None:
        """Return the Region as far as it is known without making a client."""
        if self.region_name:
            return self.region_name
        made = self._made
        given = self._given_client() or made.get("client") or made.get("async_client")
        return region_of(given) or client_options(self).get("region_name")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy the model; a copy with another connection makes its own clients."""
        copied = super().model_copy(update=update, deep=deep)
        if update and not set(BedrockConnection.model_fields).isdisjoint(update):
            copied._made = {}
        return copied

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        memo = {} if memo is None else memo
        for client in (*self._made.values(), *(self.__dict__.get(name) for name in CLIENTS)):
            if client is not None:
                memo[id(client)] = client  # clients hold connections: copies of a model share them
        return super().__deepcopy__(memo)

    def __getstate__(self) -> dict[Any, Any]:
        for name in CLIENTS:
            if type(self.__dict__.get(name)).__module__.partition(".")[0] == "botocore":
                raise TypeError(
                    f"this model cannot be pickled because its {name}= is a client of botocore's, and those cannot: "
                    "pass credentials_profile_name=, region_name= and the like, or make the model where it is used."
                )
        if self.default_headers:
            raise TypeError(
                "this model cannot be pickled because it was given default_headers, which may be secrets: make it "
                "where it is used, or pass a client= that has the headers and is made there."
            )
        if _settings.may_hold_secrets(str(client_options(self).get("proxy") or "")):
            raise TypeError(
                "this model cannot be pickled because its config= has a proxy with a password: name the proxy in "
                "HTTPS_PROXY, or make the model where it is used."
            )
        state = super().__getstate__()
        values = dict(state["__dict__"])
        for name in SECRETS:  # read again from the environment by `__setstate__`, as LangChain's own serialization does
            values.pop(name, None)
        private = {**(state["__pydantic_private__"] or {}), "_made": {}}
        return {**state, "__dict__": values, "__pydantic_private__": private}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        for name, variable in SECRETS.items():
            vars(self)[name] = secret_from_env(variable, default=None)()


def without_input(error: ValidationError) -> ValidationError:
    """The same refusal without what was given, which pydantic hides in texts and keeps in `errors()` and pickles."""
    lines: list[InitErrorDetails] = [
        {
            "type": PydanticCustomError(cast("Any", line["type"]), "{message}", {"message": line["msg"]}),
            "loc": line["loc"],
            "input": None,
        }
        for line in error.errors(include_url=False, include_input=False)
    ]
    return ValidationError.from_exception_data(error.title, lines, hide_input=True)


def is_async(client: Any, method: str = "converse") -> bool:
    """Whether a client's calls are awaited."""
    return inspect.iscoroutinefunction(getattr(client, method, None)) or getattr(client, "is_async", False) is True


def _twin_of(client: Any) -> Any | None:
    from outcrop._clients import BaseClient, Client

    if not isinstance(client, BaseClient):
        return None
    if routed := getattr(client, "_twin", None):
        return routed()
    session: Any = vars(client)["_session"]
    make = session.async_client if isinstance(client, Client) else session.client
    service: str = type(client)._service  # type: ignore[attr-defined]
    return make(service)


def _add_headers(client: Any, headers: Mapping[str, str]) -> None:
    """Let a client that was given send headers, as langchain-aws does with boto3's."""
    from outcrop._clients import BaseClient

    if isinstance(client, BaseClient):
        raise ValueError(
            "default_headers= and a client of outcrop's exclude each other: give them to the client, as in "
            "outcrop.client(…, default_headers=…)."
        )
    register = getattr(getattr(getattr(client, "meta", None), "events", None), "register", None)
    if callable(register):

        def add(request: Any, **_: Any) -> None:
            for name, value in headers.items():
                request.headers[name] = value

        # Copies of the model, and what is bound to it, share the client: its calls carry the headers once.
        register("before-send.bedrock-runtime", add, f"outcrop-{hash(tuple(sorted(headers.items())))}")


def rules_of(client: Any) -> dict[str, Any] | None:
    """Return the options that make a router's like, if a client is one."""
    from outcrop._clients import BaseClient

    changed: Any = getattr(client, "_changed_options", None) if isinstance(client, BaseClient) else None
    if changed is None:
        return None
    options: dict[str, Any] = changed()
    return {name: value for name, value in options.items() if name not in ("clock", "on_change")}


def region_of(client: Any) -> str | None:
    """Return the Region of a client, if it tells."""
    region = getattr(getattr(client, "meta", None), "region_name", None)
    return region if isinstance(region, str) else None


def _router(name: str, model_id: str, options: dict[str, Any], connection: dict[str, Any]) -> Any:
    import outcrop

    maker = outcrop.AsyncCrossRegion if name == "async_client" else outcrop.CrossRegion
    connection = {k: v for k, v in connection.items() if k != "region_name"}
    arguments: dict[str, Any] = {"model": model_id, **connection, **options}
    return maker(**arguments)
