"""The way from a recorder to AWS, by botocore: endpoint, signature, proxies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from outcrop.emulator._loopback import Asked


def endpoint(session: Any, asked: Asked) -> str:
    """AWS's own endpoint for a request, whatever the environment says: that points at the recorder.

    Raises:
        ValueError: The request does not tell its Region.
    """
    from botocore.config import Config

    region = asked.region or session.get_config_variable("region")
    if not region:
        raise ValueError("a request with a bearer token tells no Region: set AWS_DEFAULT_REGION")
    runtime = urlsplit(asked.target).path.startswith(("/model/", "/guardrail/", "/async-invoke", "/guardrail-checks"))
    service = "bedrock-runtime" if runtime else "bedrock"
    settings = Config(ignore_configured_endpoint_urls=True)
    return session.create_client(service, region_name=region, config=settings).meta.endpoint_url


def send(session: Any, asked: Asked, url: str, timeouts: tuple[float, float]) -> Any:
    """Signs and sends; the answer's head, with the body to be read from `raw`."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    kept = {name: value for name, value in asked.headers.items() if name in {"content-type", "accept"} or _says(name)}
    request = AWSRequest(asked.method, url, headers=kept, data=asked.body, stream_output=True)
    bearer = asked.headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        request.headers["authorization"] = bearer
    else:
        credentials = session.get_credentials()
        if credentials is None:
            raise ValueError("there are no credentials to sign with")
        region = asked.region or session.get_config_variable("region")
        SigV4Auth(credentials.get_frozen_credentials(), "bedrock", region).add_auth(request)
    proxies = get_environ_proxies(url)
    return URLLib3Session(timeout=timeouts, proxies=proxies).send(request.prepare())


def secrets(session: Any) -> list[str]:
    """What may be in no recording."""
    credentials = session.get_credentials()
    if credentials is None:
        return []
    frozen = credentials.get_frozen_credentials()
    return [value for value in (frozen.secret_key, frozen.token, frozen.access_key) if value]


def _says(name: str) -> bool:
    """Headers that are part of what is asked, as a guardrail's."""
    return name.startswith("x-amzn-bedrock")
