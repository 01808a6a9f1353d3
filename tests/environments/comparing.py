"""How two outcomes are compared, and the differences on purpose.

`docs/client.md` names each of them, under the same title. `test_differences.py` shows each.
"""

from __future__ import annotations

import re
from dataclasses import replace

UNFIT_KEY = re.compile(
    r"the (access key|secret access key|session token|bearer token|authorization token)"
    r" (has|is) .*, which no \1 of AWS's"
)
EMPTY = re.compile(r"(aws_access_key_id|aws_secret_access_key|region_name|profile_name) must not be empty: ")
UNFIT_URL = re.compile(r"Invalid endpoint: (\S*\*\*\*|(?!https?:)\w+://|\S*[^\x00-\x7f]|\S+ \S+: it|\S+::)")
EARLY = {
    "InvalidConfigError",
    "InvalidDefaultsMode",
    "InvalidMaxRetryAttemptsError",
    "InvalidRegionError",
    "InvalidRetryModeError",
    "InvalidSTSRegionalEndpointsConfigError",
    "NoRegionError",
    "ValueError",
}
"""Mistakes in settings."""
BROKEN = {"CredentialRetrievalError", "SSOTokenLoadError", "LoginTokenLoadError", "TokenRetrievalError"}


def is_botocores(outcome):
    """Whether the error is one of botocore's own, and is not another's with its name around it."""
    around = outcome.text.startswith("An HTTP Client raised an unhandled exception")
    return bool({"BotoCoreError", "ClientError"} & set(outcome.classes)) and not around


def past_the_proxy(outcome):
    """The same with a machine's metadata service asked directly."""
    return replace(outcome, asked=[event[:4] if event[0] == "instance" else event for event in outcome.asked])


def regions(theirs):
    """The Regions that requests were signed for."""
    return {event[2][1] for event in theirs.asked if event[0] == "bedrock" and len(event[2]) == 4}


def shouting(case):
    """Whether a proxy's URL is written as Python's client takes it to be no URL."""
    urls = [url for name, url in case.variables.items() if name.lower().endswith("_proxy") and url]
    return any(url.startswith(("HTTP://", "HTTPS://")) or not url.isascii() for url in urls)


def once(asked):
    """Each asked once, by a client whose keys are the same in each call."""
    return [event for number, event in enumerate(asked) if event not in asked[:number]]


def no_region(_, theirs, ours):
    """boto3 signs for an empty Region, or builds a host with one."""
    empty = "" in regions(theirs) or theirs.text.startswith("Invalid endpoint: https://bedrock-runtime")
    return ours.error == "NoRegionError" and not ours.asked and empty


def aws_region(case, theirs, ours):
    """boto3 does not know the variable."""
    missing = theirs.error == "NoRegionError" or "" in regions(theirs)
    return missing and bool(case.variables.get("AWS_REGION")) and ours.error != "NoRegionError"


def no_bearer_token(case, theirs, ours):
    """boto3 would send `Bearer ` and nothing behind it."""
    return case.variables.get("AWS_BEARER_TOKEN_BEDROCK") == "" and ours.error != theirs.error


def bearer_token(case, theirs, ours):
    """boto3 wants TLS even on loopback."""
    return bool(case.variables.get("AWS_BEARER_TOKEN_BEDROCK")) and theirs.error is not None and ours.error is None


def unfit_url(_, __, ours):
    """An endpoint with a secret or a query in it, of no HTTP, or with what no URL has."""
    return "ValueError" in ours.classes and bool(UNFIT_URL.match(ours.text))


def no_block(_, theirs, ours):
    """boto3 looks for an endpoint in a text."""
    return theirs.error == "AttributeError" and "must be indented lines below it" in ours.text


def empty_argument(case, theirs, ours):
    """boto3 takes an empty `endpoint_url` for one that cannot be."""
    return case.arguments.get("endpoint_url") == "" and theirs.text == "Invalid endpoint: "


def empty_key(_, __, ours):
    """boto3 signs with an empty argument, or passes it over."""
    return "ValueError" in ours.classes and bool(EMPTY.match(ours.text)) and not ours.asked


def half_a_pair(case, __, ours):
    """A session of boto3's signs with one of the two keys; `boto3.client` refuses it, too."""
    pair = {"aws_access_key_id", "aws_secret_access_key"}
    return ours.error == "PartialCredentialsError" and len(pair & set(case.arguments)) == 1 and not ours.asked


def unfit_key(_, theirs, ours):
    """boto3 sends it, or fails and shows the header."""
    begun = ours.asked == theirs.asked[: len(ours.asked)]
    return ours.error == "CredentialRetrievalError" and bool(UNFIT_KEY.search(ours.text)) and begun


def unfit_proxy(_, theirs, ours):
    """Another class of boto3's."""
    said = "names a SOCKS proxy" in ours.text or "is no URL of an HTTP proxy" in ours.text
    return ours.error == "ProxyConnectionError" and said and theirs.error is not None and ours.asked == theirs.asked


def odd_proxy(case, theirs, ours):
    """Python's client takes no scheme in capitals, and no letter beyond ASCII."""
    return shouting(case) and theirs.error in {"ProxyConnectionError", "HTTPClientError"} and ours.error != theirs.error


def by_bundle(_, theirs, ours):
    """boto3 takes no bundle for a container's TLS, and drops it for `verify=True`."""
    return theirs.error == "SSLError" and ours.error is None


def raw_error(_, theirs, ours):
    """An `OSError`, a `KeyError` and so on escapes boto3."""
    raw = theirs.error is not None and not is_botocores(theirs)
    return raw and bool(BROKEN & set(ours.classes)) and ours.asked == once(theirs.asked)


def half_a_source(_, theirs, ours):
    """boto3 asks for a role without a name, in no Region, or with no token; it signs with a secret that is null."""
    sign_on = ours.error == "InvalidConfigError" and "configured to use SSO but is missing" in ours.text
    process = ours.error == "CredentialRetrievalError" and "Missing required key in response" in ours.text
    token = (theirs.error, ours.error) == ("ParamValidationError", "SSOTokenLoadError")
    return (sign_on or process or token) and not ours.asked


def other_mistake(_, theirs, ours):
    """Of two mistakes, settings are looked at first."""
    return theirs.error is not None and ours.error in EARLY and not ours.asked


def login(_, theirs, __):
    """boto3 wants an extra."""
    return theirs.error == "MissingDependencyException"


def unkept(_, theirs, ours):
    """boto3 throws away a token that it cannot write to its file."""
    renewed = any(event[0] in {"oidc", "login"} for event in theirs.asked)
    begun = ours.asked[: len(theirs.asked)] == theirs.asked
    return renewed and begun and theirs.error in {"PermissionError", "OSError"}


def unneeded(case, theirs, ours):
    """boto3 fails where it cannot renew what holds for ten minutes more."""
    refused = case.told.get("sts") == "refuses later" and case.told.get("expires") == "soon"
    return refused and theirs.error is not None and ours.asked == theirs.asked[: len(ours.asked)]


def renewal(_, theirs, ours):
    """boto3 asks with each call for keys that live less than 15 minutes."""
    return ours.error == theirs.error and ours.asked == once(theirs.asked) and ours.asked != theirs.asked


PURPOSES = {
    "Region": [no_region, aws_region],
    "Bearer tokens": [no_bearer_token, bearer_token],
    "Endpoints": [unfit_url, no_block, empty_argument],
    "Proxies": [unfit_proxy, odd_proxy],
    "Keys and names": [unfit_key, empty_key, half_a_pair],
    "Broken sources": [raw_error, half_a_source],
    "Order": [other_mistake],
    "Renewal": [renewal, unkept, unneeded],
    "Trust and login": [login, by_bundle],
}
"""By the title of the difference: what it looks like from outside."""


def purposes(case, theirs, ours):
    """Which differences on purpose the two outcomes show."""
    theirs = past_the_proxy(theirs)
    return {title for title, all_of_it in PURPOSES.items() if any(each(case, theirs, ours) for each in all_of_it)}


def same(case, theirs, ours):
    """Why outcrop's outcome differs from boto3's without a purpose; None where it does not."""
    asked = past_the_proxy(theirs).asked
    if asked == ours.asked and (theirs.error == ours.error or theirs.error in ours.classes):
        return None
    if purposes(case, theirs, ours):
        return None
    if asked != ours.asked:
        return f"asked {ours.asked}, not {theirs.asked}"
    return f"raised {ours.error}, not {theirs.error}"
