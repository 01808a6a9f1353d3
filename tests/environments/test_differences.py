"""The differences on purpose, each seen: `docs/client.md` has their titles and no other."""

from __future__ import annotations

import re
from pathlib import Path

import boto3
import pytest

import outcrop

from .comparing import PURPOSES, purposes
from .conftest import Case
from .test_cases import ENDPOINTS, HERE, KEYS, PROD, REGION, SSO, config, role, token
from .test_chains import REGISTERED
from .test_shapes import process
from .world import OVER

PAGE = Path(__file__).parents[2] / "docs" / "client.md"
CONTAINER = {**HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container"}
NOBODY = {"AWS_EC2_METADATA_DISABLED": "true"}
TRUSTING = {**REGION, **KEYS, "AWS_ENDPOINT_URL": "{tls}", "AWS_MAX_ATTEMPTS": "1"}
BUNDLE = {"AWS_CA_BUNDLE": "{certificates}/authority.pem"}
FORWARDED = {**REGION, **KEYS, "AWS_ENDPOINT_URL": "http://gw.invalid"}

# By title: environments, and what comes of them with boto3 and with outcrop: who signs where, or the error.
DIFFERENCES = {
    "Region": [
        (Case({**ENDPOINTS, **KEYS, "AWS_REGION": "us-west-2"}), "NoRegionError", ("AKIDENV", "us-west-2")),
        (Case({**HERE, **KEYS, "AWS_DEFAULT_REGION": ""}), ("AKIDENV", ""), "NoRegionError"),
        (
            Case({**HERE, **KEYS, "AWS_DEFAULT_REGION": "", "AWS_REGION": "eu-west-1"}),
            ("AKIDENV", ""),
            ("AKIDENV", "eu-west-1"),
        ),
    ],
    "Bearer tokens": [
        (
            Case({**HERE, **KEYS, "AWS_BEARER_TOKEN_BEDROCK": ""}),
            "InvalidEndpointConfigurationError",
            ("AKIDENV", "us-west-2"),
        ),
        (
            Case({**HERE, **NOBODY, "AWS_BEARER_TOKEN_BEDROCK": "key"}),
            "InvalidEndpointConfigurationError",
            ("Bearer key",),
        ),
    ],
    "Endpoints": [
        (
            Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "http://u:p@{address}"}),
            ("AKIDENV", "us-west-2"),
            "InvalidEndpoint",
        ),
        (Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "{world}?x=y"}), ("AKIDENV", "us-west-2"), "InvalidEndpoint"),
        (Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "ftp://{address}"}), "HTTPClientError", "InvalidEndpoint"),
        (Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "{world}/é"}), ("AKIDENV", "us-west-2"), "InvalidEndpoint"),
        (Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "{world}/a b"}), ("AKIDENV", "us-west-2"), "InvalidEndpoint"),
        (
            Case(
                {**REGION, **KEYS},
                config("[default]\nservices = x\n[services x]\nbedrock_runtime = {world}\n"),
            ),
            "AttributeError",
            "InvalidConfigError",
        ),
        (Case({**HERE, **KEYS}, arguments={"endpoint_url": ""}), "InvalidEndpoint", ("AKIDENV", "us-west-2")),
    ],
    "Proxies": [
        (Case({**REGION, **KEYS, "HTTPS_PROXY": "http://a b"}), "HTTPClientError", "ProxyConnectionError"),
        (Case({**REGION, **KEYS, "HTTPS_PROXY": "http://a:b"}), "HTTPClientError", "ProxyConnectionError"),
        (Case({**FORWARDED, "HTTP_PROXY": "HTTP://{address}"}), "ProxyConnectionError", ("AKIDENV", "us-west-2")),
        (Case({**FORWARDED, "HTTP_PROXY": "http://ü:ö@{address}"}), "HTTPClientError", ("AKIDENV", "us-west-2")),
    ],
    "Keys and names": [
        (Case({**HERE, **KEYS}, arguments={"aws_access_key_id": ""}), ("AKIDENV", "us-west-2"), "ValueError"),
        (
            Case({**HERE, **KEYS}, arguments={"aws_access_key_id": "AKIDARG"}),
            ("AKIDARG", "us-west-2"),
            "PartialCredentialsError",
        ),
        (Case({**HERE, **KEYS}, arguments={"aws_secret_access_key": "s"}), "TypeError", "PartialCredentialsError"),
        (Case({**HERE, **KEYS}, arguments={"region_name": ""}), ("AKIDENV", ""), "ValueError"),
        (Case({**HERE, **KEYS, "AWS_ACCESS_KEY_ID": "AKID "}), ("AKID ", "us-west-2"), "CredentialRetrievalError"),
        (
            Case({**HERE, **KEYS, "AWS_SECRET_ACCESS_KEY": "s\n"}),
            ("AKIDENV", "us-west-2"),
            "CredentialRetrievalError",
        ),
        (Case({**HERE, **KEYS, "AWS_SESSION_TOKEN": "t\r\n"}), "HTTPClientError", "CredentialRetrievalError"),
    ],
    "Broken sources": [
        (
            Case(HERE, config("[profile p]\ncredential_process = /nowhere/x\n"), {"profile_name": "p"}),
            "FileNotFoundError",
            "CredentialRetrievalError",
        ),
        (
            Case(HERE, config("[profile p]\ncredential_process = /bin/true\n"), {"profile_name": "p"}),
            "JSONDecodeError",
            "CredentialRetrievalError",
        ),
        (Case(CONTAINER, told={"expires": "over"}), "RuntimeError", "CredentialRetrievalError"),
        (
            Case(
                {**HERE, "AWS_ENDPOINT_URL_SSO_OIDC": "{world}"},
                config(SSO) | token("mine", expiresAt=OVER, **REGISTERED),
                {"profile_name": "s"},
                {"say": {"oidc": [200, {}, '{"accessToken": "n"}']}},
            ),
            "KeyError",
            "TokenRetrievalError",
        ),
        (
            Case(HERE, config(SSO) | token("mine", expiresAt=None), {"profile_name": "s"}),
            "TypeError",
            "SSOTokenLoadError",
        ),
        (
            Case(HERE, config(SSO) | token("mine", accessToken=None), {"profile_name": "s"}),
            "ParamValidationError",
            "SSOTokenLoadError",
        ),
        (
            Case(HERE, process('{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": null}'), {"profile_name": "p"}),
            ("A", "us-west-2"),
            "CredentialRetrievalError",
        ),
        (
            Case(
                HERE,
                config("[profile p]\nsso_account_id = 1\nsso_role_name =\nsso_region = us-east-1\nsso_start_url = x\n"),
                {"profile_name": "p"},
            ),
            "SSOTokenLoadError",
            "InvalidConfigError",
        ),
    ],
    "Order": [
        (
            Case({**HERE, "AWS_PROFILE": "r", "AWS_MAX_ATTEMPTS": "0"}, config(role("source_profile = none"))),
            "InvalidConfigError",
            "InvalidMaxRetryAttemptsError",
        ),
    ],
    "Trust and login": [
        (
            Case({**TRUSTING, "SSL_CERT_FILE": "{certificates}/authority.pem"}),
            "SSLError",
            ("AKIDENV", "us-west-2"),
        ),
        (Case({**TRUSTING, **BUNDLE}, arguments={"verify": True}), "SSLError", ("AKIDENV", "us-west-2")),
        (
            Case({**HERE, **BUNDLE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{tls}/container"}),
            "SSLError",
            ("ASIACONTAINER", "us-west-2"),
        ),
    ],
}


def result(outcome):
    """Who signed the call to Bedrock and where, or the error."""
    if outcome.error:
        return "InvalidEndpoint" if outcome.text.startswith("Invalid endpoint: ") else outcome.error
    return outcome.asked[-1][2][:2]


@pytest.mark.parametrize(
    ("title", "case", "theirs", "ours"),
    [(title, *each) for title, all_of_it in DIFFERENCES.items() for each in all_of_it],
)
def test_it_differs_so(both, title, case, theirs, ours):
    by_boto3, by_outcrop = both(case)
    assert (result(by_boto3), result(by_outcrop)) == (theirs, ours)
    if title in PURPOSES and "SSL_CERT_FILE" not in case.variables:
        assert title in purposes(case, by_boto3, by_outcrop)


def test_proxies(both):
    """A machine's metadata service means something else on the proxy's machine."""
    case = Case({**HERE, "HTTP_PROXY": "{world}", "NO_PROXY": "other.invalid"}, told={"instance": 200})
    theirs, ours = both(case)
    by_proxy = [{event[0] for event in outcome.asked if "forwarded" in event} for outcome in (theirs, ours)]
    assert by_proxy == [{"instance", "bedrock"}, {"bedrock"}]
    theirs, ours = both(Case({**REGION, **KEYS, "HTTPS_PROXY": "socks5://127.0.0.1:9"}))
    assert "http://socks5://" in theirs.text
    assert "names a SOCKS proxy" in ours.text


def test_keys_and_names(both):
    """No key is shown, and no header."""
    theirs, ours = both(Case({**HERE, **KEYS, "AWS_SESSION_TOKEN": "hidden\n"}))
    assert ["hidden" in outcome.text for outcome in (theirs, ours)] == [True, False]


def test_renewal(both):
    """Keys that still hold for ten minutes are used, as long as half their life is not over; failures wait as long."""
    theirs, ours = both(Case(CONTAINER, told={"expires": "soon"}, calls=2))
    assert [event[0] for event in theirs.asked] == ["container", "bedrock", "container", "bedrock"]
    # The same twice in a row counts once here.
    assert [event[0] for event in ours.asked] == ["container", "bedrock"]
    profile = PROD | config(role("source_profile = prod"))
    told = {"expires": "soon", "sts": "refuses later"}
    theirs, ours = both(Case(HERE, profile, {"profile_name": "r"}, told, calls=2))
    assert (theirs.error, ours.error) == ("ClientError", None)


def test_names_and_modes(both, monkeypatch):
    theirs, ours = both(
        Case(HERE, PROD | config(role("source_profile = prod")), {"profile_name": "r"}, {"names": True})
    )
    names = [dict(outcome.asked[0][1])["RoleSessionName"].rpartition("-")[0] for outcome in (theirs, ours)]
    assert names == ["botocore-session", "outcrop-session"]
    theirs, ours = both(Case({**HERE, **KEYS, "AWS_DEFAULTS_MODE": "auto"}))
    assert ["instance" in {event[0] for event in outcome.asked} for outcome in (theirs, ours)] == [True, False]
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    retries = boto3.client("bedrock-runtime", region_name="us-east-1").meta.config.retries
    lines = outcrop.Session(region_name="us-east-1", credentials=lambda: None).whoami()
    (mode,) = [line.value for line in lines if line.name == "retry mode"]
    assert (retries["mode"], mode) == ("legacy", "standard")


def test_trust_and_login(both):
    """Without botocore's extra there is no login; with it, boto3 fails only for want of the cached token."""
    theirs, ours = both(Case(HERE, config("[profile p]\nlogin_session = a\n"), {"profile_name": "p"}))
    assert theirs.error in {"MissingDependencyException", "LoginTokenLoadError"}
    assert ours.error == "LoginTokenLoadError"


def test_the_page_has_these_and_no_others():
    text = PAGE.read_text().rpartition("### The environment")[2]
    titles = re.findall(r"^- \*\*(.+)\*\*: ", text, re.MULTILINE)
    tests = {
        name.removeprefix("test_").replace("_", " ").capitalize() for name in globals() if name.startswith("test_")
    }
    assert set(titles) - set(DIFFERENCES) - tests == set()
    assert (set(PURPOSES) | set(DIFFERENCES)) - set(titles) == set()
    assert len(titles) == text.count("- **") <= 10
