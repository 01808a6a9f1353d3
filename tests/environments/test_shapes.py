"""Environments of containers, clusters and old laptops: what boto3 makes of each, outcrop makes, too."""

from __future__ import annotations

import pytest

from .comparing import same
from .conftest import Case
from .test_cases import HERE, KEYS, LEGACY_SSO, PROD, REGION, config, role, token
from .world import ROLE

AWAY = {**REGION, **KEYS, "HTTPS_PROXY": "{world}"}
WEB = {**HERE, "AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t"}
KEY = '{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s"%s}'
VARIABLES = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CREDENTIAL_FILE",
    "BOTO_CONFIG",
    "AWS_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_EC2_METADATA_V1_DISABLED",
    "AWS_IMDS_USE_IPV6",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_DEFAULTS_MODE",
    "AWS_SDK_UA_APP_ID",
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_SIGV4A_SIGNING_REGION_SET",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "ALL_PROXY",
    "HOME",
]


def process(said, code=0):
    script = f"cat <<'END'\n{said}\nEND\necho what went wrong >&2\nexit {code}\n"
    return config("[profile p]\ncredential_process = /bin/sh {home}/run\n") | {"run": script}


SHAPES = {
    # Roles and what they come from.
    "a chain of three roles": Case(
        HERE,
        PROD
        | config(role("source_profile = q") + role("source_profile = o", "q") + role("source_profile = prod", "o")),
        {"profile_name": "r"},
    ),
    "a loop through a profile with keys": Case(
        HERE,
        config(
            role("source_profile = q")
            + role("source_profile = r\naws_access_key_id = AKIDQ\naws_secret_access_key = s", "q")
        ),
        {"profile_name": "r"},
    ),
    "a role of itself without keys": Case(HERE, config(role("source_profile = r")), {"profile_name": "r"}),
    "a role of a web identity": Case(
        HERE,
        {"t": "web-token"} | config(role("source_profile = w") + role("web_identity_token_file = {home}/t", "w")),
        {"profile_name": "r"},
    ),
    "a web identity and a source profile": Case(
        HERE,
        PROD | {"t": "web-token"} | config(role("web_identity_token_file = {home}/t\nsource_profile = prod")),
        {"profile_name": "r"},
    ),
    "a role of single sign-on": Case(
        HERE, config(role("source_profile = s") + LEGACY_SSO) | token("https://x"), {"profile_name": "r"}
    ),
    "a role of a process": Case(
        HERE,
        {"run": "echo '" + KEY % "" + "'"}
        | config(role("source_profile = p") + "[profile p]\ncredential_process = /bin/sh {home}/run\n"),
        {"profile_name": "r"},
    ),
    "a role for a time that is no number": Case(
        HERE, PROD | config(role("source_profile = prod\nduration_seconds = long")), {"profile_name": "r"}
    ),
    "an empty source profile": Case(HERE, PROD | config(role("source_profile =")), {"profile_name": "r"}),
    # Web identities as clusters project them.
    "a projected token with a line end": Case(WEB, {"t": "web-token\n"}),
    "a projected token of no UTF-8": Case(WEB, {"t": b"web\xff"}),
    # Processes.
    "a process with a token": Case(HERE, process(KEY % ', "SessionToken": "st"'), {"profile_name": "p"}),
    "a process whose key does not end": Case(HERE, process(KEY % ', "Expiration": null'), {"profile_name": "p"}),
    "a process whose key is over": Case(
        HERE, process(KEY % ', "Expiration": "2020-01-01T00:00:00Z"'), {"profile_name": "p"}
    ),
    "a process with an exit code": Case(HERE, process(KEY % "", 3), {"profile_name": "p"}),
    "a process that says no JSON": Case(HERE, process("hello"), {"profile_name": "p"}),
    "a process of version 2": Case(HERE, process((KEY % "").replace("1", "2", 1)), {"profile_name": "p"}),
    'a process of version "1"': Case(HERE, process((KEY % "").replace("1", '"1"', 1)), {"profile_name": "p"}),
    "a process without a secret": Case(HERE, process('{"Version": 1, "AccessKeyId": "A"}'), {"profile_name": "p"}),
    "a process in open quotes": Case(
        HERE, config("[profile p]\ncredential_process = /bin/echo 'x\n"), {"profile_name": "p"}
    ),
    "an empty process": Case(HERE, config("[profile p]\ncredential_process =\n"), {"profile_name": "p"}),
    # Files.
    "a section twice": Case({**HERE, **KEYS}, config("[default]\nregion = us-west-1\n[default]\noutput = json\n")),
    "two names of the default profile": Case(
        {**HERE, **KEYS}, config("[default]\nregion = us-west-1\n[profile default]\nregion = us-east-2\n")
    ),
    "a comment behind a value": Case(AWAY, config("[default]\nregion = us-west-1 # home\n")),
    "a profile in open quotes": Case({**HERE, **KEYS}, config('[profile "a b]\nregion = us-west-1\n')),
    "a config file that is not there": Case({**HERE, **KEYS, "AWS_CONFIG_FILE": "~/nowhere"}),
    "a config file that is a folder": Case({**HERE, **KEYS, "AWS_CONFIG_FILE": "{home}"}),
    "a credentials file that is a folder": Case({**HERE, "AWS_SHARED_CREDENTIALS_FILE": "{home}"}),
    "a config file of no user": Case({**HERE, **KEYS, "AWS_CONFIG_FILE": "~nobody-at-all/c"}),
    "a percent sign in a secret": Case(
        HERE, {".aws/credentials": "[default]\naws_access_key_id = AKID%(x)s\naws_secret_access_key = s%\n"}
    ),
    "no home": Case({**HERE, **KEYS, "HOME": ""}),
    "a home that is not there": Case({**HERE, **KEYS, "HOME": "/nowhere"}),
    # Settings.
    "retries of old": Case({**HERE, **KEYS, "AWS_RETRY_MODE": "legacy"}),
    "adaptive retries": Case({**HERE, **KEYS, "AWS_RETRY_MODE": "adaptive"}),
    "attempts with a sign": Case({**HERE, **KEYS, "AWS_MAX_ATTEMPTS": "-1"}),
    "attempts of a profile": Case({**HERE, **KEYS}, config("[default]\nmax_attempts = x\n")),
    "attempts with spaces": Case({**HERE, **KEYS, "AWS_MAX_ATTEMPTS": " 2 "}),
    "defaults by themselves": Case({**HERE, **KEYS, "AWS_DEFAULTS_MODE": "auto", "AWS_EC2_METADATA_DISABLED": "true"}),
    "accounts in endpoints": Case({**HERE, **KEYS, "AWS_ACCOUNT_ID_ENDPOINT_MODE": "required"}),
    "accounts in endpoints as nowhere": Case({**HERE, **KEYS, "AWS_ACCOUNT_ID_ENDPOINT_MODE": "x"}),
    "a preference for sigv4a": Case({**HERE, **KEYS, "AWS_AUTH_SCHEME_PREFERENCE": "sigv4a,sigv4"}),
    "a preference for keys over a bearer token": Case(
        {**AWAY, "AWS_BEARER_TOKEN_BEDROCK": "b", "AWS_AUTH_SCHEME_PREFERENCE": "sigv4"}
    ),
    "a flag that is neither": Case({**AWAY, "AWS_USE_FIPS_ENDPOINT": "yes"}),
    "FIPS and an endpoint": Case({**HERE, **KEYS, "AWS_USE_FIPS_ENDPOINT": "true"}),
    "dual stack and an endpoint": Case({**HERE, **KEYS, "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "FIPS and dual stack": Case({**AWAY, "AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "an endpoint that a profile ignores": Case(
        {**AWAY, "AWS_ENDPOINT_URL": "{world}"}, config("[default]\nignore_configured_endpoint_urls = true\n")
    ),
    "an unknown Region": Case({**AWAY, "AWS_DEFAULT_REGION": "mars-north-1"}),
    "a Region of China": Case({**AWAY, "AWS_DEFAULT_REGION": "cn-north-1"}),
    "a Region of the government": Case({**AWAY, "AWS_DEFAULT_REGION": "us-gov-west-1"}),
    "an isolated Region": Case({**AWAY, "AWS_DEFAULT_REGION": "us-iso-east-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "a Region with a space": Case({**AWAY, "AWS_DEFAULT_REGION": "us-west-2 "}),
    # Hosts past the proxy.
    **{
        f"past the proxy: {listed}": Case(
            {**REGION, **KEYS, "AWS_ENDPOINT_URL": f"http://{host}", "HTTP_PROXY": "{world}", "NO_PROXY": listed}
        )
        for host, listed in [
            ("gw.invalid:8080", "gw.invalid:9090"),
            ("a.gw.invalid", "*.other.invalid"),
            ("gw.invalid", "w.invalid"),
            ("192.0.2.7", "10.0.0.0/8"),
            ("gw.invalid", "invalid.com, ,"),
        ]
    },
    "past the proxy: a network": Case({**HERE, **KEYS, "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.0/8"}),
    # Containers.
    "a container's token file that is not there": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/nowhere",
        }
    ),
    "a container's token file with a line end": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/t",
        },
        {"t": "SECRET\n"},
    ),
    "a container whose URL has a user": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://u:p@{address}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "SECRET",
        }
    ),
    "a container on localhost": Case({**HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{localhost}/container?a=b%20c"}),
    "a function with its variables": Case(
        {
            **HERE,
            **KEYS,
            "AWS_SESSION_TOKEN": "st",
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
            "AWS_REGION": "us-west-2",
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        }
    ),
    "a Region with a line end": Case({**AWAY, "AWS_DEFAULT_REGION": "us-west-2\n"}),
    # Nothing in a variable.
    **{f"an empty {name}": Case({**HERE, **KEYS, name: ""}) for name in VARIABLES},
    **{
        f"an empty {name} beside a role": Case(
            {**HERE, name: ""}, PROD | config(role("source_profile = prod")), {"profile_name": "r"}
        )
        for name in VARIABLES
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_as_with_boto3(both, name):
    theirs, ours = both(SHAPES[name])
    assert same(SHAPES[name], theirs, ours) is None, f"{theirs}\n{ours}"
