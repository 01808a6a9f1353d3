"""boto3's `config=`, `verify=` and `use_ssl=` as the connection arguments that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_EFFECT = frozenset({
    "account_id_endpoint_mode", "client_context_params", "disable_request_compression", "endpoint_discovery_enabled",
    "inject_host_prefix", "request_checksum_calculation", "request_min_compression_size_bytes",
    "response_checksum_validation", "s3", "s3_disable_express_session_auth", "sigv4a_signing_region_set",
    "tcp_keepalive",
})  # fmt: skip
"""What a call to Bedrock does not depend on, with boto3 neither; connections are always kept alive."""

WAYS_OUT = {
    "auth_scheme_preference": "pass bearer_token=, or keys",
    "client_cert": "there is none for Bedrock's endpoints; put a proxy of yours before it",
    "defaults_mode": "pass timeouts= and retries=, or set AWS_DEFAULTS_MODE",
    "ignore_configured_endpoint_urls": "set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "proxies_config": "pass proxy= a URL, and ca_bundle= for its authority",
    "use_dualstack_endpoint": "set AWS_USE_DUALSTACK_ENDPOINT, or pass endpoint_url=",
    "use_fips_endpoint": "set AWS_USE_FIPS_ENDPOINT, or pass endpoint_url=",
}
"""What has no argument here, and what to do instead."""

_TRANSLATED = (
    "region_name", "signature_version", "user_agent", "user_agent_extra", "user_agent_appid", "connect_timeout",
    "read_timeout", "parameter_validation", "max_pool_connections", "proxies", "retries",
)  # fmt: skip


def translated(settings: Mapping[str, Any], endpoint_url: str = "") -> dict[str, Any]:
    """Replace boto3's arguments by outcrop's. What is given as outcrop's own argument wins.

    Args:
        settings: Connection arguments by name, without those that are `None`.
        endpoint_url: The endpoint where the arguments name none, as far as it is known.

    Returns:
        The arguments without `config`, `verify` and `use_ssl`.

    Raises:
        TypeError: `config` is no `Config`.
        ValueError: Something has no counterpart here; the text says what to do instead.
    """
    own = {name: value for name, value in settings.items() if name not in ("config", "verify", "use_ssl")}
    found: dict[str, Any] = {}
    verify = settings.get("verify", True)
    if verify is False:
        raise ValueError("verify=False is not supported: name the authority to trust by ca_bundle=")
    if verify is not True:
        found["ca_bundle"] = verify
    endpoint_url = str(own.get("endpoint_url", endpoint_url))
    if settings.get("use_ssl", True) is False and not endpoint_url:
        raise ValueError("use_ssl=False is not supported: name an http endpoint by endpoint_url=")
    if "config" in settings:
        found |= arguments_of(settings["config"], http=endpoint_url.startswith("http://"))
    for name in ("timeouts", "retries", "default_headers"):
        if name in found and isinstance(own.get(name), dict):
            found[name] = {**found[name], **own.pop(name)}
            if "total_max_attempts" in found[name]:
                found[name].pop("max_attempts", None)
    return {**found, **own}


def arguments_of(config: Any, *, http: bool = False) -> dict[str, Any]:
    """Read a `botocore.config.Config` without importing botocore.

    Args:
        config: The `Config`, or an object with its attributes.
        http: Whether the endpoint is without TLS, for which `proxies` has an entry of its own.

    Returns:
        Connection arguments by name.

    Raises:
        TypeError: It is neither.
        ValueError: It sets something that has no counterpart here.
    """
    given = _given(config)
    for name, value in given.items():
        if name in WAYS_OUT and value not in (None, False):
            raise ValueError(f"{name} of config= is not supported: {WAYS_OUT[name]}")
    if given.get("signature_version", "v4") != "v4":
        raise ValueError(
            "signature_version of config= must be v4: calls are signed by it, or carry the bearer_token= that is given"
        )
    found = {
        name: given[name] for name in ("region_name", "parameter_validation", "max_pool_connections") if name in given
    }
    timeouts = {
        clock: given[name]
        for clock, name in (("connect", "connect_timeout"), ("first_byte", "read_timeout"), ("idle", "read_timeout"))
        if name in given
    }
    if timeouts:
        found["timeouts"] = timeouts
    if retries := _retries(given.get("retries") or {}):
        found["retries"] = retries
    if given.get("proxies"):
        # As with botocore, what it does not name is called directly.
        found["proxy"] = given["proxies"].get("http" if http else "https") or False
    agent = [given.get("user_agent"), given.get("user_agent_extra")]
    agent += [f"app/{given['user_agent_appid']}"] if given.get("user_agent_appid") else []
    if any(agent):
        found["default_headers"] = {"User-Agent": " ".join(part for part in agent if part)}
    return found


def _given(config: Any) -> dict[str, Any]:
    # Its attributes hold botocore's defaults, too, which are not outcrop's: only here does it say what was given.
    given = getattr(config, "_user_provided_options", None)
    if not isinstance(given, dict):
        known = (*_TRANSLATED, *WAYS_OUT)
        given = {name: getattr(config, name) for name in known if getattr(config, name, None) is not None}
        if not given and not hasattr(config, "read_timeout"):
            raise TypeError(f"config must be a botocore.config.Config, not {type(config).__name__}")
    return {name: value for name, value in given.items() if value is not None or name.endswith("_timeout")}


def _retries(given: dict[str, Any]) -> dict[str, Any]:
    attempts = given.get("total_max_attempts")
    if attempts is None and given.get("max_attempts") is not None:
        attempts = given["max_attempts"] + 1  # botocore counts retries here, outcrop counts attempts
    # `legacy` is botocore's alone.
    mode = "standard" if given.get("mode") == "legacy" else given.get("mode")
    found = {"mode": mode, "max_attempts": attempts}
    return {name: value for name, value in found.items() if value is not None}
