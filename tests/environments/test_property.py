"""Environments made of everything that boto3 reads: outcrop asks the same of the same, or fails as boto3 fails.

`HYPOTHESIS_PROFILE=explore` looks at many more.
"""

from __future__ import annotations

import collections
import hashlib
import json
import os
import sys
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .comparing import purposes, same
from .conftest import Case
from .test_cases import CASES
from .test_chains import CHAINS
from .test_oddities import WORKING
from .world import LATER, OVER, ROLE, expiration

EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 60

SESSION = "arn:aws:iam::123456789012:user/geologist"
PROOF = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PROCESS = {"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s"}
PROCESSES = {
    "process": PROCESS,
    "process-soon": PROCESS | {"Expiration": expiration("soon")},
    "process-over": PROCESS | {"Expiration": expiration("over")},
    "process-half": PROCESS | {"SecretAccessKey": None},
}

names = st.sampled_from(["default", "p", "q", "it's", "a b"])
regions = st.sampled_from(["us-east-1", "us-west-2", "eu-west-1", "cn-north-1", "us-gov-west-1", "moon"])
flags = st.sampled_from(["true", "TRUE", "false", "1", ""])
endpoints = st.sampled_from(
    ["{world}", "{world}/", "{world}/model/x", "", "localhost:1", "http://gw.invalid", "http://u:p@gw.invalid"]
)
tokens = st.sampled_from(["{home}/web", "{home}/web", "{home}/none", "{home}/empty", "{home}/crlf", "{home}/latin", ""])
bundles = st.sampled_from(
    [*(f"{{certificates}}/{name}.pem" for name in ("authority", "stranger", "own")), "{home}/web", "/nowhere", ""]
)
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
    "external_id": st.sampled_from(["outside", ""]),
    "duration_seconds": st.sampled_from(["900", "x", "1"]),
    "role_session_name": st.sampled_from(["field-work", "", "x"]),
    "web_identity_token_file": tokens,
    "sso_session": st.sampled_from(["mine", "none"]),
    "sso_account_id": st.just("123456789012"),
    "sso_role_name": st.just("r"),
    "sso_region": st.just("us-east-1"),
    "sso_start_url": st.just("https://x"),
    "credential_process": st.sampled_from([f"/bin/sh {{home}}/{name}" for name in PROCESSES] + ["/bin/false"]),
    "login_session": st.sampled_from([SESSION, "another"]),
    "ca_bundle": bundles,
    "use_fips_endpoint": flags,
    "use_dualstack_endpoint": flags,
    "ignore_configured_endpoint_urls": flags,
    "services": st.sampled_from(["mine", "none"]),
    "sts_regional_endpoints": st.sampled_from(["legacy", "regional", "global"]),
    "retry_mode": st.sampled_from(["standard", "adaptive", "legacy", "Standard"]),
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
    "AWS_WEB_IDENTITY_TOKEN_FILE": tokens,
    "AWS_ROLE_ARN": st.just(ROLE),
    "AWS_ROLE_SESSION_NAME": st.just("by-variable"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": st.just("{world}/container"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": st.just("SECRET"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": tokens,
    "AWS_REGION": st.just("ap-south-1"),
    "AWS_CA_BUNDLE": bundles,
    "REQUESTS_CA_BUNDLE": bundles,
    "AWS_CREDENTIAL_EXPIRATION": st.sampled_from([LATER, expiration("soon"), expiration("over"), "soon", ""]),
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
    "AWS_ENDPOINT_URL_SIGNIN": st.just("{world}"),
}
TOKEN = {"accessToken": "t", "expiresAt": LATER}
FILES = {
    "web": "web-identity",
    "empty": "",
    "crlf": "web-identity\r\n",
    "latin": b"web\xe9",
    **{name: f"cat <<'END'\n{json.dumps(said)}\nEND\n" for name, said in PROCESSES.items()},
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


def login(expires):
    """What `aws login` leaves."""
    access = {"accessKeyId": "ASIAKEPT", "secretAccessKey": "s", "sessionToken": "kept", "accountId": "1"}
    session = {"refreshToken": "r", "dpopKey": PROOF.decode(), "clientId": "c"}
    path = f".aws/login/cache/{hashlib.sha256(SESSION.encode()).hexdigest()}.json"
    return {path: json.dumps({"accessToken": access | {"expiresAt": expires}, **session})}


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
    if draw(st.integers(0, 29)) == 29:
        written[0] = draw(st.sampled_from(["\ufeff", "\0"])) + written[0]
    if draw(st.integers(0, 29)) == 29:
        return {".aws/config": b"# caf\xe9\n" + (written[0] + SHARED).encode(), ".aws/credentials": written[1]}
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
                {"proxy": "{world}"},
            ]
        )
    )
    told = draw(answers())
    session = login(draw(st.sampled_from([LATER, OVER])))
    if not draw(st.integers(0, 5)):
        variables |= draw(trusting())
        if draw(st.booleans()):
            arguments = {**arguments, "verify": draw(bundles)}
    return Case(variables, FILES | draw(files()) | session, arguments, told, draw(st.sampled_from([1, 1, 2])))


@st.composite
def changed(draw):
    """An environment that works, or fails as it should, with a few things more in it."""
    case = draw(st.sampled_from([*WORKING.values(), *CASES.values(), *CHAINS.values()]))
    added = draw(some(KEYS, 2))
    written = dict(case.files)
    text = written.get(".aws/config", "")
    if isinstance(text, bytes):
        added = {}
    elif text:
        # Into the first section, before what it has: of two lines for a key, the file is refused.
        header, line, rest = text.partition("]\n")
        pairs = "".join(f"{key} = {value}\n" for key, value in added.items() if f"{key} =" not in rest)
        written[".aws/config"] = header + line + pairs + rest
    else:
        written[".aws/config"] = "[default]\n" + "".join(f"{key} = {value}\n" for key, value in added.items())
    variables = draw(some(VARIABLES | LIKELY, 3)) | case.variables
    told = case.told or draw(answers())
    return replace(case, variables=variables, files=FILES | written, told=told, calls=draw(st.sampled_from([1, 1, 2])))


@st.composite
def answers(draw):
    """What the servers say."""
    return {
        "instance": draw(st.sampled_from([200, 403, 404, 400])),
        "version_1": draw(st.booleans()),
        "sts": draw(st.sampled_from(["", "", "refuses"])),
        "sso": draw(st.sampled_from(["", "", "refuses"])),
        "expires": draw(st.sampled_from(["", "", "soon", "over", {"Other": "over"}, {"machine": "over"}])),
    }


@st.composite
def trusting(draw):
    """An endpoint behind TLS, and whom to trust."""
    # A certificate that nobody knows is no reason to try again, but boto3 does.
    return {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": draw(st.sampled_from(["{tls}", "{own}"])),
        "NO_PROXY": "127.0.0.1",
        "AWS_MAX_ATTEMPTS": "1",
        draw(st.sampled_from(["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "X"])): draw(bundles),
    }


SEEN: collections.Counter[str] = collections.Counter()


@pytest.fixture(scope="module", autouse=True)
def said():
    """Those who look at many environments are told what came of them."""
    yield
    if EXAMPLES > 60:
        sys.stderr.write(f"\n{SEEN.total()} environments: {SEEN.most_common()}\n")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=changed() | environments())
def test_any_environment_is_read_as_boto3_reads_it(both, case):
    theirs, ours = both(case)
    difference = same(case, theirs, ours)
    SEEN.update(purposes(case, theirs, ours) or [theirs.error or "an answer"])
    if difference:
        pytest.fail(f"{difference}\n{case}\n{theirs.text}\n{ours.text}\n{ours.traceback}")
