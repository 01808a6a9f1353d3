"""How the native half makes exceptions: the class by its name, and botocore's class of that name beside it."""

from __future__ import annotations

import re
from typing import Any

from outcrop import exceptions
from outcrop._siblings import dressed, with_notes

_HOST = re.compile(r"https://bedrock(?:-runtime)?(?:-fips)?\.([a-z0-9-]+)\.")


def make(name: str, details: dict[str, Any]) -> Exception:
    """An error of this side of the connection."""
    if name == "EventStreamParserError":
        name = "ParserError"
    error = dressed(named(name, "BotoCoreError"))(**details)
    return with_notes(error, _strange_region(details["endpoint_url"])) if name == "EndpointConnectionError" else error


def _strange_region(url: str) -> list[str]:
    """What there is to say where a host was named after a Region that nobody knows."""
    host = _HOST.match(url)
    if host is None:
        return []
    from difflib import get_close_matches

    from outcrop.cross_region._snapshot import facts

    region, known = host[1], sorted(facts().regions)
    if region in known:
        return []
    near = get_close_matches(region, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return [f"{region} is none of the Regions that were known when outcrop was made{meant}"]


def found(name: str, details: dict[str, Any], notes: list[str]) -> Exception:
    """An error of the environment, the AWS files or a source of credentials, with where was looked before."""
    if "response" in details:
        refused = dressed(exceptions.CredentialServiceError)
        return with_notes(refused(details["response"], details["operation_name"]), notes)
    return with_notes(dressed(named(name, "BotoCoreError"))(**details), notes)


def client_error(response: dict[str, Any], operation_name: str, modeled: list[str], hint: str | None) -> Exception:
    """An error that Bedrock answered with; of the class of its code if AWS models it for the service."""
    code = response["Error"]["Code"]
    name = code if code in modeled else "ClientError"
    error = dressed(named(name, "ClientError"))(response, operation_name)
    return with_notes(error, [hint] if hint else [])


def stream_error(response: dict[str, Any], operation_name: str, modeled: list[str], hint: str | None) -> Exception:
    """An exception that Bedrock sent inside a stream."""
    del modeled
    error = dressed(exceptions.EventStreamError)(response, operation_name)
    return with_notes(error, [hint] if hint else [])


def named(name: str, otherwise: str) -> type[Any]:
    """Outcrop's class of that name."""
    return getattr(exceptions, name, None) or getattr(exceptions, otherwise)
