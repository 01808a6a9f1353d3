"""The connection arguments: checked here, once, for sessions, clients and routers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from outcrop import _errors, _values, exceptions
from outcrop._names import refuse_unknown
from outcrop._siblings import dressed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Timeouts(TypedDict, total=False):
    """The clocks of a call, in seconds; `None` stops a clock.

    Example:
        >>> import outcrop
        >>> clocks: outcrop.Timeouts = {"connect": 3, "first_byte": 120, "total": None}
        >>> runtime = outcrop.client("bedrock-runtime", timeouts=clocks)
    """

    connect: float | None
    """Name resolution and TCP, and then the TLS handshake, this long each. Default 3.1, as AWS's SDKs have it."""
    first_byte: float | None
    """The wait for the answer's first byte. Default 3600: a model may think long, and AWS advises as much."""
    idle: float | None
    """The wait between two reads of an answer that has begun, and between two writes of a request. Default 300."""
    total: float | None
    """The whole call, with retries and the stream's last event. Default none."""


class Retries(TypedDict, total=False):
    """How a call is repeated after throttling, a failed connection or a server's error.

    Example:
        >>> import outcrop
        >>> patient: outcrop.Retries = {"mode": "adaptive", "max_attempts": 5}
        >>> runtime = outcrop.client("bedrock-runtime", retries=patient)
    """

    mode: str
    """`standard` (the default) or `adaptive`, which also slows down before it is throttled."""
    max_attempts: int
    """Attempts in all, the first included. Default 3. `AWS_MAX_ATTEMPTS` and the AWS files count, too."""
    total_max_attempts: int
    """boto3's other name for `max_attempts`."""


PATIENCE = 3.0
"""Seconds that a call waits for the control plane: a Region that fails may not answer at all."""


def patience(timeouts: Mapping[str, float | None] | None) -> float:
    """Seconds that a call with these timeouts waits for the control plane."""
    return min(PATIENCE, (timeouts or {}).get("total") or PATIENCE)


TEXTS = (
    "region_name",
    "endpoint_url",
    "profile_name",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "role_arn",
    "role_session_name",
    "bearer_token",
    "ca_bundle",
)
OTHERS = (
    "credentials",
    "timeouts",
    "retries",
    "max_pool_connections",
    "max_connections",
    "pool_idle_timeout",
    "max_response_bytes",
    "http_version",
    "proxy",
    "default_headers",
    "parameter_validation",
    "unknown_members",
    "cache",
)
BOTO3 = frozenset({"config", "verify", "use_ssl"})
NAMES = (*TEXTS, *OTHERS, *sorted(BOTO3))
CREDENTIALS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "bearer_token"})
SECRETS = frozenset({"aws_secret_access_key", "aws_session_token", "bearer_token", "proxy", "default_headers"})
CLOCKS = ("connect", "first_byte", "idle", "total")
MODES = ("standard", "adaptive")
HTTP_VERSIONS = ("1.1", "2", "auto")
UNKNOWN_MEMBERS = ("keep", "drop")


def checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were given, or the error that says what is wrong with them and what would be right.

    Args:
        settings: Connection arguments by name; `None` stands for not given.

    Raises:
        TypeError: A name is unknown, or a value has the wrong type.
        ValueError: A value cannot be.
        PartialCredentialsError: One key comes without the other.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    refuse_unknown(given, NAMES, "connection argument", TypeError)
    given = translated(given)
    # As with the variables: an empty endpoint names none, and keys that last have no token.
    for name in ("endpoint_url", "aws_session_token"):
        if given.get(name) == "":
            del given[name]
    for name in TEXTS:
        if name in given and not (name == "bearer_token" and callable(given[name])):
            given[name] = _text(name, given[name])
    _keys(given)
    if "role_session_name" in given and "role_arn" not in given:
        raise ValueError("role_session_name goes with role_arn: name the role, too")
    if "bearer_token" in given and ("aws_access_key_id" in given or "role_arn" in given):
        raise ValueError("bearer_token and keys exclude each other: a call is signed with one of them")
    _provider(given)
    for name, check in _CHECKS.items():
        if name in given:
            given[name] = check(name, given[name])
    if "cache" in given:
        from outcrop._cache import cache_of

        given["cache"] = cache_of(given["cache"])
    return given


def translated(given: Mapping[str, Any], endpoint_url: str = "") -> dict[str, Any]:
    """The settings with outcrop's names in the place of boto3's.

    Args:
        given: Connection arguments by name.
        endpoint_url: The endpoint of the session that they are for.

    Raises:
        TypeError: `config` is no `Config`.
        ValueError: Something has no counterpart here.
    """
    if BOTO3.isdisjoint(given):
        return dict(given)
    from outcrop import _botocore_config  # whose table is long, and wanted by few

    return _botocore_config.translated(given, endpoint_url)


def native(given: Mapping[str, Any]) -> dict[str, Any]:
    """Checked settings in the flat form that the native half takes."""
    wholes = ("max_pool_connections", "max_connections", "max_response_bytes")
    flat = {name: given[name] for name in (*TEXTS, *wholes) if name in given}
    if callable(flat.get("bearer_token")):
        del flat["bearer_token"]
    flat |= given.get("timeouts", {})
    retries = given.get("retries", {})
    flat["retry_mode"] = retries.get("mode")
    flat["max_attempts"] = retries.get("max_attempts", retries.get("total_max_attempts"))
    if "pool_idle_timeout" in given:
        flat["pool_idle"] = given["pool_idle_timeout"]
    flat["http_version"] = given.get("http_version")
    if "proxy" in given:
        flat["proxy"] = given["proxy"] or ""
    if "default_headers" in given:
        flat["default_headers"] = list(given["default_headers"].items())
    return flat


def may_hold_secrets(url: str) -> bool:
    """Whether a URL has a user, a query or a fragment, which are where tokens and passwords are."""
    return any(sign in url for sign in "@?#")


def shown(given: Mapping[str, Any]) -> str:
    """The settings as arguments, secrets as `***`."""
    return ", ".join(f"{name}={'***' if name in SECRETS else repr(value)}" for name, value in given.items())


def _keys(given: Mapping[str, Any]) -> None:
    pair = ("aws_access_key_id", "aws_secret_access_key")
    missing = [name for name in pair if name not in given]
    if len(missing) == 1 or ("aws_session_token" in given and missing):
        raise dressed(exceptions.PartialCredentialsError)(provider="explicit arguments", cred_var=", ".join(missing))


def _provider(given: Mapping[str, Any]) -> None:
    if "credentials" not in given:
        return
    if not callable(given["credentials"]):
        raise TypeError(f"credentials must be a function that gives them, not {type(given['credentials']).__name__}")
    others = [name for name in ("aws_access_key_id", "role_arn", "bearer_token") if name in given]
    if others:
        raise ValueError(f"credentials and {others[0]} exclude each other: a call is signed with one of them")


def _text(name: str, value: Any) -> str:
    try:
        found = _values.text(name, value)
    except ValueError as error:
        if name in CREDENTIALS:
            details = {"provider": "explicit arguments", "error_msg": str(error)}
            raise _errors.make("CredentialRetrievalError", details) from None
        raise
    if not found:
        raise ValueError(f"{name} must not be empty: leave it out to use what the environment says")
    return found


def _timeouts(name: str, timeouts: Any) -> dict[str, float | None]:
    if not isinstance(timeouts, dict):
        raise TypeError(f'{name} must be a dict such as {{"connect": 3.1, "total": 60}}')
    refuse_unknown(timeouts, CLOCKS, f"key of {name}", ValueError)
    return {_values.plain(clock): _seconds(f'{name}["{clock}"]', value) for clock, value in timeouts.items()}


def _retries(name: str, retries: Any) -> dict[str, Any]:
    if not isinstance(retries, dict):
        raise TypeError(f'{name} must be a dict such as {{"mode": "standard", "max_attempts": 3}}')
    refuse_unknown(retries, Retries.__annotations__, f"key of {name}", ValueError)
    found = {_values.plain(key): _values.plain(value) for key, value in retries.items()}
    if found.get("mode", "standard") not in MODES:
        raise ValueError(f'{name}["mode"] must be one of {", ".join(MODES)}, not {_values.shown(found["mode"])}')
    if "max_attempts" in found and "total_max_attempts" in found:
        raise ValueError(f'{name} has "max_attempts" and "total_max_attempts", which mean the same: name one')
    for key in ("max_attempts", "total_max_attempts"):
        if found.get(key) is not None:
            found[key] = _values.whole(key, found[key])
    return found


def _seconds(name: str, value: Any) -> float | None:
    return _values.seconds(name, value, "None stops the clock")


def _one_of(words: tuple[str, ...]) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        found = _values.plain(value)
        if found not in words:
            raise ValueError(f"{name} must be one of {', '.join(words)}, not {_values.shown(found)}")
        return found

    return check


def _proxy(name: str, value: Any) -> str | bool:
    if value is False:
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a URL, or False to use none")
    return _values.text(name, value)


def _headers(name: str, headers: Any) -> dict[str, str]:
    try:
        pairs = dict(headers)
    except (TypeError, ValueError, KeyError):
        raise TypeError(f'{name} must be a dict of str to str, such as {{"X-Team": "geology"}}') from None
    return {
        _values.text(f"a name in {name}", header): _values.text(
            f"the value of {_values.shown(header)} in {name}", value
        )
        for header, value in pairs.items()
    }


_CHECKS = {
    "timeouts": _timeouts,
    "retries": _retries,
    "max_pool_connections": _values.whole,
    "max_response_bytes": _values.whole,
    "max_connections": _values.whole,
    "pool_idle_timeout": _seconds,
    "http_version": _one_of(HTTP_VERSIONS),
    "proxy": _proxy,
    "default_headers": _headers,
    "parameter_validation": _values.flag,
    "unknown_members": _one_of(UNKNOWN_MEMBERS),
}
