"""Each setting of environments that work, made odd: empty, with blanks and line ends, in quotes, twice as long.

A Kubernetes secret ends with a line end, `docker --env-file` leaves quotes, a template fills in nothing.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest

from .comparing import same
from .conftest import Case
from .test_cases import HERE, KEYS, LEGACY_SSO, PROD, REGION, SSO, config, role, token
from .test_shapes import WEB, process

EXPLORES = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
ALL_OF_A_ROLE = "source_profile = prod\nexternal_id = outside\nrole_session_name = field-work\nduration_seconds = 900"
CONTAINER = {
    **HERE,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/t",
}
KEY = '{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s"}'
SETTINGS = {
    "AWS_PROFILE": "p",
    "AWS_DEFAULTS_MODE": "standard",
    "AWS_RETRY_MODE": "standard",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_ACCOUNT_ID": "123456789012",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "preferred",
    "AWS_STS_REGIONAL_ENDPOINTS": "regional",
    "AWS_SDK_UA_APP_ID": "app",
    "AWS_CREDENTIAL_EXPIRATION": "2099-01-01T00:00:00Z",
}
WORKING = {
    "keys": Case({**HERE, **KEYS, "AWS_SESSION_TOKEN": "st", "AWS_SECURITY_TOKEN": "older"}),
    "settings": Case({**HERE, **KEYS, **SETTINGS}, config("[profile p]\nretry_mode = standard\nmax_attempts = 1\n")),
    "settings of a file": Case(
        {**KEYS, "HTTPS_PROXY": "{world}"},
        config(
            "[default]\nregion = us-west-2\ndefaults_mode = standard\nuse_fips_endpoint = true\n"
            "use_dualstack_endpoint = true\nsdk_ua_app_id = a\naccount_id_endpoint_mode = preferred\n"
            "ignore_configured_endpoint_urls = true\nsts_regional_endpoints = regional\n"
        ),
    ),
    "keys of a file": Case(
        {**HERE, "AWS_PROFILE": "prod", "AWS_SHARED_CREDENTIALS_FILE": "{home}/.aws/credentials"},
        PROD | config("[default]\noutput = json\n[profile prod]\nregion = us-east-2\n"),
    ),
    "a role": Case(HERE, PROD | config(role(ALL_OF_A_ROLE)), {"profile_name": "r"}),
    "a role from the environment": Case(
        {**HERE, **KEYS}, config(role("credential_source = Environment")), {"profile_name": "r"}
    ),
    "a web identity": Case({**WEB, "AWS_ROLE_SESSION_NAME": "by-variable"}, {"t": "web-token"}),
    "a web identity of a profile": Case(
        HERE,
        {"t": "web-token"} | config(role("web_identity_token_file = {home}/t\nrole_session_name = x")),
        {"profile_name": "r"},
    ),
    "single sign-on": Case(HERE, config(SSO) | token("mine"), {"profile_name": "s"}),
    "single sign-on of old": Case(HERE, config(LEGACY_SSO) | token("https://x"), {"profile_name": "s"}),
    "a process": Case(HERE, process(KEY), {"profile_name": "p"}),
    "a container": Case(CONTAINER, {"t": "SECRET"}),
    "a container's token": Case(
        {
            **HERE,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{world}/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "SECRET",
        }
    ),
    "an instance": Case(
        {
            **HERE,
            "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_V1_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{world}",
            "AWS_METADATA_SERVICE_TIMEOUT": "20",
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
        },
        told={"instance": 200},
    ),
    "endpoints": Case(
        {**REGION, "AWS_PROFILE": "r"},
        PROD
        | config(
            role("source_profile = prod\nservices = mine\nignore_configured_endpoint_urls = false")
            + "[services mine]\nbedrock_runtime =\n  endpoint_url = {world}\nsts =\n  endpoint_url = {world}\n"
        ),
    ),
    "a proxy": Case(
        {
            **REGION,
            **KEYS,
            "HTTP_PROXY": "http://u:p@{address}",
            "NO_PROXY": "other.invalid",
            "AWS_ENDPOINT_URL": "http://gw.invalid",
        }
    ),
    "a proxy of TLS": Case(
        {
            **REGION,
            **KEYS,
            "HTTPS_PROXY": "{world}",
            "no_proxy": "gw.invalid",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "AWS_USE_DUALSTACK_ENDPOINT": "false",
        }
    ),
    "arguments": Case(
        HERE,
        PROD,
        {
            "aws_access_key_id": "AKIDARG",
            "aws_secret_access_key": "s",
            "aws_session_token": "st",
            "region_name": "eu-west-3",
            "endpoint_url": "{world}",
        },
    ),
    "a profile as argument": Case(HERE, PROD, {"profile_name": "prod"}),
}
ODD = {
    "empty": lambda _: "",
    "blank": lambda _: " ",
    "a blank before": lambda value: f" {value}",
    "a blank behind": lambda value: f"{value} ",
    "a tab behind": lambda value: f"{value}\t",
    "a line end": lambda value: f"{value}\n",
    "CRLF": lambda value: f"{value}\r\n",
    "CR": lambda value: f"{value}\r",
    "two lines": lambda value: f"{value}\n  {value}",
    "quotes": lambda value: f'"{value}"',
    "no ASCII": lambda value: f"{value}é",
    "a comment": lambda value: f"{value} # why",
    "capitals": str.upper,
}
IN_FILES = {"empty", "two lines", "quotes", "no ASCII", "a comment", "capitals"}
LINE = re.compile(r"^( *)(\w+) = (.+)$", re.MULTILINE)
BYTES = {
    "empty": b"",
    "a blank": b" ",
    "a line end": b"%s\n",
    "CRLF": b"%s\r\n",
    "a blank behind": b"%s ",
    "a blank before": b" %s",
    "a mark": b"\xef\xbb\xbf%s",
    "Latin-1": b"%s\xe9",
    "UTF-8": "%sé".encode().replace(b"%s", b"%s"),
    "NUL": b"%s\0",
    "half": b"{",
    "a list": b"[1]",
    "a text": b'"x"',
    "null": b"null",
}


def odd(name, case):
    """The same environment with one thing odd, each in turn, by name."""
    for variable, value in case.variables.items():
        for how, change in ODD.items():
            yield f"{name}: {variable}: {how}", replace(case, variables={**case.variables, variable: change(value)})
    for argument, value in case.arguments.items():
        for how, change in ODD.items():
            yield f"{name}: {argument}: {how}", replace(case, arguments={**case.arguments, argument: change(value)})
    for path, text in case.files.items():
        if path in {".aws/config", ".aws/credentials"}:
            for found in LINE.finditer(text):
                indent, key, value = found.groups()
                for how in sorted(IN_FILES):
                    line = f"{indent}{key} = {ODD[how](value)}"
                    changed = text[: found.start()] + line + text[found.end() :]
                    yield f"{name}: {path}: {key}: {how}", replace(case, files={**case.files, path: changed})
        for how, change in BYTES.items():
            changed = change.replace(b"%s", text.encode())
            yield f"{name}: {path}: {how}", replace(case, files={**case.files, path: changed})


ALL = {name: case for scenario, working in WORKING.items() for name, case in odd(scenario, working)}
NAMES = sorted(ALL) if EXPLORES else sorted(ALL)[::37]
"""All of them take half an hour; each thirty-seventh is of another kind."""


@pytest.mark.parametrize("name", NAMES)
def test_it_is_as_with_boto3(both, name):
    case = ALL[name]
    theirs, ours = both(case)
    assert same(case, theirs, ours) is None, f"{theirs}\n{ours}"
