"""What containers are like: nobody's user, nothing to write to, other users' files."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from .comparing import purposes, same
from .conftest import Case
from .test_cases import HERE, KEYS, LEGACY_SSO, PROD, SSO, config, token
from .test_property import SESSION, login
from .test_shapes import WEB
from .world import LATER, OVER

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without an entry")

USER = 4242
"""A number that no entry of the password file has, as OpenShift gives one."""
RENEWED = {
    "expiresAt": OVER,
    "refreshToken": "r",
    "clientId": "c",
    "clientSecret": "x",
    "registrationExpiresAt": LATER,
}
SIGN_ON = {**HERE, "AWS_ENDPOINT_URL_SSO_OIDC": "{world}"}
POD = {
    **HERE,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/t",
}
CLOSED = 0o600

CONTAINERS = {
    "keys": Case({**HERE, **KEYS}, user=USER),
    "keys and no home": Case({**HERE, **KEYS, "HOME": None}, user=USER),
    "no keys and no home": Case({**HERE, "HOME": None}, user=USER),
    "a home of another": Case({**HERE, "HOME": "/root"}, user=USER),
    "a profile and no home": Case({**HERE, "HOME": None, "AWS_PROFILE": "prod"}, PROD, user=USER),
    "files by variable and no home": Case(
        {**HERE, "HOME": None, "AWS_SHARED_CREDENTIALS_FILE": "{home}/c", "AWS_PROFILE": "prod"},
        {"c": PROD[".aws/credentials"]},
        user=USER,
    ),
    "a credentials file of another's": Case(HERE, PROD, user=USER, modes={".aws/credentials": CLOSED}),
    "a profile in a file of another's": Case(
        HERE, PROD, {"profile_name": "prod"}, user=USER, modes={".aws/credentials": CLOSED}
    ),
    "a config file of another's": Case(
        {**HERE, **KEYS}, config("[default]\nretry_mode = x\n"), user=USER, modes={".aws/config": CLOSED}
    ),
    "a folder of another's": Case({**HERE, **KEYS}, PROD, user=USER, modes={".aws": 0o700}),
    "a projected token of another's": Case(WEB, {"t": "web-token"}, user=USER, modes={"t": CLOSED}),
    "a projected token": Case(WEB, {"t": "web-token"}, user=USER),
    "a pod's token": Case(POD, {"t": "SECRET"}, user=USER),
    "a pod's token of another's": Case(POD, {"t": "SECRET"}, user=USER, modes={"t": CLOSED}),
    "a sign-on of another's": Case(
        HERE, config(SSO) | token("mine"), {"profile_name": "s"}, user=USER, modes={next(iter(token("mine"))): CLOSED}
    ),
    "a sign-on of old and of another's": Case(
        HERE,
        config(LEGACY_SSO) | token("https://x"),
        {"profile_name": "s"},
        user=USER,
        modes={next(iter(token("https://x"))): CLOSED},
    ),
    "a sign-on that cannot be written to": Case(HERE, config(SSO) | token("mine"), {"profile_name": "s"}, user=USER),
    "an instance whose answer dies on the way": Case(
        {**HERE, "AWS_METADATA_SERVICE_TIMEOUT": "1"}, told={"instance": "silent"}
    ),
}


RENEWALS = {
    "a session": Case(SIGN_ON, config(SSO) | token("mine", **RENEWED), {"profile_name": "s"}),
    "a login": Case(
        {**HERE, "AWS_ENDPOINT_URL_SIGNIN": "{world}"},
        config(f"[profile s]\nlogin_session = {SESSION}\n") | login(OVER),
        {"profile_name": "s"},
    ),
}


@pytest.mark.parametrize("name", RENEWALS)
def test_what_is_renewed_is_used_where_it_cannot_be_kept(both, name):
    """boto3 asks for it, and throws it away."""
    case = RENEWALS[name]
    theirs, ours = both(replace(case, user=USER))
    assert ours.error is None
    assert theirs.error in {"PermissionError", "MissingDependencyException"}
    assert "Renewal" in purposes(case, theirs, ours) or name == "a login"
    theirs, ours = both(case)
    assert same(case, theirs, ours) is None


@pytest.mark.parametrize("name", CONTAINERS)
def test_it_is_as_with_boto3(both, name):
    case = CONTAINERS[name]
    theirs, ours = both(case)
    assert same(case, theirs, ours) is None, f"{theirs}\n{ours}"


def test_an_instance_whose_answer_dies_on_the_way_is_named(both):
    """It may take one hop, and the way into a container is two."""
    case = CONTAINERS["an instance whose answer dies on the way"]
    _, ours = both(case)
    assert ours.error == "NoCredentialsError"
    assert "instance metadata" in ours.traceback
    assert "in time" in ours.traceback
