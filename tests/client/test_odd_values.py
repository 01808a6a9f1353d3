"""Odd values in every argument, variable, file and function: an answer, or an error of outcrop's, by sync and async."""

from __future__ import annotations

import asyncio
import enum
import json
import os
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import _settings
from outcrop.exceptions import OutcropError
from tests.support.server import ANSWER, Server, json_answer
from tests.support.sides import KEYS

REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
REFUSALS = (OutcropError, TypeError, ValueError)

ODD_LETTERS = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    " ",
    "\t",
    "\x7f",
    "\x1b",
    "é",
    "\ud800",
    "\udcff",
    '"',
    "'",
    "\\",
    "%",
    "@",
    "🪨",
]


@st.composite
def nearly(draw, text):
    """A good value with something odd at its ends or within; or nothing, blanks, or far too much."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(["", " ", "\n", "\0", "x" * 100_000, text * 1000]))
    at = draw(st.sampled_from([0, len(text), len(text) // 2]))
    return text[:at] + draw(st.sampled_from(ODD_LETTERS)) + text[at:]


odd_numbers = st.sampled_from(
    [
        *(float("nan"), float("inf"), -float("inf"), -1, 0, -0.0, 5e-324, 1e300, 10**400, 2**31, 2**63, True),
        *(Decimal(2), Fraction(1, 2), np.float32(2), np.float64(2), np.int64(2), np.uint8(2), np.bool_(True)),
        *("3", "", b"1", None, [], {}, 2j),
    ]
)


@pytest.fixture(scope="module")
def server():
    with Server(json_answer(ANSWER)) as server:
        yield server


@pytest.fixture(params=["blocking", "async"])
def kind(request):
    return request.param


def called(kind, **given):
    """A call by a new client; what is refused is refused in outcrop's words."""
    try:
        if kind == "blocking":
            outcrop.client("bedrock-runtime", **given).converse(**REQUEST)
        else:
            asyncio.run(_awaited(given))
    except UnicodeError:
        raise  # it has the text, a secret perhaps, among its attributes
    except REFUSALS as error:
        return error
    return None


async def _awaited(given):
    await outcrop.async_client("bedrock-runtime", **given).converse(**REQUEST)


GOOD = {
    "region_name": "us-east-1",
    "aws_access_key_id": "AKIDEXAMPLE",
    "aws_secret_access_key": "hunter2hunter2",
    "aws_session_token": "hunter2hunter2",
    "bearer_token": "hunter2hunter2",
    "role_arn": "arn:aws:iam::123456789012:role/r",
    "role_session_name": "me",
    "profile_name": "default",
    "ca_bundle": "/nowhere/none.pem",
    "http_version": "1.1",
}


@pytest.mark.parametrize("name", [*GOOD, "endpoint_url", "proxy"])
@settings(max_examples=40)
@given(data=st.data())
def test_odd_text_in_an_argument(monkeypatch, server, kind, name, data):
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
    value = data.draw(nearly(GOOD.get(name, server.url)), label=name)
    given_arguments = {**KEYS, "endpoint_url": server.url, "retries": {"max_attempts": 1}, "timeouts": {"connect": 5}}
    if name == "bearer_token":
        given_arguments = {each: it for each, it in given_arguments.items() if not each.startswith("aws_")}
    if name == "role_session_name":
        given_arguments["role_arn"] = GOOD["role_arn"]
    error = called(kind, **{**given_arguments, name: value})
    if error is not None and name in _settings.SECRETS and len(value) > 3:
        assert "hunter2" not in str(error)
    secret = name in _settings.CREDENTIALS
    if secret and not value.isascii() | value.isprintable() and value.strip():
        assert isinstance(error, outcrop.exceptions.CredentialRetrievalError)


@pytest.mark.parametrize("name", ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "bearer_token"])
@pytest.mark.parametrize("letter", ODD_LETTERS[:11])
def test_a_part_of_credentials_with_an_odd_letter_is_named_and_not_shown(server, kind, name, letter):
    given_arguments = {"region_name": "us-east-1", "endpoint_url": server.url, name: f"SHOWN{letter}"}
    if name != "bearer_token":
        given_arguments = {**KEYS, **given_arguments}
    error = called(kind, **given_arguments)
    assert isinstance(error, outcrop.exceptions.CredentialRetrievalError)
    part = name.removeprefix("aws_").removesuffix("_id")
    assert part in str(error).replace(" ", "_")
    assert "SHOWN" not in str(error)


@pytest.mark.parametrize(
    "name",
    ["timeouts", "retries", "max_pool_connections", "pool_idle_timeout", "parameter_validation", "default_headers"],
)
@settings(max_examples=40)
@given(data=st.data())
def test_odd_values_of_other_arguments(server, kind, name, data):
    value = data.draw(odd_numbers)
    if name == "timeouts":
        value = {data.draw(st.sampled_from([*_settings.CLOCKS, "clock", 3, None])): value}
    elif name == "retries":
        value = {data.draw(st.sampled_from(["max_attempts", "total_max_attempts", "mode", 3, None])): value}
    elif name == "default_headers":
        value = {data.draw(nearly("x-team") | st.just(3)): data.draw(nearly("value") | st.just(value))}
    called(kind, **{**KEYS, "endpoint_url": server.url, "timeouts": {"connect": 5}, name: value})


VARIABLES = {
    "AWS_ACCESS_KEY_ID": "AKID",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_BEARER_TOKEN_BEDROCK": "token",
    "AWS_REGION": "us-east-1",
    "AWS_PROFILE": "default",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_RETRY_MODE": "standard",
    "AWS_CONFIG_FILE": "/nowhere/none",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/none",
    "AWS_CA_BUNDLE": "/nowhere/none.pem",
    "AWS_USE_FIPS_ENDPOINT": "false",
    "AWS_ENDPOINT_URL": "",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "",
    "NO_PROXY": "127.0.0.1",
}


@pytest.mark.parametrize("name", VARIABLES)
@settings(max_examples=30)
@given(data=st.data())
def test_odd_text_in_a_variable(server, kind, name, data):
    url = name.startswith("AWS_ENDPOINT")
    # A process cannot be given the one, nor a text that is no bytes.
    usual = st.sampled_from(["\r", "\n", " ", "\t", "é", "\udcff", '"', "@"])
    odd = data.draw(usual)
    good = server.url if url else VARIABLES[name]
    value = data.draw(st.sampled_from([good + odd, odd + good, "", odd, "x" * 10_000]), label=name)
    whole = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1", name: value}
    given_arguments = {"retries": {"max_attempts": 1}, "timeouts": {"connect": 5}}
    if not url:
        given_arguments["endpoint_url"] = server.url
    if url and not value.strip():
        return  # it would be AWS's own endpoint
    with pytest.MonkeyPatch.context() as patch:
        for each, text in whole.items():
            patch.setenv(each, text)
        called(kind, **given_arguments)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"])
def test_an_empty_endpoint_names_none(monkeypatch, kind, variable):
    usual = "https://bedrock-runtime.us-east-1.amazonaws.com"
    make = outcrop.client if kind == "blocking" else outcrop.async_client
    assert make("bedrock-runtime", endpoint_url="", **KEYS).meta.endpoint_url == usual
    monkeypatch.setenv(variable, "")
    assert make("bedrock-runtime", **KEYS).meta.endpoint_url == usual
    assert outcrop.CrossRegion("m", sources=["us-east-1"]).meta.endpoint_url == usual


def test_an_empty_endpoint_of_a_profile_names_none(environment_without_aws, kind):
    (environment_without_aws / "config").write_text("[default]\nendpoint_url =\nregion = us-east-1\n")
    make = outcrop.client if kind == "blocking" else outcrop.async_client
    assert make("bedrock-runtime", **KEYS).meta.endpoint_url == "https://bedrock-runtime.us-east-1.amazonaws.com"


@pytest.mark.parametrize("where", ["argument", "environment", "profile"])
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("localhost:4566", "localhost:4566"),
        ('"http://localhost:4566"', '"http://localhost:4566"'),
        ("http://user:hunter2@localhost", r"http://\*\*\*@localhost"),
        ("http://localhost:99999", "http://localhost:99999"),
    ],
)
def test_a_wrong_endpoint_is_refused_when_the_client_is_made(  # noqa: PLR0917  -- fixtures and parameters
    monkeypatch, environment_without_aws, kind, where, url, shown
):
    given_arguments = dict(KEYS)
    if where == "argument":
        given_arguments["endpoint_url"] = url
    elif where == "environment":
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    else:
        (environment_without_aws / "config").write_text(f"[default]\nendpoint_url = {url}\n")
    make = outcrop.client if kind == "blocking" else outcrop.async_client
    with pytest.raises(ValueError, match=f"^Invalid endpoint: {shown}: it must be a URL that begins with http"):
        make("bedrock-runtime", **given_arguments)


@settings(max_examples=60)
@given(
    line=st.sampled_from(["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region"]), data=st.data()
)
def test_odd_text_in_a_file(tmp_path, server, kind, line, data):
    lines = {
        "aws_access_key_id": "AKID",
        "aws_secret_access_key": "secret",
        "aws_session_token": "token",
        "region": "us-east-1",
    }
    odd = data.draw(st.sampled_from([b"\r", b"\0", b"\t", b"\xc3\xa9", b"\xff", b'"', b" # ", b"=", b"[", b"\x1b"]))
    value = lines[line].encode()
    lines = {name: text.encode() for name, text in lines.items()}
    lines[line] = data.draw(st.sampled_from([value + odd, odd + value, b"", odd]))
    file = tmp_path / "odd"
    file.write_bytes(b"[default]\n" + b"".join(name.encode() + b" = " + text + b"\n" for name, text in lines.items()))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            patch.setenv(name, os.fspath(file))
        called(kind, endpoint_url=server.url, retries={"max_attempts": 1})


@settings(max_examples=60)
@given(data=st.data())
def test_odd_text_from_a_function(server, kind, data):
    parts = {"access_key": "AKID", "secret_key": "secret", "token": "token"}
    part = data.draw(st.sampled_from(sorted(parts)))
    value = data.draw(nearly(parts[part]) | odd_numbers)
    found = type("Found", (), {**parts, part: value})
    error = called(kind, region_name="us-east-1", endpoint_url=server.url, credentials=lambda: found)
    if isinstance(value, str) and value and not (value.isascii() and value.isprintable()):
        assert isinstance(error, outcrop.exceptions.CredentialRetrievalError)
        assert value not in str(error)


def test_keys_that_cannot_sign_are_no_regions_failure(server):
    router = outcrop.CrossRegion(
        "us.amazon.nova-lite-v1:0",
        sources=["us-east-1", "us-west-2"],
        endpoint_url=server.url,
        catalogue="snapshot",
        shared=False,
        credentials=lambda: outcrop.Credentials("AKID\n", "secret", None),
    )
    server.requests.clear()
    for _ in range(20):
        with pytest.raises(outcrop.exceptions.CredentialRetrievalError):
            router.converse(messages=REQUEST["messages"])
    assert [row.state for row in router.health()] == ["closed", "closed"]
    assert not server.requests


class Region(str, enum.Enum):
    """As many programs have one."""

    HOME = "us-east-1"


def test_settings_are_their_values_too(server):
    class Setting(float):
        def __repr__(self):
            return "loud"

    session = outcrop.Session(
        **{
            **KEYS,
            "region_name": Region.HOME,
            "endpoint_url": type("Url", (str,), {"__str__": lambda _: "loud"})(server.url),
            "timeouts": {"total": Setting(60), "connect": np.float32(2), "idle": np.int64(30)},
            "retries": {"max_attempts": np.int64(2)},
            "max_pool_connections": enum.IntEnum("Most", {"ONE": 3}).ONE,
            "default_headers": {Region.HOME: Region.HOME},
        }
    )
    assert session.client("bedrock-runtime").meta.region_name == "us-east-1"
    server.requests.clear()
    session.client("bedrock-runtime").converse(**REQUEST)
    assert server.take().header("us-east-1") == "us-east-1"
    assert {type(value) for value in session._given["timeouts"].values()} == {float, int}
    assert json.dumps(session._given["timeouts"])


class Unequal(str):
    """Text that equals nothing, and all of one hash, as its class has it."""

    __slots__ = ()

    def __eq__(self, other):
        return False

    def __hash__(self):
        return 1


def test_a_word_is_its_word_whatever_its_class_takes_for_equal(server):
    keys = {name: value for name, value in KEYS.items() if name != "region_name"}
    router = outcrop.CrossRegion(
        "us.amazon.nova-lite-v1:0",
        sources=[Unequal("us-east-1")],
        residency={Unequal("us-east-1"), Unequal("us-east-2"), Unequal("us-west-2")},
        catalogue=Unequal("snapshot"),
        http_version=Unequal("1.1"),
        endpoint_url=server.url,
        **keys,
    )
    assert router.converse(messages=REQUEST["messages"])["output"]
    cached = outcrop.client("bedrock-runtime", cache=outcrop.Cache(when=Unequal("always")), **base(server))
    assert len(list(cached.batch(Unequal("converse"), [REQUEST]))) == 1


def base(server):
    return {**KEYS, "endpoint_url": server.url}


def test_a_paginators_and_a_cache_points_values_are_values(server):
    class Size(int):
        def __str__(self):
            return "loud"

    server.requests.clear()
    paginator = outcrop.client("bedrock", endpoint_url=server.url, **KEYS).get_paginator("list_inference_profiles")
    assert list(paginator.paginate(PaginationConfig={"PageSize": Size(7), "MaxItems": np.int64(3)}))
    assert server.take().query == "maxResults=7"
    model = enum.Enum("Model", {"NOVA": "us.amazon.nova-lite-v1:0"}, type=str).NOVA
    asked = {"modelId": model, "messages": [{"role": "user", "content": [{"text": "stone " * 3000}]}]}
    marked = outcrop.add_cache_points(asked)
    assert marked == outcrop.add_cache_points({**asked, "modelId": "us.amazon.nova-lite-v1:0"})
    assert marked != asked


def test_a_routers_options_are_their_values_too(server):
    router = outcrop.CrossRegion(
        type("Model", (str,), {"__str__": lambda _: "loud"})("us.amazon.nova-lite-v1:0"),
        sources=[Region.HOME],
        endpoint_urls={Region.HOME: server.url},
        catalogue="snapshot",
        breaker={"window": np.float32(10), "minimum_calls": np.int64(10)},
        limits={"concurrency": np.int64(2)},
        max_age=np.float64(30),
        aws_access_key_id="AKID",
        aws_secret_access_key="secret",
    )
    server.requests.clear()
    router.converse(messages=REQUEST["messages"])
    assert server.take().path == "/model/us.amazon.nova-lite-v1%3A0/converse"


@pytest.mark.parametrize(
    "options",
    [
        {"max_age": float("nan")},
        {"max_age": -1},
        {"retry_budget": 10**30},
        {"retry_budget": -1},
        {"repeat_read_timeouts": 1},
        {"breaker": {"window": float("nan")}},
        {"breaker": {3: 1, "a": 2}},
        {"limits": {"concurrency": 10**30}},
        {"hedge": {"after": 1e300}},
        {"endpoint_urls": {"us-east-1": "\ud800"}},
        {"endpoint_urls": {"us-east-1": "http://u:hunter2@h"}},
        {"endpoint_urls": {"us-east-1": 3}},
        {"sources": ["us-east-1\0"]},
    ],
    ids=str,
)
def test_odd_options_of_a_router_are_refused_in_words(options):
    with pytest.raises(REFUSALS) as caught:
        outcrop.CrossRegion("m", **{"sources": ["us-east-1"], "catalogue": "snapshot", **KEYS_ONLY, **options})
    assert not isinstance(caught.value, (UnicodeError, OverflowError))
    assert "hunter2" not in str(caught.value)


KEYS_ONLY = {name: value for name, value in KEYS.items() if name != "region_name"}
