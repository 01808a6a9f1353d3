"""Tenants of one process never meet: not in breakers, not in limits, not in what is known of Regions."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import gc
import re
import weakref

import pytest

import outcrop
from outcrop._principal import _numbers, principal
from outcrop.cross_region import _store
from outcrop.cross_region.sources import Sources
from tests.support.server import ANSWER, Server, json_answer

from .conftest import MODEL, ask
from .sides import Side, route
from .sides import regions as attempted

PRIMARY = "us-east-1"
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


class Provider:
    def __init__(self, keys):
        self.keys = keys

    def __call__(self):
        return self.keys

    def get(self):
        return self.keys


def credentials(emulator):
    return outcrop.Credentials(emulator.access_key_id, emulator.secret_access_key, None)


def test_a_provider_at_the_address_of_another_is_another(emulator):
    """One tenant's used-up day leaves the next one's breakers alone, however often an address is used again."""
    options = {
        "sources": [PRIMARY],
        "geographies": ["us"],
        "catalogue": "snapshot",
        "endpoint_url": emulator.endpoint_url,
    }
    emulator.fault("throttling", message="Too many tokens per day, please wait before trying again.", times=20)
    for _ in range(20):
        router = outcrop.CrossRegion(MODEL, credentials=Provider(credentials(emulator)), **options)
        assert router.health()[0].state == "closed"
        with pytest.raises(outcrop.exceptions.ThrottlingException):
            router.converse(**ask())
        assert router.health()[0].state == "open"
        del router
        gc.collect()


def test_the_same_provider_is_the_same_principal():
    provider = Provider(None)
    assert principal({"credentials": provider}) == principal({"credentials": provider})
    # A bound method is another object each time.
    assert principal({"credentials": provider.get}) == principal({"credentials": provider.get})
    assert principal({"credentials": provider.get}) != principal({"credentials": Provider(None).get})
    assert principal({"credentials": functools.partial(provider)}) != principal({"credentials": provider})


def test_providers_are_let_go_of():
    before = len(_numbers)
    provider = Provider(None)
    principal({"credentials": provider})
    assert len(_numbers) == before + 1
    gone = weakref.ref(provider)
    del provider
    gc.collect()
    assert gone() is None
    assert len(_numbers) == before


@pytest.mark.parametrize(
    "other",
    [
        {"aws_session_token": "another"},
        {"aws_secret_access_key": "another"},
        {"role_arn": "arn:aws:iam::123456789012:role/another"},
        {"endpoint_url": "http://127.0.0.1:1"},
        {"default_headers": {"x-tenant": "another"}},
        {"a_setting_of_tomorrow": "another"},
    ],
)
def test_settings_tell_principals_apart(other):
    assert principal({**KEYS, **other}) != principal(KEYS)


@pytest.mark.parametrize(
    "variable",
    [
        "AWS_SESSION_TOKEN",
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_CONFIG_FILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "HOME",
    ],
)
def test_the_environment_tells_principals_apart(variable, monkeypatch):
    before = principal({})
    monkeypatch.setenv(variable, "another")
    assert principal({}) != before


def test_how_is_called_says_nothing_of_who_calls(monkeypatch):
    before = principal(KEYS)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    again = {**KEYS, "region_name": "eu-west-1", "timeouts": {"total": 5.0}, "retries": {"max_attempts": 1}}
    assert principal(again) == before


def test_no_secret_is_in_a_principal():
    assert KEYS["aws_secret_access_key"] not in principal(KEYS)
    assert len(principal(KEYS)) == 32


def test_what_is_known_of_regions_stays_bounded(emulator, monkeypatch):
    monkeypatch.setattr(_store, "_KEPT", 4)
    for number in range(12):
        session = outcrop.Session(
            region_name=PRIMARY, default_headers={"x-tenant": str(number)}, **_connection(emulator)
        )
        _store.facts(Sources(session, PRIMARY).all, source="live", max_age=60)
        assert len(_store._entries) <= 5
    asked = len(emulator.journal)
    _store.facts(Sources(session, PRIMARY).all, source="live", max_age=60)
    assert len(emulator.journal) == asked


def _connection(emulator):
    return {name: value for name, value in emulator.connection.items() if name != "region_name"}


TENANT = contextvars.ContextVar("TENANT", default="one")
PER_DAY = json_answer(
    b'{"message": "Too many tokens per day, please wait before trying again."}',
    429,
    x_amzn_ErrorType="ThrottlingException",
)
DOWN = json_answer(b'{"message": "try later"}', 503, x_amzn_ErrorType="ServiceUnavailableException")
FUNCTIONS = {
    "keys": {"credentials": lambda: outcrop.Credentials(f"AKID{TENANT.get()}", "secret", None)},
    "API keys": {"bearer_token": lambda: f"token-{TENANT.get()}"},
}
SECOND = "us-west-2"


class Regions:
    """Two Regions; the first refuses those tenants that it is told, and both note who asked."""

    def __init__(self, stack):
        self.refused = {}
        self.asked = []
        self.urls = {region: stack.enter_context(Server(answer=self.answering(region))).url for region in REGIONS}

    def answering(self, region):
        def answer(request):
            who = re.search("(?:AKID|token-)([a-z]+)", request.header("authorization"))[1]
            self.asked.append((who, region))
            if region == PRIMARY and who in self.refused:
                return self.refused[who]
            return json_answer(ANSWER)

        return answer


REGIONS = [PRIMARY, SECOND]


@pytest.fixture(params=FUNCTIONS)
def regions(request):
    with contextlib.ExitStack() as stack:
        found = Regions(stack)
        found.who = FUNCTIONS[request.param]
        yield found


@pytest.fixture(params=["blocking", "async"])
def side(request, regions):
    """Calls as a tenant through one router."""

    def made(**options):
        where = {"sources": REGIONS, "endpoint_urls": regions.urls, **regions.who}
        side = Side(request.param, **where, **options)

        def call(tenant):
            token = TENANT.set(tenant)
            try:
                return [region for region, _ in attempted(route(side.call()))]
            finally:
                TENANT.reset(token)

        return side, call

    return made


@pytest.mark.parametrize("shared", [False, True])
def test_one_tenant_s_used_up_day_is_none_of_another_s(side, regions, shared):
    """They come through one router, whose function says who calls."""
    regions.refused["one"] = PER_DAY
    side, call = side(shared=shared)
    assert call("one") == [PRIMARY, SECOND]
    assert call("one") == [SECOND]
    assert call("two") == [PRIMARY]
    assert call("one") == [SECOND]
    assert regions.asked == [("one", PRIMARY), ("one", SECOND), ("one", SECOND), ("two", PRIMARY), ("one", SECOND)]
    health = side.router.health()[0]
    assert (health.state, health.calls, health.failures) == ("open", 2, 1)
    assert health.reason.endswith(", for one of several accounts")
    assert side.router.health()[1].state == "closed"


def test_metrics_are_the_targets_whoever_calls(side, regions):
    side, call = side()
    for tenant in ("one", "two", "one"):
        call(tenant)
    (series,) = side.router.metrics().series
    assert (series.labels["region"], series.calls) == (PRIMARY, 3)
    states = [sample for sample in side.router.metrics().samples if sample.name == "breaker_state"]
    assert len({tuple(sorted(sample.labels.items())) for sample in states}) == len(states)


def test_one_tenant_s_retries_leave_the_others_theirs(side, regions):
    regions.refused["one"] = DOWN
    side, call = side(retry_budget=14)
    assert call("one") == [PRIMARY, SECOND]
    regions.refused["two"] = DOWN
    assert call("two") == [PRIMARY, SECOND]
    assert side.router.retry_budget == 14


def test_what_is_forced_is_forced_for_all_tenants(side, regions):
    side, call = side()
    assert call("one") == [PRIMARY]
    side.router.force(PRIMARY, "open")
    assert (call("one"), call("two")) == ([SECOND], [SECOND])
    side.router.force(PRIMARY, None)
    assert (call("one"), call("two"), call("three")) == ([PRIMARY], [PRIMARY], [PRIMARY])


def test_keys_of_one_account_share_what_is_known():
    """An access key id names its account, whose quota it is; keys change by the hour."""
    with contextlib.ExitStack() as stack:
        keys = iter(["ASIAQNZGKIQY56JQ7WML", "ASIAQNZGKIQYZZZZZZZZ", "ASIAQNZGKIRYZZZZZZZZ"])
        first, second = (stack.enter_context(Server(it)) for it in (PER_DAY, json_answer(ANSWER)))
        router = outcrop.CrossRegion(
            MODEL,
            geographies=["us"],
            catalogue="snapshot",
            sources=REGIONS,
            endpoint_urls={PRIMARY: first.url, SECOND: second.url},
            credentials=lambda: outcrop.Credentials(next(keys), "secret", "token"),
        )
        for _ in range(3):
            router.converse(**ask())
        # The second key is of the first's account, and the third is not.
        assert (len(first.requests), len(second.requests)) == (2, 3)
