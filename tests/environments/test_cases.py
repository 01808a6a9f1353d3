"""Environments of public reports and of everyday use: outcrop asks the same of the same, or fails as boto3 fails."""

from __future__ import annotations

import hashlib
import json

import pytest

from .comparing import same
from .conftest import Case
from .world import LATER, ROLE

REGION = {"AWS_DEFAULT_REGION": "us-west-2"}
ENDPOINTS = {
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "{world}",
    "AWS_ENDPOINT_URL_STS": "{world}",
    "AWS_ENDPOINT_URL_SSO": "{world}",
}
HERE = {**REGION, **ENDPOINTS}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "e"}
SHARED = (
    "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = d\n"
    "[prod]\naws_access_key_id = AKIDPROD\naws_secret_access_key = p\naws_session_token = prod-token\n"
)
PROD = {".aws/credentials": SHARED}
SSO = (
    "[profile s]\nsso_session = mine\nsso_account_id = 1\nsso_role_name = r\n"
    "[sso-session mine]\nsso_region = us-east-1\nsso_start_url = https://x\n"
)
LEGACY_SSO = "[profile s]\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = https://x\n"


def config(text):
    return {".aws/config": text}


def token(name, **changed):
    path = f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json"
    return {path: json.dumps({"accessToken": "t", "expiresAt": LATER, **changed})}


def role(rest, name="r"):
    return f"[profile {name}]\nrole_arn = {ROLE}\n{rest}\n"


CASES = {
    # Precedence.
    "an explicit profile beats keys of the environment": Case({**HERE, **KEYS}, PROD, {"profile_name": "prod"}),
    "keys of the environment beat AWS_PROFILE": Case({**HERE, **KEYS, "AWS_PROFILE": "prod"}, PROD),
    "AWS_DEFAULT_PROFILE beats AWS_PROFILE": Case({**HERE, "AWS_PROFILE": "x", "AWS_DEFAULT_PROFILE": "prod"}, PROD),
    "an explicit profile's role from the environment": Case(
        {**HERE, **KEYS}, config(role("credential_source = Environment")), {"profile_name": "r"}
    ),
    "keys as arguments": Case(HERE, PROD, {"aws_access_key_id": "AKIDARG", "aws_secret_access_key": "a"}),
    "an unknown profile": Case({**HERE, **KEYS, "AWS_PROFILE": "x"}),
    "an empty profile": Case({**HERE, **KEYS, "AWS_PROFILE": ""}),
    "nothing anywhere": Case({**HERE, "AWS_EC2_METADATA_DISABLED": "true"}),
    "one key of the environment": Case({**HERE, "AWS_ACCESS_KEY_ID": "AKIDENV"}),
    "an empty key of the environment": Case({**HERE, **KEYS, "AWS_ACCESS_KEY_ID": ""}, PROD),
    "an older name of the token": Case({**HERE, **KEYS, "AWS_SECURITY_TOKEN": "old", "AWS_SESSION_TOKEN": "new"}),
    "one key of a file": Case(HERE, {".aws/credentials": "[default]\naws_access_key_id = AKID\n"}),
    "keys of the config file": Case(
        HERE, config("[default]\naws_access_key_id = AKIDCONFIG\naws_secret_access_key = c\n")
    ),
    "keys of both files": Case(
        HERE, PROD | config("[default]\naws_access_key_id = AKIDCONFIG\naws_secret_access_key = c\n")
    ),
    "the Region of the profile": Case({**ENDPOINTS, **KEYS}, config("[default]\nregion = eu-west-1\n")),
    "the Region of the credentials file": Case(
        ENDPOINTS, {".aws/credentials": SHARED + "region = eu-west-3\n"}, {"profile_name": "prod"}
    ),
    "no Region": Case({**ENDPOINTS, **KEYS}),
    "an expired key of the environment": Case({**HERE, **KEYS, "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"}),
    "a boto file": Case(
        {**HERE, "BOTO_CONFIG": "{home}/boto"},
        {"boto": "[Credentials]\naws_access_key_id = AKIDBOTO\naws_secret_access_key = b\n"},
    ),
    "a file of older tools": Case(
        {**HERE, "AWS_CREDENTIAL_FILE": "~/ec2"}, {"ec2": "AWSAccessKeyId=AKIDOLD\nAWSSecretKey=o\n"}
    ),
    # Files.
    "indented keys": Case({**ENDPOINTS, **KEYS}, config("[default]\n  region = us-west-2\n")),
    "CRLF": Case({**ENDPOINTS, **KEYS}, config("[default]\r\nregion = us-west-2\r\n")),
    "a BOM": Case({**HERE, **KEYS}, config("\ufeff[default]\nregion = us-west-1\n")),
    "Latin-1": Case({**HERE, **KEYS}, {".aws/config": b"[default]\n# caf\xe9\nregion = us-west-1\n"}),
    "a key twice": Case({**HERE, **KEYS}, config("[default]\nregion = a\nregion = b\n")),
    "no section": Case({**HERE, **KEYS}, config("region = a\n")),
    "a line without a key": Case({**HERE, **KEYS}, config("[default]\nregion\n")),
    "a broken credentials file": Case({**HERE, **KEYS}, {".aws/credentials": "nonsense\n"}),
    "a name with spaces": Case(
        {**ENDPOINTS, **KEYS}, config('[profile "a b"]\nregion = us-west-2\n'), {"profile_name": "a b"}
    ),
    "a name with an apostrophe": Case(
        {**ENDPOINTS},
        {".aws/credentials": SHARED.replace("prod", "it's") + "region=us-west-1\n"},
        {"profile_name": "it's"},
    ),
    "a name of any letters": Case(
        {**ENDPOINTS, **KEYS},
        config("[profile Ünï/c:o@d=e+1%]\nregion = us-west-2\n"),
        {"profile_name": "Ünï/c:o@d=e+1%"},
    ),
    "comments and case": Case({**ENDPOINTS, **KEYS}, config("# c\n; c\n[default] # x\nREGION : us-west-2\n")),
    "defaults of a file": Case(
        {**ENDPOINTS, **KEYS}, config("[DEFAULT]\nregion = us-west-2\n[profile p]\nx = y\n"), {"profile_name": "p"}
    ),
    "variables in a path": Case(
        {**ENDPOINTS, **KEYS, "AWS_CONFIG_FILE": "$X/${Y}", "X": "{home}", "Y": "c"},
        {"c": "[default]\nregion = us-west-2\n"},
    ),
    "a tilde in a path": Case(
        {**ENDPOINTS, **KEYS, "AWS_CONFIG_FILE": "~/c"}, {"c": "[default]\nregion = us-west-2\n"}
    ),
    # Roles.
    "a role of a profile": Case(
        HERE,
        PROD
        | config(
            role("source_profile = prod\nexternal_id = outside\nrole_session_name = field-work\nduration_seconds = 900")
        ),
        {"profile_name": "r"},
    ),
    "a chain of roles": Case(
        HERE,
        PROD | config(role("source_profile = q") + role("source_profile = prod", "q").replace("Geologist", "Other")),
        {"profile_name": "r"},
    ),
    "a role of its own keys": Case(
        HERE,
        config(role("source_profile = r\naws_access_key_id = AKIDOWN\naws_secret_access_key = o")),
        {"profile_name": "r"},
    ),
    "a loop of roles": Case(
        HERE, config(role("source_profile = q") + role("source_profile = r", "q")), {"profile_name": "r"}
    ),
    "a role without a source": Case(HERE, config(role("")), {"profile_name": "r"}),
    "a role with two sources": Case(
        HERE, config(role("source_profile = r\ncredential_source = Environment")), {"profile_name": "r"}
    ),
    "a role of an unknown profile": Case(HERE, config(role("source_profile = x")), {"profile_name": "r"}),
    "a role of an unknown source": Case(HERE, config(role("credential_source = Moon")), {"profile_name": "r"}),
    "a role of a profile without keys": Case(
        HERE, config(role("source_profile = p") + "[profile p]\nx = y\n"), {"profile_name": "r"}
    ),
    "a role of a container": Case(
        {**HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container"},
        config(role("credential_source = EcsContainer")),
        {"profile_name": "r"},
    ),
    "a role of an instance": Case(
        HERE, config(role("credential_source = Ec2InstanceMetadata")), {"profile_name": "r"}, {"instance": 200}
    ),
    "a role by AWS_PROFILE": Case({**HERE, "AWS_PROFILE": "r"}, PROD | config(role("source_profile = prod"))),
    "a role that is refused": Case(
        HERE, PROD | config(role("source_profile = prod")), {"profile_name": "r"}, {"sts": "refuses"}
    ),
    "a web identity of the environment": Case(
        {
            **HERE,
            "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t",
            "AWS_ROLE_ARN": ROLE,
            "AWS_ROLE_SESSION_NAME": "field-work",
        },
        {"t": "web-token"},
    ),
    "a web identity without a role": Case({**HERE, "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t"}, {"t": "web-token"}),
    "a web identity without its file": Case({**HERE, "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t", "AWS_ROLE_ARN": ROLE}),
    "a web identity of a profile": Case(
        HERE, {"t": "web-token", **config(role("web_identity_token_file = {home}/t"))}, {"profile_name": "r"}
    ),
    "a web identity before keys of a file": Case(
        {**HERE, "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t", "AWS_ROLE_ARN": ROLE}, {"t": "web-token", **PROD}
    ),
    "a web identity is passed over for an explicit profile": Case(
        {**HERE, "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/t", "AWS_ROLE_ARN": ROLE},
        {"t": "web-token", **PROD},
        {"profile_name": "prod"},
    ),
    # Single sign-on, processes, containers, instances.
    "single sign-on": Case(HERE, config(SSO) | token("mine"), {"profile_name": "s"}),
    "single sign-on of old": Case(HERE, config(LEGACY_SSO) | token("https://x"), {"profile_name": "s"}),
    "single sign-on without a token": Case(HERE, config(SSO), {"profile_name": "s"}),
    "single sign-on with half a token": Case(
        HERE, config(SSO) | dict.fromkeys(token("mine"), "{}"), {"profile_name": "s"}
    ),
    "single sign-on that is over": Case(
        HERE, config(LEGACY_SSO) | token("https://x", expiresAt="2020-01-01T00:00:00UTC"), {"profile_name": "s"}
    ),
    "a session that is over": Case(
        HERE, config(SSO) | token("mine", expiresAt="2020-01-01T00:00:00Z"), {"profile_name": "s"}
    ),
    "a session that is renewed": Case(
        {**HERE, "AWS_ENDPOINT_URL_SSO_OIDC": "{world}"},
        config(SSO)
        | token(
            "mine",
            expiresAt="2020-01-01T00:00:00Z",
            refreshToken="r",
            clientId="c",
            clientSecret="x",
            registrationExpiresAt=LATER,
        ),
        {"profile_name": "s"},
    ),
    "single sign-on that is refused": Case(
        HERE, config(SSO) | token("mine"), {"profile_name": "s"}, {"sso": "refuses"}
    ),
    "single sign-on without its Region": Case(
        HERE, config("[profile s]\nsso_account_id = 1\nsso_role_name = r\n"), {"profile_name": "s"}
    ),
    "single sign-on of no session": Case(
        HERE, config("[profile s]\nsso_session = x\nsso_account_id = 1\nsso_role_name = r\n"), {"profile_name": "s"}
    ),
    "single sign-on that contradicts itself": Case(
        HERE, config(SSO.replace("sso_account_id", "sso_region = a\nsso_account_id")), {"profile_name": "s"}
    ),
    "a process": Case(
        HERE,
        config("[profile p]\ncredential_process = /bin/sh {home}/p 'a b'\n")
        | {
            "p": 'echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"AKID$1\\", \\"SecretAccessKey\\": \\"s\\"}" | tr " " -'
        },
        {"profile_name": "p"},
    ),
    "a process that fails": Case(HERE, config("[profile p]\ncredential_process = /bin/false\n"), {"profile_name": "p"}),
    "a process that is not there": Case(
        HERE, config("[profile p]\ncredential_process = /nowhere/x\n"), {"profile_name": "p"}
    ),
    "a process that says nothing": Case(
        HERE, config("[profile p]\ncredential_process = /bin/true\n"), {"profile_name": "p"}
    ),
    "a process of another version": Case(
        HERE, config("[profile p]\ncredential_process = /bin/echo {}\n"), {"profile_name": "p"}
    ),
    "a container": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "SECRET",
        }
    ),
    "a container's token file": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/t",
        },
        {"t": "SECRET"},
    ),
    "a container's token with a line end": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "SECRET\n",
        }
    ),
    "a container behind a proxy": Case(
        {
            **HERE,
            "NO_PROXY": "127.0.0.1",
            "HTTP_PROXY": "{world}",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
        }
    ),
    "a container elsewhere": Case({**HERE, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/container"}),
    "an instance": Case(HERE, told={"instance": 200}),
    "an instance past a proxy": Case({**HERE, "HTTP_PROXY": "{world}"}, told={"instance": 200}),
    "an instance of version 1": Case(HERE, told={"instance": 403, "version_1": True}),
    "an instance of version 1 with no such page": Case(HERE, told={"instance": 404, "version_1": True}),
    "an instance without version 1": Case(
        {**HERE, "AWS_EC2_METADATA_V1_DISABLED": "true"}, told={"instance": 403, "version_1": True}
    ),
    "an instance that finds it bad": Case(HERE, told={"instance": 400}),
    "no instance": Case(HERE),
    "an instance in a way that there is not": Case({**HERE, **KEYS, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "x"}),
    "an instance at no URL": Case({**HERE, **KEYS, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "x"}),
    # Settings.
    "a retry mode that there is not": Case({**HERE, **KEYS, "AWS_RETRY_MODE": "fast"}),
    "no attempts": Case({**HERE, **KEYS, "AWS_MAX_ATTEMPTS": "0"}),
    "attempts that are no number": Case({**HERE, **KEYS, "AWS_MAX_ATTEMPTS": "x"}),
    "defaults that there are not": Case({**HERE, **KEYS, "AWS_DEFAULTS_MODE": "x"}),
    "an empty bundle": Case({**HERE, **KEYS, "AWS_CA_BUNDLE": ""}),
    "a bundle that is not used": Case({**HERE, **KEYS, "AWS_CA_BUNDLE": "/nowhere"}),
    "a Region of digits": Case({**ENDPOINTS, **KEYS, "AWS_DEFAULT_REGION": "123"}),
    "an older name of a FIPS endpoint": Case({**ENDPOINTS, **KEYS, "AWS_DEFAULT_REGION": "fips-us-east-1"}),
    # Endpoints.
    "an empty endpoint": Case(
        {**REGION, **KEYS, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "", "AWS_ENDPOINT_URL": "{world}"}
    ),
    "an endpoint without a scheme": Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "localhost:4566"}),
    "an endpoint in quotes": Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": '"{world}"'}),
    "an endpoint with an underscore": Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "http://a_b"}),
    "an endpoint with a path": Case({**REGION, **KEYS, "AWS_ENDPOINT_URL": "{world}/model/of"}),
    "an endpoint of services": Case(
        {**REGION, **KEYS},
        config("[default]\nservices = x\n[services x]\nbedrock_runtime =\n  endpoint_url = {world}\n"),
    ),
    "an endpoint of services that are not there": Case({**REGION, **KEYS}, config("[default]\nservices = x\n")),
    "an endpoint of services that are not there, named by variable": Case(
        {**HERE, **KEYS}, config("[default]\nservices = x\n")
    ),
    "another service's endpoint that cannot be": Case(
        {**REGION, **KEYS, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "{world}", "AWS_ENDPOINT_URL_BEDROCK": "localhost:1"}
    ),
    "no token as argument": Case(
        HERE, arguments={"aws_access_key_id": "AKIDARG", "aws_secret_access_key": "a", "aws_session_token": ""}
    ),
    "an endpoint of the profile": Case({**REGION, **KEYS}, config("[default]\nendpoint_url = {world}\n")),
    "endpoints that are ignored": Case(
        {**HERE, **KEYS, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "HTTPS_PROXY": "{world}"}
    ),
    # Proxies.
    "an https endpoint": Case({**REGION, **KEYS, "HTTPS_PROXY": "{world}"}),
    "a proxy without a scheme": Case({**REGION, **KEYS, "HTTPS_PROXY": "{address}"}),
    "a proxy with a password": Case({**REGION, **KEYS, "HTTPS_PROXY": "http://u:p%40s@{address}"}),
    "a proxy with a name only": Case({**REGION, **KEYS, "HTTPS_PROXY": "http://u@{address}"}),
    "lower case wins": Case({**REGION, **KEYS, "HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "{world}"}),
    "an empty one in lower case": Case({**HERE, **KEYS, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": ""}),
    "a proxy for everything": Case({**HERE, **KEYS, "ALL_PROXY": "socks5://127.0.0.1:9"}),
    "an http endpoint": Case(
        {**REGION, **KEYS, "AWS_ENDPOINT_URL": "http://gw.invalid:8080", "HTTP_PROXY": "http://u:p@{address}"}
    ),
    "a host past the proxy": Case({**HERE, **KEYS, "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "x, {address}"}),
    "all past the proxy": Case({**HERE, **KEYS, "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "*"}),
    "STS through a proxy": Case(
        {**REGION, "HTTP_PROXY": "{world}", "AWS_ENDPOINT_URL": "http://gw.invalid/x"},
        PROD | config(role("source_profile = prod")),
        {"profile_name": "r"},
    ),
    "a SOCKS proxy": Case({**REGION, **KEYS, "HTTPS_PROXY": "socks5://127.0.0.1:9"}),
    "FIPS": Case({**REGION, **KEYS, "HTTPS_PROXY": "{world}", "AWS_USE_FIPS_ENDPOINT": "TRUE"}),
    "dual stack": Case({**REGION, **KEYS, "HTTPS_PROXY": "{world}", "AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "FIPS of a profile": Case(
        {**REGION, **KEYS, "HTTPS_PROXY": "{world}"}, config("[default]\nuse_fips_endpoint = true\n")
    ),
    "STS of its Region": Case(
        {**REGION, "HTTPS_PROXY": "{world}"}, PROD | config(role("source_profile = prod")), {"profile_name": "r"}
    ),
    "STS of old": Case(
        {**REGION, "HTTPS_PROXY": "{world}", "AWS_STS_REGIONAL_ENDPOINTS": "legacy"},
        PROD | config(role("source_profile = prod")),
        {"profile_name": "r"},
    ),
    "STS of old at an endpoint": Case(
        {**HERE, "AWS_STS_REGIONAL_ENDPOINTS": "legacy"},
        PROD | config(role("source_profile = prod")),
        {"profile_name": "r"},
    ),
    "a bearer token in the clear": Case(
        {**REGION, **KEYS, "AWS_ENDPOINT_URL": "http://gw.invalid", "AWS_BEARER_TOKEN_BEDROCK": "bearer"}
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_as_with_boto3(both, name):
    theirs, ours = both(CASES[name])
    assert same(CASES[name], theirs, ours) is None, f"{theirs}\n{ours}"
