"""Chains of roles, whose links may be over, about to be, or the same: STS is asked what boto3 asks it."""

from __future__ import annotations

import pytest

from .comparing import same
from .conftest import Case
from .test_cases import HERE, LEGACY_SSO, PROD, SSO, config, role, token
from .test_shapes import KEY, process
from .world import LATER, OVER

OTHER = role("source_profile = prod", "q").replace("Geologist", "Other")
CHAIN = PROD | config(role("source_profile = q") + OTHER)
SAME = PROD | config(role("source_profile = q") + role("source_profile = prod", "q"))
R = {"profile_name": "r"}
CONTAINER = {**HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container"}
DATED = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_CREDENTIAL_EXPIRATION": OVER}
REGISTERED = {"refreshToken": "r", "clientId": "c", "clientSecret": "x", "registrationExpiresAt": LATER}
RUN = role("source_profile = p") + "[profile p]\ncredential_process = /bin/sh {home}/run\n"


def over(source, **told):
    """A role of a source that gives expired keys."""
    return Case({**CONTAINER, **DATED}, config(role(f"credential_source = {source}")), R, told)


CHAINS = {
    "the first role comes expired": Case(HERE, CHAIN, R, {"expires": {"Other": "over"}}),
    "the last role comes expired": Case(HERE, CHAIN, R, {"expires": {"Geologist": "over"}}),
    "all roles come expired": Case(HERE, CHAIN, R, {"expires": "over"}),
    "the first of three comes expired": Case(
        HERE,
        PROD
        | config(role("source_profile = o") + role("source_profile = q", "o").replace("Geologist", "Middle") + OTHER),
        R,
        {"expires": {"Other": "over"}},
    ),
    "the first role is about to expire": Case(HERE, CHAIN, R, {"expires": {"Other": "soon"}}),
    "a process gives expired keys": Case(HERE, {"run": f"echo '{KEY}'" % f', "Expiration": "{OVER}"'} | config(RUN), R),
    "a process gives keys for good": Case(HERE, {"run": f"echo '{KEY}'" % ', "Expiration": null'} | config(RUN), R),
    "a container gives expired keys": over("EcsContainer", expires={"machine": "over"}),
    "the environment has expired keys": over("Environment"),
    "an instance gives expired keys": over("Ec2InstanceMetadata", instance=200, expires={"machine": "over"}),
    "a web identity comes expired": Case(
        HERE,
        {"t": "web-token"}
        | config(
            role("source_profile = w") + role("web_identity_token_file = {home}/t", "w").replace("Geologist", "Other")
        ),
        R,
        {"expires": {"Other": "over"}},
    ),
    "a sign-on is over": Case(
        HERE, config(role("source_profile = s") + LEGACY_SSO) | token("https://x", expiresAt=OVER), R
    ),
    "a sign-on holds": Case(
        HERE, config(role("source_profile = s") + LEGACY_SSO) | token("https://x", expiresAt=LATER), R
    ),
    "the same role twice": Case(HERE, SAME, R),
    "the same role under two names": Case(
        HERE,
        PROD | config(role("source_profile = q\nrole_session_name = field-work") + role("source_profile = prod", "q")),
        R,
    ),
    "the same role under an empty name": Case(
        HERE, PROD | config(role("source_profile = q\nrole_session_name =") + role("source_profile = prod", "q")), R
    ),
    "the role of a web identity again": Case(
        HERE,
        {"t": "web-token"} | config(role("source_profile = w") + role("web_identity_token_file = {home}/t", "w")),
        R,
    ),
    **{
        f"the environment has keys until {when}": Case(
            {**HERE, **DATED, "AWS_CREDENTIAL_EXPIRATION": when}, config(role("credential_source = Environment")), R
        )
        for when in (
            "2099-01-01T00:00:00z",
            "2099-01-01T00:00Z",
            "20990101T000000Z",
            "2099-01-01T00:00:00+0200",
            "Fri, 01 Jan 2099 00:00:00 GMT",
        )
    },
    **{
        f"STS answers {status} without a code": Case(
            {**HERE, "AWS_MAX_ATTEMPTS": "1"}, CHAIN, R, {"say": {"sts": [status, {}, ""]}}
        )
        for status in (403, 503)
    },
    "a container gives no token": Case(
        CONTAINER,
        told={
            "say": {
                "container": [
                    200,
                    {},
                    f'{{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": null, "Expiration": "{LATER}"}}',
                ]
            }
        },
    ),
    **{
        f"a process prints {printed}": Case(HERE, process(f'{{"AccessKeyId": "A", {printed}}}'), {"profile_name": "p"})
        for printed in (
            '"Version": 1.0, "SecretAccessKey": "s"',
            '"Version": true, "SecretAccessKey": "s"',
            '"Version": 1, "SecretAccessKey": "s", "AccessKeyId": "B"',
        )
    },
    "a sign-on is renewed and over": Case(
        {**HERE, "AWS_ENDPOINT_URL_SSO_OIDC": "{world}"},
        config(SSO) | token("mine", expiresAt=OVER, **REGISTERED),
        {"profile_name": "s"},
        {"say": {"oidc": [200, {}, '{"accessToken": "n", "expiresIn": 0}']}},
    ),
    "the first of two equal roles is about to expire": Case(
        HERE,
        SAME,
        R,
        {"expires": "soon"},
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_it_is_as_with_boto3(both, name):
    theirs, ours = both(CHAINS[name])
    assert same(CHAINS[name], theirs, ours) is None, f"{theirs}\n{ours}"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("the first role comes expired", ["AKIDPROD"]),
        ("the last role comes expired", ["AKIDPROD", "ASIAOTHER"]),
        ("the first of three comes expired", ["AKIDPROD"]),
        ("a process gives expired keys", []),
        ("a container gives expired keys", []),
        ("the environment has expired keys", []),
        ("a web identity comes expired", [""]),
    ],
)
def test_nothing_is_signed_with_expired_keys(both, name, asked):
    theirs, ours = both(CHAINS[name])
    for outcome in (theirs, ours):
        assert [event[2][0] for event in outcome.asked if event[0] in {"sts", "bedrock"}] == asked
        assert "still expired" in outcome.text
