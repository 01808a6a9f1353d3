"""Environments made of everything that boto3 reads: outcrop asks the same of the same, or fails as boto3 fails.

`HYPOTHESIS_PROFILE=explore` looks at many more.
"""

from __future__ import annotations

import hashlib
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .comparing import same
from .conftest import Case
from .world import LATER, ROLE

EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 60

names = st.sampled_from(["default", "p", "q", "it's", "a b"])
regions = st.sampled_from(["us-east-1", "us-west-2", "eu-west-1", "cn-north-1", "us-gov-west-1", "moon"])
flags = st.sampled_from(["true", "TRUE", "false", "1", ""])
endpoints = st.sampled_from(["{world}", "{world}/", "{world}/model/x", "", "localhost:1", "http://gw.invalid"])
keys = st.sampled_from(["AKIDA", "AKIDB", "", "AKID=/+"])
proxies = st.sampled_from(["{world}", "{address}", "http://u:p@{address}", ""])
passed = st.sampled_from(["", "*", "127.0.0.1", "{address}", ".invalid", "gw.invalid,x", "amazonaws.com"])

KEYS = {
    "region": regions,
    "endpoint_url": endpoints,
    "aws_access_key_id": keys,
    "aws_secret_access_key": st.just("s"),
    "aws_session_token": st.sampled_from(["tokentoken", ""]),
    "aws_security_token": st.just("oldtoken"),
    "role_arn": st.sampled_from([ROLE, ROLE.replace("Geologist", "Other")]),
    "source_profile": names,
    "credential_source": st.sampled_from(["Environment", "Ec2InstanceMetadata", "Moon"]),
    "external_id": st.just("outside"),
    "duration_seconds": st.sampled_from(["900", "x"]),
    "role_session_name": st.just("field-work"),
    "web_identity_token_file": st.sampled_from(["{home}/web", "{home}/none"]),
    "sso_session": st.sampled_from(["mine", "none"]),
    "sso_account_id": st.just("123456789012"),
    "sso_role_name": st.just("r"),
    "sso_region": st.just("us-east-1"),
    "sso_start_url": st.just("https://x"),
    "credential_process": st.sampled_from(["/bin/sh {home}/process", "/bin/false"]),
    "use_fips_endpoint": flags,
    "use_dualstack_endpoint": flags,
    "ignore_configured_endpoint_urls": flags,
    "services": st.sampled_from(["mine", "none"]),
    "sts_regional_endpoints": st.sampled_from(["legacy", "regional"]),
    "max_attempts": st.sampled_from(["1", "0", "x"]),
}
VARIABLES = {
    "AWS_ACCESS_KEY_ID": keys,
    "AWS_SECRET_ACCESS_KEY": st.sampled_from(["s", ""]),
    "AWS_SESSION_TOKEN": st.sampled_from(["envtoken", ""]),
    "AWS_PROFILE": names,
    "AWS_DEFAULT_PROFILE": names,
    "AWS_ENDPOINT_URL": endpoints,
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": endpoints,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": flags,
    "AWS_USE_FIPS_ENDPOINT": flags,
    "AWS_USE_DUALSTACK_ENDPOINT": flags,
    "AWS_WEB_IDENTITY_TOKEN_FILE": st.sampled_from(["{home}/web", ""]),
    "AWS_ROLE_ARN": st.just(ROLE),
    "AWS_ROLE_SESSION_NAME": st.just("by-variable"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": st.just("{world}/container"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": st.just("SECRET"),
    "AWS_EC2_METADATA_DISABLED": flags,
    "AWS_EC2_METADATA_V1_DISABLED": flags,
    "AWS_STS_REGIONAL_ENDPOINTS": st.sampled_from(["legacy", "regional"]),
    "AWS_MAX_ATTEMPTS": st.sampled_from(["1", "2"]),
    "HTTP_PROXY": proxies,
    "http_proxy": proxies,
    "https_proxy": proxies,
    "ALL_PROXY": st.just("socks5://127.0.0.1:9"),
    "NO_PROXY": passed,
    "no_proxy": passed,
}
LIKELY = {
    "AWS_DEFAULT_REGION": regions,
    "HTTPS_PROXY": st.just("{world}"),
    "AWS_ENDPOINT_URL_STS": st.just("{world}"),
    "AWS_ENDPOINT_URL_SSO": st.just("{world}"),
    "AWS_ENDPOINT_URL_SSO_OIDC": st.just("{world}"),
}
TOKEN = {"accessToken": "t", "expiresAt": LATER}
FILES = {
    "web": "web-identity",
    "process": 'echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"AKIDPROCESS\\", \\"SecretAccessKey\\": \\"s\\"}"',
    **{f".aws/sso/cache/{hashlib.sha1(name).hexdigest()}.json": json.dumps(TOKEN) for name in (b"mine", b"https://x")},
}
SHARED = """
[services mine]
bedrock_runtime =
  endpoint_url = {world}
sts =
  endpoint_url = {world}
[sso-session mine]
sso_region = us-east-1
sso_start_url = https://x
"""


def some(possible, most):
    """A few of the possible, each with a value."""
    chosen = st.lists(st.sampled_from(sorted(possible)), unique=True, max_size=most)
    return chosen.flatmap(lambda chosen: st.fixed_dictionaries({name: possible[name] for name in chosen}))


@st.composite
def files(draw):
    """The text of a config and of a credentials file, with the freedoms that Python's reader leaves."""
    indent, equal = draw(st.sampled_from(["", "  "])), draw(st.sampled_from([" = ", "=", " : "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\n# a comment\n", "\n\n"]))
    written = []
    for header in ('[profile "{}"]', "[{}]"):
        profiles = draw(st.dictionaries(names, some(KEYS, 6), max_size=3))
        text = ""
        for name, pairs in profiles.items():
            text += ("[default]" if name == "default" else header.format(name)) + "\n"
            text += "".join(f"{indent}{key}{equal}{value}{end}" for key, value in pairs.items())
        written.append(text)
    return {".aws/config": written[0] + SHARED, ".aws/credentials": written[1]}


@st.composite
def environments(draw):
    """Variables, files, arguments, and what the servers say."""
    variables = {name: draw(value) for name, value in LIKELY.items() if draw(st.integers(0, 3))}
    # Where no endpoint is named, the proxy sees which would be called; a name server would be asked in vain.
    variables.setdefault("HTTPS_PROXY", "{world}")
    variables |= draw(some(VARIABLES, 6))
    arguments = draw(
        st.sampled_from(
            [
                {},
                {},
                {"profile_name": "p"},
                {"aws_access_key_id": "AKIDARG", "aws_secret_access_key": "s"},
                {"region_name": "eu-west-3"},
            ]
        )
    )
    told = {
        "instance": draw(st.sampled_from([200, 403, 404, 400])),
        "version_1": draw(st.booleans()),
        "sts": draw(st.sampled_from(["", "", "refuses"])),
        "sso": draw(st.sampled_from(["", "", "refuses"])),
    }
    return Case(variables, FILES | draw(files()), arguments, told)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=environments())
def test_any_environment_is_read_as_boto3_reads_it(both, case):
    theirs, ours = both(case)
    difference = same(theirs, ours)
    if difference:
        pytest.fail(f"{difference}\n{case}\n{theirs.text}\n{ours.text}\n{ours.traceback}")
