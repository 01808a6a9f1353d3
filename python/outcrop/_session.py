"""Sessions: credentials and connections, once, for any number of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from outcrop import _credentials, _native, _settings, _values
from outcrop._signatures import connecting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from outcrop._clients import AsyncBedrockClient, AsyncBedrockRuntimeClient, BedrockClient, BedrockRuntimeClient
    from outcrop.types import ConnectionArguments


class Credentials(NamedTuple):
    """Keys as they are now; they may expire. The secret parts are not shown.

    Example:
        >>> import outcrop
        >>> keys = outcrop.Credentials("AKIDEXAMPLE", "secret", None)
        >>> outcrop.client("bedrock-runtime", region_name="us-east-1", credentials=lambda: keys).meta.region_name
        'us-east-1'
    """

    access_key: str
    secret_key: str
    token: str | None

    def get_frozen_credentials(self) -> Credentials:
        """Themselves, for those who expect botocore's credentials, which may change."""
        return self

    def __repr__(self) -> str:
        """The access key only, since AWS logs it too."""
        return f"Credentials(access_key={self.access_key!r}, secret_key='***', token='***')"


class Origin(NamedTuple):
    """A part of what a session calls with, and the argument, the variable or the file that it comes from."""

    name: str
    value: str
    place: str


class Session:
    """Who calls, from which Region, and how. Its clients share credentials and connections.

    What is not given is read from the environment and the AWS files, as AWS's SDKs do: `AWS_REGION`, `AWS_PROFILE`,
    `AWS_ENDPOINT_URL`, `AWS_BEARER_TOKEN_BEDROCK`, `AWS_CONFIG_FILE`, single sign-on, roles, container and instance
    credentials.

    Args:
        region_name: The source Region, whose endpoint is called.
        profile_name: A profile of the AWS files.
        aws_access_key_id: An access key; its secret must come along.
        aws_secret_access_key: The secret of the access key.
        aws_session_token: The token of temporary keys.
        role_arn: A role to assume with the credentials found.
        role_session_name: The name under which the role is assumed.
        credentials: A function without arguments that gives `Credentials`, or anything with `access_key`, `secret_key`
            and `token`. It is asked for each call, on the caller's thread or in its task, and so sees the caller's
            context variables. For async clients it may be `async def`, but not for routers. Cache
            slow lookups inside it: it runs before each call.
        bearer_token: A Bedrock API key, in place of keys; or a function that gives one, asked as `credentials` is.
        endpoint_url: An endpoint to call in place of AWS's.
        timeouts: Seconds under `connect`, `first_byte`, `idle` and `total`; see `outcrop.Timeouts`.
        retries: `mode` and `max_attempts`; see `outcrop.Retries`.
        max_pool_connections: How many idle connections are kept to a host.
        max_connections: How many connections may be open at a time; calls beyond wait for their turn. By default, all
            sessions of the process share half of the files that it may open.
        pool_idle_timeout: After how many seconds an idle connection is closed. Default 50: load balancers do it at 60.
        max_response_bytes: The longest whole answer that is read. Default 64 MiB; Bedrock's longest has 25 MB.
        http_version: `1.1` (the default), `2`, or `auto`: HTTP/2 where the endpoint offers it.
        proxy: The URL of a proxy, or `False` for none; else `HTTPS_PROXY` and its like count.
        ca_bundle: A PEM file of the authorities to trust in place of the system's. `AWS_CA_BUNDLE` counts, too.
        default_headers: Headers that every request carries.
        parameter_validation: Whether arguments are checked before they are sent; on by default.
        unknown_members: What becomes of members of answers that botocore's model does not know: `keep` (the default)
            hands them on, `drop` leaves them out as botocore does.
        config: A `botocore.config.Config`: what it sets is taken over, under the arguments above, or refused by name.
        verify: boto3's name for `ca_bundle`; verification cannot be switched off.
        use_ssl: As in boto3; without TLS, name an `http://` endpoint.
        cache: An `outcrop.Cache` for answers of `bedrock-runtime`; `True` for one in memory, a path for one on disk.

    Raises:
        NoRegionError: No Region was given or found.
        ProfileNotFound: The AWS files have no such profile.
        PartialCredentialsError: One key comes without the other.
        TypeError: An argument is unknown or has the wrong type.
        ValueError: An argument cannot be.

    Example:
        >>> session = Session(region_name="eu-west-1", timeouts={"total": 60})
        >>> session
        Session(region_name='eu-west-1', timeouts={'total': 60})
        >>> session.client("bedrock-runtime").meta.region_name
        'eu-west-1'
    """

    @connecting
    def __init__(self, **settings: Unpack[ConnectionArguments]) -> None:
        self._given = _settings.checked(settings)
        self._native = _native.Session(_settings.native(self._given))

    def __repr__(self) -> str:
        """All that was given but the secrets."""
        return f"Session({_settings.shown(self._given)})"

    def _repr_html_(self) -> str:
        """A table of the same."""
        from outcrop._tables import Table

        rows = [(name, "***" if name in _settings.SECRETS else repr(value)) for name, value in self._given.items()]
        found = () if "region_name" in self._given else (("region_name", f"{self.region_name!r}, found"),)
        return Table("Session", ("argument", "value"), [*rows, *found]).to_html()

    def __eq__(self, other: object) -> bool:
        """Whether the same was given."""
        return self._given == other._given if isinstance(other, Session) else NotImplemented

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __reduce__(self) -> tuple[Any, ...]:
        """Made again from its settings where it is unpickled; keys given by hand stay out of pickles."""
        secrets = sorted(_settings.SECRETS & self._given.keys())
        if secrets:
            raise TypeError(
                f"this session cannot be pickled because it was given {', '.join(secrets)}: secrets do not go into "
                "pickles, so name a profile or a role, or make the session where it is used"
            )
        return _restore, (self._given,)

    @property
    def region_name(self) -> str:
        """The source Region, as given or found."""
        return self._native.region_name

    @property
    def profile_name(self) -> str:
        """The profile of the AWS files that is read, as given or found; `default` if none was named."""
        return self._native.profile_name

    @staticmethod
    def get_available_services() -> list[str]:
        """What `client` makes clients of."""
        return ["bedrock", "bedrock-runtime"]

    @property
    def endpoint_url(self) -> str | None:
        """The endpoint to call in place of AWS's, as given or found in the environment or the AWS files; else None.

        It is that of `bedrock`, should the environment name different ones for the two services.
        """
        return self._native.endpoint_url

    def get_credentials(self) -> Credentials:
        """The keys in use now, fetched if need be.

        Returns:
            The access key, its secret and perhaps a token.

        Raises:
            NoCredentialsError: There are none.
            CredentialRetrievalError: Their source failed.
        """
        provider = self._given.get("credentials")
        if provider is None:
            return Credentials(*self._native.credentials())
        access_key, secret_key, token = _credentials.now(provider)
        return Credentials(access_key, secret_key, token)

    def whoami(self, *, principal: bool = False, credentials: bool = True) -> list[Origin]:
        """What this session calls with: profile, Region, endpoint, proxy, authorities and credentials.

        The credentials are fetched if need be. No secret is among what is shown.

        Args:
            principal: Ask STS, too, who the credentials belong to.
            credentials: Fetch the credentials; where that fails, `False` shows all the rest.

        Returns:
            A line for each part.

        Raises:
            NoCredentialsError: There are none; its notes say where was looked.
            CredentialRetrievalError: Their source failed.
        """
        endpoint = self.client("bedrock-runtime").meta.endpoint_url
        provider = _credentials.provider_of(self._given)
        fetched = credentials and provider is None
        lines = [Origin(*line) for line in self._native.whoami(endpoint, fetched, principal)]
        if provider is not None and credentials:
            name = "bearer_token" if isinstance(provider, _credentials.Bearer) else "credentials"
            lines.append(Origin("credentials", "a function", f"argument {name}"))
        return lines

    @overload
    def client(self, service_name: Literal["bedrock"], **settings: Unpack[ConnectionArguments]) -> BedrockClient: ...

    @overload
    def client(
        self, service_name: Literal["bedrock"], region_name: str, /, **settings: Unpack[ConnectionArguments]
    ) -> BedrockClient: ...

    @overload
    def client(
        self, service_name: Literal["bedrock-runtime"], **settings: Unpack[ConnectionArguments]
    ) -> BedrockRuntimeClient: ...

    @overload
    def client(
        self, service_name: Literal["bedrock-runtime"], region_name: str, /, **settings: Unpack[ConnectionArguments]
    ) -> BedrockRuntimeClient: ...

    @connecting
    def client(
        self, service_name: str, *region_name: str, **settings: Unpack[ConnectionArguments]
    ) -> BedrockClient | BedrockRuntimeClient:
        """A blocking client.

        Args:
            service_name: `bedrock` (profiles, models, logging, jobs) or `bedrock-runtime` (calls to models).
            *region_name: The source Region, by position as boto3 takes it.
            **settings: Connection arguments that differ from the session's. The client then has connections of its own,
                unless it differs in `cache` only; `cache=False` is none.

        Returns:
            The client.

        Raises:
            ValueError: There is no such service.
        """
        from outcrop import _clients

        return self._made(_clients.BedrockClient, _clients.BedrockRuntimeClient, service_name, region_name, settings)

    @overload
    def async_client(
        self, service_name: Literal["bedrock"], **settings: Unpack[ConnectionArguments]
    ) -> AsyncBedrockClient: ...

    @overload
    def async_client(
        self, service_name: Literal["bedrock"], region_name: str, /, **settings: Unpack[ConnectionArguments]
    ) -> AsyncBedrockClient: ...

    @overload
    def async_client(
        self, service_name: Literal["bedrock-runtime"], **settings: Unpack[ConnectionArguments]
    ) -> AsyncBedrockRuntimeClient: ...

    @overload
    def async_client(
        self, service_name: Literal["bedrock-runtime"], region_name: str, /, **settings: Unpack[ConnectionArguments]
    ) -> AsyncBedrockRuntimeClient: ...

    @connecting
    def async_client(
        self, service_name: str, *region_name: str, **settings: Unpack[ConnectionArguments]
    ) -> AsyncBedrockClient | AsyncBedrockRuntimeClient:
        """An asynchronous client, bound to no event loop.

        Args:
            service_name: `bedrock` or `bedrock-runtime`.
            *region_name: The source Region, by position as boto3 takes it.
            **settings: Connection arguments that differ from the session's. The client then has connections of its own,
                unless it differs in `cache` only; `cache=False` is none.

        Returns:
            The client; it can be used with and without `async with`.

        Raises:
            ValueError: There is no such service.
        """
        from outcrop import _clients

        return self._made(
            _clients.AsyncBedrockClient, _clients.AsyncBedrockRuntimeClient, service_name, region_name, settings
        )

    def _made(
        self, bedrock: Any, runtime: Any, service_name: str, region_name: tuple[str, ...], settings: Mapping[str, Any]
    ) -> Any:
        service_name = _values.text("service_name", service_name)
        session = self._with(_placed(region_name, settings))
        native = _native.Client(
            session._native,  # noqa: SLF001  -- a session of this very class
            service_name,
            session._given.get("parameter_validation", True),  # noqa: SLF001
            session._cache() if service_name == "bedrock-runtime" else None,  # noqa: SLF001
            session._given.get("unknown_members") == "drop",  # noqa: SLF001
        )
        native = _credentials.asking(native, _credentials.provider_of(session._given))  # noqa: SLF001  -- the same
        return (bedrock if service_name == "bedrock" else runtime)(session, native)

    def _with(self, settings: Mapping[str, Any]) -> Session:
        changed = {name: value for name, value in settings.items() if value is not None}
        if not changed:
            return self
        changed = _settings.translated(changed, self._given.get("endpoint_url", ""))
        if changed.keys() == {"cache"}:
            session = object.__new__(Session)
            session._given = _settings.checked({**self._given, **changed})
            session._native = self._native
            return session
        return Session(**{**self._given, **changed})

    def _cache(self) -> _native.Cache | None:
        cache = self._given.get("cache")
        return cache._native if cache else None  # noqa: SLF001  -- the package's own


def _placed(region_name: tuple[str, ...], settings: Mapping[str, Any]) -> Any:
    """The settings with the Region that stood behind the service's name."""
    if not region_name:
        return settings
    first, *more = region_name
    if more or settings.get("region_name") is not None:
        raise TypeError("by position a client takes the service's name and one Region, and everything else by name")
    return {**settings, "region_name": first}


def _restore(given: dict[str, Any]) -> Session:
    return Session(**given)


@overload
def client(service_name: Literal["bedrock"], **settings: Unpack[ConnectionArguments]) -> BedrockClient: ...


@overload
def client(
    service_name: Literal["bedrock"], region_name: str, /, **settings: Unpack[ConnectionArguments]
) -> BedrockClient: ...


@overload
def client(
    service_name: Literal["bedrock-runtime"], **settings: Unpack[ConnectionArguments]
) -> BedrockRuntimeClient: ...


@overload
def client(
    service_name: Literal["bedrock-runtime"], region_name: str, /, **settings: Unpack[ConnectionArguments]
) -> BedrockRuntimeClient: ...


@connecting
def client(
    service_name: str, *region_name: str, **settings: Unpack[ConnectionArguments]
) -> BedrockClient | BedrockRuntimeClient:
    """A blocking client of its own session.

    Args:
        service_name: `bedrock` or `bedrock-runtime`.
        *region_name: The source Region, by position as boto3 takes it.
        **settings: The arguments of `Session`.

    Returns:
        The client.

    Example:
        >>> runtime = client("bedrock-runtime", region_name="us-east-1")
        >>> answer = runtime.converse(
        ...     modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "What is an outcrop?"}]}],
        ... )
        >>> answer["output"]["message"]["role"]
        'assistant'
    """
    made: Any = Session(**_placed(region_name, settings))
    return made.client(service_name)


@overload
def async_client(service_name: Literal["bedrock"], **settings: Unpack[ConnectionArguments]) -> AsyncBedrockClient: ...


@overload
def async_client(
    service_name: Literal["bedrock"], region_name: str, /, **settings: Unpack[ConnectionArguments]
) -> AsyncBedrockClient: ...


@overload
def async_client(
    service_name: Literal["bedrock-runtime"], **settings: Unpack[ConnectionArguments]
) -> AsyncBedrockRuntimeClient: ...


@overload
def async_client(
    service_name: Literal["bedrock-runtime"], region_name: str, /, **settings: Unpack[ConnectionArguments]
) -> AsyncBedrockRuntimeClient: ...


@connecting
def async_client(
    service_name: str, *region_name: str, **settings: Unpack[ConnectionArguments]
) -> AsyncBedrockClient | AsyncBedrockRuntimeClient:
    """An asynchronous client of its own session, bound to no event loop.

    Args:
        service_name: `bedrock` or `bedrock-runtime`.
        *region_name: The source Region, by position as boto3 takes it.
        **settings: The arguments of `Session`.

    Returns:
        The client.

    Example:
        >>> import asyncio
        >>> runtime = async_client("bedrock-runtime", region_name="us-east-1")
        >>> call = runtime.converse(
        ...     modelId="us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "What is an outcrop?"}]}],
        ... )
        >>> asyncio.run(call)["stopReason"]
        'end_turn'
    """
    made: Any = Session(**_placed(region_name, settings))
    return made.async_client(service_name)
