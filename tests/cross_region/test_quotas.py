"""Limits that are read from Service Quotas, kept by code, and a day's quota that is one over all models."""

from __future__ import annotations

import pickle
import threading

import pytest

import outcrop
from outcrop import _native, exceptions
from outcrop.cross_region import HeldClock, _quotas, _snapshot
from outcrop.cross_region.profile import Profile

from .conftest import MODEL, ON_DEMAND, ask
from .service_quotas import ServiceQuotas
from .sides import Side, regions, route

HOME, SECOND = "us-east-1", "us-west-2"
TOKENS, REQUESTS = "L-58BE175A", "L-CCA5DF70"
DAY = "Too many tokens per day, please wait before trying again."
OF_A_PROFILE = {"geographies": ["us"], "residency": "us"}


@pytest.fixture
def service(monkeypatch):
    with ServiceQuotas().served(monkeypatch) as quotas:
        yield quotas


@pytest.fixture(params=["blocking", "asynchronous"])
def side_of(request, emulator):
    def make(model=MODEL, **options):
        connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
        side = Side(request.param, model, **{"sources": [HOME, SECOND], **OF_A_PROFILE, **connection, **options})
        side.bedrock = emulator
        return side

    return make


def test_the_applied_value_comes_before_the_default_and_each_source_has_its_own(side_of, service):
    service.applied = {(HOME, TOKENS): 6000.0, (HOME, REQUESTS): 50.0}
    service.defaults = {TOKENS: 4000.0, REQUESTS: 20.0}
    side = side_of(limits={"tokens_per_minute": "quota", "requests_per_minute": "quota"})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    home, second = side.router.health()
    assert (home.tokens_per_minute, home.requests_per_minute) == (6000.0, 50.0)
    assert (second.tokens_per_minute, second.requests_per_minute) == (4000.0, 20.0)
    assert home.quota == f"tokens: {TOKENS} applied, requests: {REQUESTS} applied"
    assert second.quota == f"tokens: {TOKENS} default, requests: {REQUESTS} default"
    assert (home.requests_left, second.requests_left) == (49.0, 20.0)
    assert home.tokens_left < 6000.0
    shown = side.router.health()
    assert shown.cells(shown[0])[shown.columns.index("requests left")] == "49 of 50"
    assert f"quotas of {home.model_id} from {HOME}: {home.quota}" in shown.notes
    # Once for both kinds and Regions, and once more where there is no applied value; not for each call.
    side.call()
    assert len(service.asked) == 6


def test_requests_beyond_the_quota_go_to_the_next_source(side_of, service):
    service.applied = {TOKENS: 1e9, (HOME, REQUESTS): 2.0, (SECOND, REQUESTS): 5.0}
    side = side_of(limits={"requests_per_minute": "quota"})
    where = [regions(route(side.call())) for _ in range(3)]
    assert where == [[(HOME, None)], [(HOME, None)], [(SECOND, None)]]
    side.clock.advance(30)
    assert regions(route(side.call())) == [(HOME, None)]
    assert {code for _, _, code in service.asked} == {REQUESTS}


def test_a_share_is_a_part_of_what_is_read_and_of_what_is_said(side_of, service):
    service.applied = {TOKENS: 16000.0}
    side = side_of(limits={"tokens_per_minute": "quota", "requests_per_minute": 32, "share": 1 / 16})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    home = side.router.health()[0]
    assert (home.tokens_per_minute, home.requests_per_minute) == (1000.0, 2.0)


def test_a_number_serves_where_the_quota_is_not_known(side_of, service):
    service.denies = True
    side = side_of(limits={"tokens_per_minute": ("quota", 7000), "requests_per_minute": "quota"})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    home = side.router.health()[0]
    assert (home.tokens_per_minute, home.requests_per_minute) == (7000.0, None)
    assert f"tokens: {TOKENS} is not known, since it could not be read: " in home.quota
    assert "AccessDeniedException" in home.quota
    # A model that is called itself has a code that the release does not know.
    side = side_of(ON_DEMAND, geographies=["direct"], residency=None, limits={"tokens_per_minute": ["quota", 500]})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    home = side.router.health()[0]
    assert (home.tokens_per_minute, home.quota) == (500.0, "tokens: the code is not known")


def test_what_failed_is_asked_again_and_what_was_known_stays(emulator, service, monkeypatch):
    service.applied = {TOKENS: 6000.0}
    now = [1000.0]
    monkeypatch.setattr(_quotas.time, "monotonic", lambda: now[0])
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    options = {"sources": [HOME], "catalogue": "snapshot", "clock": HeldClock(), **OF_A_PROFILE}
    router = outcrop.CrossRegion(MODEL, limits={"tokens_per_minute": "quota"}, **options, **connection)
    router.plan()
    now[0] += 3599
    router.plan()
    assert len(service.asked) == 1
    now[0] += 2
    service.denies = True
    router.plan()
    assert (len(service.asked), router.health()[0].tokens_per_minute) == (2, 6000.0)
    assert router.health()[0].quota == f"tokens: {TOKENS} applied"
    service.denies, service.applied = False, {TOKENS: 9000.0}
    now[0] += 61
    router.plan()
    assert (len(service.asked), router.health()[0].tokens_per_minute) == (3, 9000.0)
    # A pickle reads them itself.
    assert pickle.loads(pickle.dumps(_quotas.Wish({"tokens": None}, 1.0))).share == 1.0


def test_a_service_that_is_late_holds_no_call_up(side_of, service):
    service.applied = {TOKENS: 6000.0}
    service.hold = threading.Event()
    side = side_of(sources=[HOME], limits={"tokens_per_minute": "quota"}, timeouts={"total": 1.0})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    health = side.router.health()[0]
    assert (health.tokens_per_minute, health.quota) == (None, f"tokens: {TOKENS} is not known, not read yet")
    service.hold.set()


@pytest.mark.parametrize(
    ("limits", "error", "says"),
    [
        ({"share": 0.5}, ValueError, "share divides tokens_per_minute"),
        ({"share": 2, "tokens_per_minute": 5}, ValueError, "at most 1"),
        ({"tokens_per_minute": "quotas"}, TypeError, "tokens_per_minute"),
        ({"tokens_per_minute": ("quota", 0)}, ValueError, "must be 1 or more"),
        ({"requests_per_minute": 0}, ValueError, "must be 1 or more"),
    ],
)
def test_limits_are_checked(limits, error, says):
    with pytest.raises(error, match=says):
        outcrop.CrossRegion(MODEL, sources=[HOME], geographies=["us"], limits=limits)


@pytest.mark.parametrize("kind", ["tokens", "requests"])
def test_a_code_that_nobody_knows_says_so_and_asks_for_a_number(kind):
    with pytest.raises(
        ValueError, match=f'"{kind}_per_minute"] is "quota", but the code .* {ON_DEMAND}: give a number'
    ):
        outcrop.CrossRegion(ON_DEMAND, sources=[HOME], limits={f"{kind}_per_minute": "quota"})


def test_several_accounts_have_no_one_quota():
    with pytest.raises(ValueError, match="the quotas of one account"):
        outcrop.CrossRegion(
            MODEL, sources=[HOME], geographies=["us"], limits={"tokens_per_minute": "quota"}, credentials=lambda: None
        )


def test_a_local_bedrock_asks_no_service_of_aws(emulator, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", raising=False)
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    router = outcrop.CrossRegion(
        MODEL, sources=[HOME], catalogue="snapshot", limits={"tokens_per_minute": "quota"}, **OF_A_PROFILE, **connection
    )
    router.plan()
    assert "AWS_ENDPOINT_URL_SERVICE_QUOTAS names a Service Quotas beside it" in router.health()[0].quota


def test_geographies_of_a_model_share_a_code_and_global_has_its_own():
    facts = _snapshot.facts()
    by_scope = {}
    for region in sorted(facts.regions):
        for row in facts.profiles(region):
            scope = "global" if row.everywhere else "regions"
            geography = row.id.partition(".")[0]
            profile = Profile(row.id, geography, row.base_model, "SYSTEM_DEFINED", region, scope, ())
            key = (row.base_model, geography == "global")
            by_scope.setdefault(key, set()).add(_quotas.codes_of(profile))
    assert all(len(codes) == 1 for codes in by_scope.values())
    known = [next(iter(codes)).key for codes in by_scope.values()]
    known = [key for key in known if key is not None]
    assert len(set(known)) == len(known) > 50


def test_an_application_profile_draws_on_the_quota_of_what_it_was_copied_from(emulator, service):
    """Two ways to one quota share what is left of it."""
    service.applied = {TOKENS: 1e6, REQUESTS: 2.0}
    control = emulator.client("bedrock", region_name=HOME)
    source = control.get_inference_profile(inferenceProfileIdentifier=f"us.{MODEL}")["inferenceProfileArn"]
    arn = control.create_inference_profile(inferenceProfileName="mine", modelSource={"copyFrom": source})
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    router = outcrop.CrossRegion(
        arn["inferenceProfileArn"],
        geographies=["us"],
        limits={"requests_per_minute": "quota", "longest_wait": 1},
        clock=HeldClock(),
        **connection,
    )
    for _ in range(2):
        router.converse(**ask())
    assert [row.requests_left for row in router.health()] == [0.0, 0.0]


def test_a_used_up_day_opens_the_whole_source_for_every_router_of_the_account(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    options = {"sources": [HOME, SECOND], "catalogue": "snapshot", "clock": HeldClock(), **OF_A_PROFILE}
    one = outcrop.CrossRegion([MODEL, ON_DEMAND], **options, **connection)
    other = outcrop.CrossRegion(ON_DEMAND, breaker={"minimum_calls": 7}, **options, **connection)
    apart = outcrop.CrossRegion(ON_DEMAND, shared=False, **options, **connection)
    for router in (one, other, apart):
        router.converse(**ask())
    fault = emulator.fault("throttling", region=HOME, model=f"us.{MODEL}", message=DAY)
    assert regions(route(one.converse(**ask()))) == [(HOME, "ThrottlingException"), (SECOND, None)]
    assert [row.state for row in one.health()] == ["open", "closed", "open", "closed"]
    assert one.health()[0].reason == "its daily quota is used up"
    assert one.health()[2].reason == "the quota of the day is used up in its source Region"
    assert [row.state for row in other.health()] == ["open", "closed"]
    assert other.health()[0].open_for == pytest.approx(3600)
    assert [row.state for row in apart.health()] == ["closed", "closed"]
    assert regions(route(other.converse(**ask()))) == [(SECOND, None)]
    # One that is made later learns of it.
    late = outcrop.CrossRegion("amazon.nova-pro-v1:0", **options, **connection)
    assert regions(route(late.converse(**ask()))) == [(SECOND, None)]
    fault.remove()
    options["clock"].advance(3601)
    assert regions(route(other.converse(**ask()))) == [(HOME, None)]


def test_a_days_quota_that_a_stream_names_late_opens_the_source_too(side_of):
    side = side_of([MODEL, ON_DEMAND])
    side.bedrock.fault("exception", region=HOME, after_events=3, code="ThrottlingException", message=DAY)
    with pytest.raises(exceptions.ClientError):
        side.call("converse_stream")
    assert [row.state for row in side.router.health()] == ["open", "closed", "open", "closed"]


def test_the_native_router_takes_no_quota_that_cannot_be(side_of):
    side = side_of(limits={"tokens_per_minute": 5000})
    side.call(**ask(), inferenceConfig={"maxTokens": 10})
    for odd in (0.0, -5.0, float("nan"), float("inf")):
        side.router._router.take_quotas([(0, TOKENS, odd, odd)])
    assert side.router.health()[0].tokens_per_minute == 5000.0
    assert isinstance(side.router._router, _native.Router)
