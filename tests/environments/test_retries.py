"""How often those are asked who give credentials: as often as boto3 asks them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from .conftest import Case
from .test_cases import HERE, PROD, SSO, config, role, token
from .test_chains import REGISTERED
from .world import OVER

R = {"profile_name": "r"}
BUSY = [503, {}, ""]
ROLE = Case(HERE, PROD | config(role("source_profile = prod")), R, {"say": {"sts": BUSY}})
CASES = {
    "sts": ROLE,
    "web identity": Case(
        HERE, {"t": "web-token"} | config(role("web_identity_token_file = {home}/t")), R, {"say": {"sts": BUSY}}
    ),
    "sso": Case(HERE, config(SSO) | token("mine"), {"profile_name": "s"}, {"say": {"sso": BUSY}}),
    "oidc": Case(
        {**HERE, "AWS_ENDPOINT_URL_SSO_OIDC": "{world}"},
        config(SSO) | token("mine", expiresAt=OVER, **REGISTERED),
        {"profile_name": "s"},
        {"say": {"oidc": BUSY}},
    ),
}
SETTINGS = {
    "nothing is said": ({}, "", 3),
    "1": ({"AWS_MAX_ATTEMPTS": "1"}, "", 1),
    "2": ({"AWS_MAX_ATTEMPTS": "2"}, "", 2),
    "5": ({"AWS_MAX_ATTEMPTS": "5"}, "", 5),
    "2 of the profile": ({}, "max_attempts = 2\n", 2),
    "the variable beats the profile": ({"AWS_MAX_ATTEMPTS": "4"}, "max_attempts = 2\n", 4),
    "standard": ({"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "4"}, "", 4),
    "adaptive": ({"AWS_RETRY_MODE": "adaptive"}, "", 3),
    "adaptive of the profile": ({}, "retry_mode = adaptive\n", 3),
}


def with_settings(case, variables, line):
    """The case with more variables, and a line more in its profile."""
    text = case.files[".aws/config"].replace("]\n", "]\n" + line, 1)
    return replace(case, variables={**case.variables, **variables}, files=case.files | config(text))


@pytest.mark.parametrize(
    ("name", "settings"),
    [*(("sts", settings) for settings in SETTINGS), *((name, "2") for name in CASES if name != "sts")],
)
def test_one_that_is_busy_is_asked_as_often_as_the_environment_says(both, name, settings):
    variables, line, times = SETTINGS[settings]
    theirs, ours = both(with_settings(CASES[name], variables, line))
    asked = {"web identity": "sts"}.get(name, name)
    assert theirs.counts == {asked: times}, theirs.traceback
    assert ours.counts == {asked: times}, ours.traceback
    assert theirs.error in ours.classes


@pytest.mark.parametrize(("attempts", "times"), [(None, (5, 3)), ("2", (2, 2))])
def test_legacy_is_standard(both, attempts, times):
    """A number that is named counts in boto3's older mode, too."""
    case = with_settings(ROLE, {"AWS_RETRY_MODE": "legacy", "AWS_MAX_ATTEMPTS": attempts}, "")
    assert tuple(outcome.counts["sts"] for outcome in both(case)) == times


@pytest.mark.parametrize("arguments", [{"max_attempts": 1}, {"max_attempts": 2, "mode": "adaptive"}])
def test_a_clients_own_retries_are_for_its_own_calls(both, arguments):
    case = replace(ROLE, variables={**HERE, "AWS_MAX_ATTEMPTS": "4"}, arguments={**R, "retries": arguments})
    theirs, ours = both(case)
    assert theirs.counts == ours.counts == {"sts": 4}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((status, None) for status in (403, 500, 502, 504)),
        *((400, code) for code in ("Throttling", "RequestTimeout", "IDPCommunicationError", "AccessDenied")),
        (403, "RequestTimeTooSkewed"),
        (429, "TooManyRequestsException"),
        (500, "InternalFailure"),
        (503, "ServiceUnavailable"),
    ],
)
@pytest.mark.parametrize("name", ["web identity", "sso"])
def test_the_same_refusals_are_worth_another_attempt(both, name, status, code):
    case = CASES[name]
    (who,) = case.told["say"]
    said = [status, {}, ""]
    if code and who == "sts":
        said[1:] = [{"Content-Type": "text/xml"}, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"]
    elif code:
        said[1:] = [{"x-amzn-errortype": code}, json.dumps({"message": "no"})]
    theirs, ours = both(replace(case, variables={**case.variables, "AWS_MAX_ATTEMPTS": "2"}, told={"say": {who: said}}))
    assert ours.counts == theirs.counts, f"{theirs}\n{ours}"
