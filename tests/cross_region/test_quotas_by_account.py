"""Quotas of two accounts in three Regions: each is read with its own keys, and none is another's."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock, _quotas, _store

from .accounts import ONE, PRIMARY, SECOND, THIRD, TWO, Accounts, key_of
from .conftest import MODEL, ON_DEMAND, ask
from .service_quotas import ServiceQuotas
from .sides import Side, route

DAY = "Too many tokens per day, please wait before trying again."
REGIONS = (PRIMARY, SECOND, THIRD)
PLACES = [(account, region) for account in (ONE, TWO) for region in REGIONS]
TOKENS, REQUESTS = "L-58BE175A", "L-CCA5DF70"
"""Of all geographies of the model."""
BOTH_KINDS = {"tokens_per_minute": "quota", "requests_per_minute": "quota"}


class QuotasOfAccounts(ServiceQuotas):
    """A Service Quotas for several accounts: it goes by the key that signed, as AWS does."""

    def __init__(self):
        super().__init__()
        self.denied = set()

    def place(self, key, region):
        (account,) = (name for name in (ONE, TWO) if key_of(name) == key)
        return account, region

    def refuses(self, place):
        return place[0] in self.denied


@pytest.fixture
def service(monkeypatch):
    with QuotasOfAccounts().served(monkeypatch) as quotas:
        yield quotas


@pytest.fixture(params=["blocking", "async"])
def side(request, accounts):
    def made(*places, **options):
        return Side(request.param, **{"sources": accounts.sources(*places or PLACES), **options})

    return made


def tried(answer):
    return [(it["Target"]["Account"], it["Target"]["SourceRegion"]) for it in route(answer)["Attempts"]]


def by_place(health):
    return {(row.account, row.source_region): row for row in health}


def test_each_account_s_quotas_are_read_with_its_own_keys_and_shown(side, service):
    """The applied value before the default, for each account and Region."""
    service.applied = {(account, region, TOKENS): 1e6 + at for at, (account, region) in enumerate(PLACES[:4])}
    service.defaults = {TOKENS: 5e5, REQUESTS: 70.0}
    side = side(limits=BOTH_KINDS)
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    health = side.router.health()
    shown = {
        place: (row.tokens_per_minute, row.requests_per_minute, row.quota) for place, row in by_place(health).items()
    }
    assert shown == {
        place: (
            1e6 + at if at < 4 else 5e5,
            70.0,
            f"tokens: {TOKENS} {'applied' if at < 4 else 'default'}, requests: {REQUESTS} default",
        )
        for at, place in enumerate(PLACES)
    }
    # Each account asked for its own, once a code; what has no applied value for the default, too.
    assert sorted(set(service.asked)) == sorted(service.asked)
    assert {(account, region) for _, account, region, _ in service.asked} == set(PLACES)
    assert len(service.asked) == 6 * 2 + 2 + 6
    notes = "\n".join(health.notes)
    for account in (ONE, TWO):
        assert f"{PRIMARY}, account {account}" in notes
        assert key_of(account) not in notes
    # What one account used is none of the other's.
    assert [row.requests_left for row in health] == [69.0] + [70.0] * 5


def test_a_quota_that_one_account_may_not_read_is_none_of_the_other_s(side, service):
    service.denied, service.defaults = {ONE}, {TOKENS: 5e5}
    side = side((ONE, PRIMARY), (TWO, PRIMARY), limits={"tokens_per_minute": ("quota", 7000)})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    one, two = side.router.health()
    assert (one.tokens_per_minute, two.tokens_per_minute) == (7000.0, 5e5)
    assert "AccessDeniedException" in one.quota
    assert two.quota == f"tokens: {TOKENS} default"


def test_what_is_left_is_spent_account_by_account_and_comes_back_with_the_minute(side, service, accounts):
    """No account is asked for more than its quota allows, by the clock of the router."""
    service.defaults = {TOKENS: 1e9, REQUESTS: 2.0}
    places = (ONE, PRIMARY), (TWO, PRIMARY), (TWO, SECOND)
    side = side(*places, limits={"requests_per_minute": "quota", "longest_wait": 1})
    where = [tried(side.call()) for _ in range(6)]
    assert where == [[place] for place in places for _ in range(2)]
    side.clock.advance(30)
    assert [tried(side.call()) for _ in range(3)] == [[place] for place in places]
    assert len(accounts.sent()) == 9


def test_geographies_share_a_code_and_global_has_its_own_in_each_account(side, service, accounts):
    service.defaults = {TOKENS: 1e9}
    service.applied = {(account, PRIMARY, REQUESTS): 2.0 for account in (ONE, TWO)}
    options = {"geographies": ["us", "global"], "residency": None, "limits": BOTH_KINDS}
    side = side((ONE, PRIMARY), (TWO, PRIMARY), **options)
    side.call()
    codes = {it.model_id: it.codes for it in side.router._known.drawn()}
    assert codes[f"us.{MODEL}"].requests != codes[f"global.{MODEL}"].requests
    seen = [(*tried(it)[0], route(it)["Target"]["ModelId"]) for it in (side.call() for _ in range(3))]
    # The other account before the other profile, since geographies are tried in their order.
    assert seen == [
        (ONE, PRIMARY, f"us.{MODEL}"),
        (TWO, PRIMARY, f"us.{MODEL}"),
        (TWO, PRIMARY, f"us.{MODEL}"),
    ]
    assert route(side.call())["Target"]["ModelId"] == f"global.{MODEL}"
    left = {(row.account, row.model_id): row.requests_left for row in side.router.health()}
    assert left[ONE, f"us.{MODEL}"] == left[TWO, f"us.{MODEL}"] == 0.0
    assert left[ONE, f"global.{MODEL}"] is None


def test_an_application_profile_draws_on_its_own_account_s_quota(service, accounts):
    """With the system profile of that account, and never with the other's."""
    service.defaults = {TOKENS: 1e9, REQUESTS: 3.0}
    control = accounts[TWO].client("bedrock", region_name=PRIMARY)
    source = control.get_inference_profile(inferenceProfileIdentifier=f"us.{MODEL}")["inferenceProfileArn"]
    made = control.create_inference_profile(inferenceProfileName="team", modelSource={"copyFrom": source})
    router = outcrop.CrossRegion(
        [made["inferenceProfileArn"], MODEL],
        sources=accounts.sources((ONE, PRIMARY), (TWO, PRIMARY)),
        geographies=["us"],
        limits={"requests_per_minute": "quota"},
        clock=HeldClock(),
    )
    for _ in range(2):
        router.converse(**ask())
    left = [(row.account, row.model_id, row.requests_left) for row in router.health()]
    used = {account for account, _, requests in left if requests == 1.0}
    assert len(used) == 1
    (whose,) = used
    assert {requests for account, _, requests in left if account != whose} == {3.0}
    assert {name for name, _ in accounts.sent()} == used


@pytest.mark.parametrize("first", [True, False])
def test_a_used_up_day_is_the_account_s_in_that_region_for_all_its_routers(accounts, first):
    """Of whatever model and with whatever options; of no other account and in no other Region."""
    options = {"geographies": ["us"], "catalogue": "snapshot", "clock": HeldClock()}
    pooled = outcrop.CrossRegion([MODEL, ON_DEMAND], sources=accounts.sources(*PLACES), **options)
    others = {
        account: outcrop.CrossRegion(
            ON_DEMAND, sources=accounts.sources(*((account, region) for region in REGIONS)), retry_budget=9, **options
        )
        for account in (ONE, TWO)
    }
    twin = outcrop.AsyncCrossRegion(MODEL, sources=accounts.sources((ONE, PRIMARY), (TWO, THIRD)), **options)
    if first:
        for router in others.values():
            router.converse(**ask())
    accounts[ONE].fault("throttling", region=PRIMARY, message=DAY, times=1)
    assert tried(pooled.converse(**ask())) == [(ONE, PRIMARY), (ONE, SECOND)]

    def states(router):
        found = {}
        for row in router.health():
            found.setdefault((row.account, row.source_region), set()).add(row.state)
        return {place for place, state in found.items() if state == {"open"}}, sum(map(len, found.values()))

    assert states(pooled) == ({(ONE, PRIMARY)}, 6)
    assert tried(others[ONE].converse(**ask())) == [(ONE, SECOND)]
    assert tried(others[TWO].converse(**ask())) == [(TWO, PRIMARY)]
    assert states(others[ONE])[0] == {(ONE, PRIMARY)}
    assert states(others[TWO])[0] == set()
    assert tried(asyncio.run(twin.converse(**ask()))) == [(TWO, THIRD)]
    # An hour later, which the routers' clock says, it is tried again.
    options["clock"].advance(3601)
    assert tried(others[ONE].converse(**ask())) == [(ONE, PRIMARY)]


def test_a_token_of_an_answer_takes_what_its_model_takes_and_from_its_own_account(accounts, service):
    """Haiku's count five times and Nova's once, in the account that answered and no other."""
    codes = _quotas._TABLE[ON_DEMAND]["geographies"]
    service.defaults = {TOKENS: 1e6, codes[0]: 1e6, codes[1] or "": 1e6, REQUESTS: 1e6}
    router = outcrop.CrossRegion(
        [MODEL, ON_DEMAND],
        sources=accounts.sources((ONE, PRIMARY), (TWO, PRIMARY)),
        geographies=["us"],
        limits={"tokens_per_minute": "quota"},
        catalogue="snapshot",
        clock=HeldClock(),
    )
    router.plan()
    accounts[ONE].fault("throttling", times=1)
    for model, account in ((MODEL, TWO), (MODEL, ONE), (ON_DEMAND, ONE)):
        before = {(row.account, row.model_id): row.tokens_left for row in router.health()}
        answer = router.converse(**ask(), modelId=model, inferenceConfig={"maxTokens": 50})
        assert tried(answer)[-1] == (account, PRIMARY)
        after = {(row.account, row.model_id): row.tokens_left for row in router.health()}
        spent = {place: before[place] - left for place, left in after.items() if left != before[place]}
        usage = answer["usage"]
        rate = 5 if model == MODEL else 1
        assert spent == {(account, f"us.{model}"): usage["inputTokens"] + rate * usage["outputTokens"]}


def test_two_sessions_of_one_account_ask_once_for_each(service, accounts):
    """Sources of one session ask with one client; nobody asks with keys of another's."""
    service.defaults = {TOKENS: 1e6}
    session = accounts.session(ONE)
    sources = [outcrop.Source(region, session=session) for region in REGIONS]
    router = outcrop.CrossRegion(
        MODEL, sources=sources, geographies=["us"], limits={"tokens_per_minute": "quota"}, clock=HeldClock()
    )
    router.plan()
    assert {row.tokens_per_minute for row in router.health()} == {1e6}
    assert len(service.asked) == 6


def test_the_first_call_says_which_account_has_no_room(side, service, accounts):
    service.defaults = {REQUESTS: 1.0}
    side = side((ONE, PRIMARY), (TWO, PRIMARY), limits={"requests_per_minute": "quota", "longest_wait": 1})
    for _ in range(2):
        side.call()
    with pytest.raises(exceptions.OverloadedError) as raised:
        side.call()
    text = str(raised.value)
    assert key_of(ONE) not in text
    assert f"secret-of-{ONE}" not in text
    assert len(accounts.sent()) == 2


@settings(max_examples=15)
@given(
    quotas=st.dictionaries(st.sampled_from(PLACES), st.integers(1, 4), min_size=1),
    steps=st.lists(st.sampled_from(["call", "call", "call", "half a minute"]), min_size=1, max_size=25),
)
def test_no_account_is_asked_for_more_than_its_quota(quotas, steps):
    """Counted by the servers: what each account got in a Region since it was full is what its quota let through."""
    _store.forget()
    with pytest.MonkeyPatch.context() as patch, Accounts() as accounts:
        service = QuotasOfAccounts()
        with service.server as server:
            patch.setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", server.url)
            service.applied = {(*place, REQUESTS): float(value) for place, value in quotas.items()}
            clock = HeldClock()
            router = outcrop.CrossRegion(
                MODEL,
                sources=accounts.sources(*quotas),
                geographies=["us"],
                catalogue="snapshot",
                limits={"requests_per_minute": "quota", "longest_wait": 0.001},
                clock=clock,
                shared=False,
            )
            room = {place: float(value) for place, value in quotas.items()}
            for step in steps:
                if step != "call":
                    clock.advance(30)
                    room = {place: min(quotas[place], left + quotas[place] / 2) for place, left in room.items()}
                    continue
                expected = next((place for place in quotas if room[place] >= 1), None)
                if expected is None:
                    with pytest.raises(exceptions.OverloadedError):
                        router.converse(**ask())
                    continue
                assert tried(router.converse(**ask())) == [expected]
                room[expected] -= 1
            assert len(accounts.sent()) == sum(step == "call" for step in steps) - _shed(router)


def _shed(router):
    return sum(series.calls for series in router.metrics().series if series.labels["outcome"] != "ok")
