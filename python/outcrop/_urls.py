"""What a URL says of where it leads."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine, as a local Bedrock's does.

    Example:
        >>> is_loopback("http://127.0.0.1:8080"), is_loopback("https://bedrock.us-east-1.amazonaws.com")
        (True, False)
    """
    import ipaddress

    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
