"""How two outcomes are compared, and the differences on purpose.

`docs/client.md` names each of them, under the same title. `test_differences.py` shows each.
"""

from __future__ import annotations

import re

UNFIT_KEY = re.compile(r"the (access key|secret access key|session token|bearer token) (has|is) .*, which no \1 of AWS's")
UNFIT_URL = re.compile(r"^ *(?!https?://)\w+://|[@?#]", re.IGNORECASE)
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


def is_botocores(outcome):
    """Whether the error is one of botocore's own."""
    return bool({"BotoCoreError", "ClientError"} & set(outcome.classes))


def past_the_proxy(event):
    """A machine's metadata service, asked directly."""
    return event[:4] if event[0] == "instance" else event


def regions(theirs):
    """The Regions that requests were signed for."""
    return {event[2][1] for event in theirs.asked if event[0] == "bedrock" and len(event[2]) == 4}


def once(asked):
    """Each source of keys asked once."""
    seen = []
    return [event for event in asked if event[0] == "bedrock" or not (event in seen or seen.append(event))]


def no_region(_, theirs, ours):
    """boto3 signs for an empty Region, or builds a host with one."""
    empty = "" in regions(theirs) or theirs.text.startswith("Invalid endpoint: https://bedrock-runtime")
    return ours.error == "NoRegionError" and not ours.asked and empty


def aws_region(case, theirs, ours):
    """boto3 does not know the variable."""
    return theirs.error == "NoRegionError" and bool(case.variables.get("AWS_REGION")) and ours.error != "NoRegionError"


def no_bearer_token(case, theirs, ours):
    """boto3 sends `Bearer ` and nothing behind it."""
    return case.variables.get("AWS_BEARER_TOKEN_BEDROCK") == "" and ours.error != theirs.error


def bearer_token(case, theirs, ours):
    """boto3 wants TLS and keys beside it."""
    return bool(case.variables.get("AWS_BEARER_TOKEN_BEDROCK")) and theirs.error is not None and ours.error is None


def unfit_url(case, theirs, ours):
    """An endpoint with a secret or a query in it."""
    said = [*case.variables.values(), *case.files.values(), *case.arguments.values()]
    urls = [line.rpartition("= ")[2] for text in said if isinstance(text, str) for line in text.splitlines()]
    refused = "ValueError" in ours.classes and ours.text.startswith("Invalid endpoint")
    return refused and any(UNFIT_URL.search(url) for url in urls if "://" in url)


def unfit_key(_, theirs, ours):
    """boto3 sends it, or fails and shows the header."""
    begun = ours.asked == theirs.asked[: len(ours.asked)]
    return ours.error == "CredentialRetrievalError" and bool(UNFIT_KEY.search(ours.text)) and begun


def raw_error(_, theirs, ours):
    """An `OSError`, a `KeyError` and so on escapes boto3."""
    raw = theirs.error is not None and not is_botocores(theirs)
    return raw and "CredentialRetrievalError" in ours.classes and ours.asked == theirs.asked


def other_mistake(_, theirs, ours):
    """Of two mistakes, settings are looked at first."""
    return theirs.error is not None and ours.error in EARLY and not ours.asked


def login(_, theirs, __):
    """boto3 wants an extra."""
    return theirs.error == "MissingDependencyException"


def renewal(_, theirs, ours):
    """boto3 asks with each call for keys that live less than 15 minutes."""
    return ours.error == theirs.error and ours.asked == once(theirs.asked) and ours.asked != theirs.asked


PURPOSES = {
    "no Region": [no_region, aws_region],
    "bearer tokens": [no_bearer_token, bearer_token],
    "endpoints": [unfit_url],
    "keys that cannot be": [unfit_key],
    "broken sources": [raw_error],
    "order": [other_mistake],
    "aws login": [login],
    "renewal": [renewal],
}
"""By the title of the difference: what it looks like from outside. Those that are not here are seen by nobody but their test."""


def purposes(case, theirs, ours):
    """Which differences on purpose the two outcomes show."""
    return {title for title, all_of_it in PURPOSES.items() if any(each(case, theirs, ours) for each in all_of_it)}


def same(case, theirs, ours):
    """Why outcrop's outcome differs from boto3's without a purpose; None where it does not."""
    asked = [past_the_proxy(event) for event in theirs.asked]
    if asked == ours.asked and theirs.error is None and ours.error is None:
        return None
    if asked == ours.asked and theirs.error in ours.classes:
        return None
    if purposes(case, theirs, ours):
        return None
    if asked != ours.asked:
        return f"asked {ours.asked}, not {theirs.asked}"
    return f"raised {ours.error}, not {theirs.error}"
