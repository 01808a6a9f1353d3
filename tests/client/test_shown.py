"""What errors show of values that somebody gave: enough to recognise them, never pages, and no bare UnicodeError."""

from __future__ import annotations

import asyncio
import inspect
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop import _settings, _values
from outcrop.emulator import Emulator
from outcrop.exceptions import OutcropError
from tests.support.secrets import MARK, told
from tests.support.server import ANSWER, Server, json_answer
from tests.support.sides import KEYS

REFUSALS = (OutcropError, TypeError, ValueError, OSError, RuntimeError, AttributeError, KeyError)
MOST = 1200
LONG = "x" * 3_000_000
NESTED = []
for _ in range(100_000):
    NESTED = [NESTED]
ODD = {
    "long": LONG,
    "long list": [LONG] * 3,
    "long dict": {LONG: LONG},
    "nested": NESTED,
    "digits": 10**5000,
    "surrogate": "a\ud800b",
    "escaped byte": "a\udcff",
    "nul": "a\0b",
}


@pytest.fixture(scope="module")
def server():
    with Server(json_answer(ANSWER)) as server:
        yield server


def run(call):
    """What a call raises, by sync and async alike; never a bare UnicodeError, never pages."""
    try:
        made = call()
        if inspect.isawaitable(made):
            asyncio.run(_awaited(made))
    except UnicodeError as error:
        pytest.fail(f"{type(error).__name__}: {str(error)[:100]}")
    except REFUSALS as error:
        refused = error
    else:
        return None
    assert len(str(refused)) < MOST, str(refused)[:300]
    return refused


async def _awaited(made):
    return await made


def base(server, name):
    connection = {**KEYS, "endpoint_url": server.url, "retries": {"max_attempts": 1}, "timeouts": {"connect": 5}}
    if name in {"bearer_token", "role_arn", "profile_name", "credentials"}:
        connection = {key: value for key, value in connection.items() if not key.startswith("aws_")}
    return connection


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", [name for name in _settings.NAMES if name != "role_session_name"])
def test_a_connection_argument(server, name, odd):
    value = ODD[odd]
    for make in (outcrop.client, outcrop.async_client):
        error = run(lambda: make("bedrock-runtime", **{**base(server, name), name: value}))  # noqa: B023
        # A role is looked at when it is assumed; of boto3's own names one is a flag, and one is another's.
        if isinstance(value, str) and odd != "long" and name not in {"role_arn", "use_ssl", "region_name"}:
            assert error is not None
            assert {"verify": "ca_bundle"}.get(name, name).removeprefix("aws_").split("_")[0] in str(error).lower()


KEYS_OF_DICTS = {
    "timeouts": [*_settings.CLOCKS],
    "retries": ["mode", "max_attempts", "total_max_attempts"],
    "default_headers": ["x-team"],
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", KEYS_OF_DICTS)
def test_what_stands_in_a_dict(server, name, odd):
    value = ODD[odd]
    given_arguments = [{key: value} for key in KEYS_OF_DICTS[name]]
    given_arguments += [{value: 1}] if isinstance(value, str) else []
    for each in given_arguments:
        run(lambda: outcrop.client("bedrock-runtime", **{**base(server, name), name: each}))  # noqa: B023


ROUTER = [
    "model",
    "sources",
    "geographies",
    "residency",
    "breaker",
    "hedge",
    "limits",
    "retry_budget",
    "endpoint_urls",
    "catalogue",
    "max_age",
    "shared",
    "on_change",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ROUTER)
def test_a_routers_argument(name, odd):
    keys = {key: value for key, value in KEYS.items() if key != "region_name"}
    rest = {"model": "us.amazon.nova-lite-v1:0", "sources": ["us-east-1"], "catalogue": "snapshot", **keys}
    for make in (outcrop.CrossRegion, outcrop.AsyncCrossRegion):
        for value in (ODD[odd], [ODD[odd]]):
            run(lambda: make(**{**rest, name: value}))  # noqa: B023


def paged(**config):
    bedrock = outcrop.client("bedrock", **KEYS, endpoint_url="http://127.0.0.1:9", retries={"max_attempts": 1})
    bedrock.get_paginator("list_inference_profiles").paginate(PaginationConfig=config)


CALLS = {
    "service": lambda client, value: outcrop.client(value, **KEYS),
    "async service": lambda client, value: outcrop.async_client(value, **KEYS),
    "paginator": lambda client, value: client.get_paginator(value),
    "page size": lambda client, value: paged(PageSize=value),
    "items": lambda client, value: paged(MaxItems=value),
    "starting token": lambda client, value: paged(StartingToken=value),
    "an error's class": lambda client, value: getattr(client.exceptions, value),
    "can paginate": lambda client, value: client.can_paginate(value),
    "batch's operation": lambda client, value: list(client.batch(value, [])),
    "concurrency": lambda client, value: list(client.batch("converse", [], concurrency=value)),
    "errors": lambda client, value: list(client.batch("converse", [], errors=value)),
    "on_stop": lambda client, value: list(client.batch("converse", [], on_stop=value)),
    "journal": lambda client, value: list(client.batch("converse", [], journal=value)),
    "cache's path": lambda client, value: outcrop.Cache(value),
    "max_bytes": lambda client, value: outcrop.Cache(max_bytes=value),
    "ttl": lambda client, value: outcrop.Cache(ttl=value),
    "scope": lambda client, value: outcrop.Cache(scope=value),
    "when": lambda client, value: outcrop.Cache(when=value),
    "resolve": lambda client, value: outcrop.resolve(value, region_name="us-east-1", catalogue="snapshot"),
    "plan": lambda client, value: outcrop.plan(value, sources="us-east-1", catalogue="snapshot"),
    "profiles": lambda client, value: outcrop.profiles(sources=value, catalogue="snapshot"),
    "cache points": lambda client, value: outcrop.add_cache_points({"modelId": value, "messages": []}),
    "cache points' ttl": lambda client, value: outcrop.add_cache_points({"modelId": "m", "messages": []}, ttl=value),
    "repair": lambda client, value: outcrop.repair({"messages": [{"role": value, "content": []}]}),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", CALLS)
def test_an_argument_of_a_call(server, tmp_path, monkeypatch, name, odd):
    monkeypatch.chdir(tmp_path)
    client = outcrop.client("bedrock-runtime", **base(server, ""))
    error = run(lambda: CALLS[name](client, ODD[odd]))
    named = {"service": "service_name", "async service": "service_name", "journal": "journal", "cache's path": "path"}
    if name in named and odd in {"surrogate", "nul"}:
        assert named[name] in str(error) or "unknown service" in str(error)


EMULATOR = ["access_key_id", "secret_access_key", "bearer_token", "account_id", "default_region", "rules"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", [*EMULATOR, "logs_endpoint_url", "tokens_per_second", "regions"])
def test_an_argument_of_the_emulator(name, odd):
    error = run(lambda: Emulator(**{name: ODD[odd]}))
    if odd == "surrogate" and name != "regions":
        assert name in str(error)


@pytest.mark.parametrize("url", [f"http://u:{MARK}@127.0.0.1:9", f"http://127.0.0.1:9?{MARK}", f"https://h#{MARK}"])
def test_a_secret_of_a_logs_endpoint_is_shown_nowhere(url):
    with pytest.raises(ValueError, match="the logs endpoint must be a local server's address") as caught:
        Emulator(logs_endpoint_url=url)
    assert MARK not in told(caught.value)


OPERATIONS = {
    "converse": [
        "modelId",
        "messages",
        "system",
        "inferenceConfig",
        "toolConfig",
        "guardrailConfig",
        "additionalModelRequestFields",
        "promptVariables",
        "additionalModelResponseFieldPaths",
        "requestMetadata",
        "performanceConfig",
        "serviceTier",
        "outputConfig",
        "zzUnknown",
    ],
    "invoke_model": ["modelId", "body", "contentType", "accept", "trace", "guardrailIdentifier", "requestMetadata"],
    "list_async_invokes": ["submitTimeAfter", "statusEquals", "maxResults", "nextToken"],
}


@pytest.mark.parametrize("odd", [name for name in ODD if name != "nested"])
@pytest.mark.parametrize(("operation", "name"), [(each, name) for each, names in OPERATIONS.items() for name in names])
def test_an_argument_of_an_operation(server, operation, name, odd):
    usual = {} if operation == "list_async_invokes" else {"modelId": "m"}
    usual |= {"body": b"{}"} if operation == "invoke_model" else {}
    for value in (ODD[odd], [ODD[odd]], {"a": ODD[odd]}):
        for make in (outcrop.client, outcrop.async_client):
            client = make("bedrock-runtime", **base(server, ""))
            run(lambda: getattr(client, operation)(**{**usual, name: value}))  # noqa: B023


class Loud(str):
    __slots__ = ()

    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


class Mute:
    def __repr__(self):
        raise RuntimeError


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3000)
    | st.binary(max_size=3000)
    | st.builds(Loud, st.text())
    | st.builds(Mute),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=500), inner) | st.tuples(inner),
)


@given(values)
def test_whatever_is_shown_is_short(value):
    text = _values.shown(value)
    assert len(text) <= 200
    text.encode()


@pytest.mark.parametrize("value", ["us-east-9", 3, 2.5, None, True, ["a", "b"], {"a": 1}, b"x", "quote'd"])
def test_what_is_short_is_shown_as_it_is(value):
    assert _values.shown(value) == repr(value)


URLS = [
    f"http://127.0.0.1:9/?token={MARK}",
    f"http://127.0.0.1:9/x?{MARK}",
    f"http://127.0.0.1:9#{MARK}",
    f"http://127.0.0.1:9/?a=b&c=me@{MARK}.example",
    f"http://127.0.0.1:9/?a#{MARK}",
    f"http://u:{MARK}?x#@127.0.0.1:9",
    f"//127.0.0.1:9?{MARK}",
    f"127.0.0.1:9?{MARK}",
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("place", ["argument", "variable", "profile", "router", "a router's Region", "LangChain"])
def test_a_secret_of_an_endpoint_is_shown_nowhere(monkeypatch, environment_without_aws, url, place):
    from outcrop.langchain import ChatBedrockConverse

    model = "us.amazon.nova-lite-v1:0"
    keys = {key: value for key, value in KEYS.items() if key != "region_name"}
    if place == "variable":
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    elif place == "profile":
        (environment_without_aws / "config").write_text(f"[default]\nendpoint_url = {url}\n")
    calls = {
        "argument": [lambda: outcrop.Session(**KEYS, endpoint_url=url)],
        "router": [lambda: outcrop.CrossRegion(model, sources="us-east-1", endpoint_url=url, **keys)],
        "a router's Region": [
            lambda: outcrop.CrossRegion(model, sources="us-east-1", endpoint_urls={"us-east-1": url}, **keys)
        ],
        "LangChain": [
            lambda: ChatBedrockConverse(model=model, region_name="us-east-1", endpoint_url=url),
            lambda: ChatBedrockConverse(
                model=model, cross_region={"sources": ["us-east-1"], "endpoint_urls": {"us-east-1": url}}
            ),
        ],
    }.get(place) or [
        lambda: outcrop.client("bedrock-runtime", **KEYS),
        lambda: outcrop.async_client("bedrock", **KEYS),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"endpoint") as caught:
            call()
        assert MARK not in told(caught.value)


@pytest.mark.parametrize("proxy", [f"http://127.0.0.1:9?{MARK}", f"http://127.0.0.1:9/#{MARK}", f"socks5://h?{MARK}"])
def test_a_secret_of_a_proxy_is_shown_nowhere(monkeypatch, proxy):
    settings = {**KEYS, "endpoint_url": "http://192.0.2.1:9", "retries": {"max_attempts": 1}}
    for given_arguments in ({"proxy": proxy}, {}):
        monkeypatch.setenv("HTTP_PROXY", "" if given_arguments else proxy)
        with pytest.raises((OutcropError, ValueError)) as caught:
            _called({**settings, **given_arguments})
        assert MARK not in told(caught.value)


def _called(settings):
    session = outcrop.Session(**settings)
    assert MARK not in f"{session!r} {session.whoami()}"
    client = session.client("bedrock-runtime")
    assert MARK not in f"{client!r} {client.meta!r}"
    client.converse(modelId="m")


def test_a_plain_endpoint_may_travel():
    session = outcrop.Session(
        **{key: value for key, value in KEYS.items() if "key" not in key}, endpoint_url="http://h/x"
    )
    assert pickle.loads(pickle.dumps(session)) == session
