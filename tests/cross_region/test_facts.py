"""What is known has an order: AWS's newest list decides, whoever asks what, and however late an older one comes."""

from __future__ import annotations

import asyncio
import copy
import os
import signal
import threading

import pytest

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock, _snapshot, _store
from outcrop.langchain import ChatBedrockConverse
from tests.support.waiting import PATIENCE

from .conftest import MODEL, ask
from .world import Version, World

HOME, OTHER = "us-east-1", "us-west-2"
PROFILE = f"us.{MODEL}"
"""The bundled facts say that it is served in us-east-1, us-east-2 and us-west-2."""
NEW = "us.new-lab.model-1"
US = Version({HOME: {PROFILE: ("us-east-1", "us-east-2", "us-west-2")}})
WIDER = Version({HOME: {PROFILE: ("us-east-1", "us-east-2", "us-west-2", "ca-central-1")}})


@pytest.fixture
def world():
    with World([HOME, OTHER], WIDER) as servers:
        yield servers


@pytest.fixture(params=["blocking", "asynchronous"])
def made(request, world):
    def make(model=MODEL, **options):
        kind = outcrop.CrossRegion if request.param == "blocking" else outcrop.AsyncCrossRegion
        usual = {"geographies": ["us"], "residency": "us", "clock": HeldClock()}
        return kind(model, **{**usual, **world.connection(HOME), **options})

    return make


def call(router, **arguments):
    answer = router.converse(**ask(), **arguments)
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


def plan(router):
    found = router.plan()
    return asyncio.run(found) if asyncio.iscoroutine(found) else found


def grow_old(router):
    """As if an hour had passed."""
    router._known.fresh_until = 0.0
    for entry in _store._entries.values():
        entry.fetched -= 3601


def settle():
    for entry in _store._entries.values():
        if entry.under_way is not None:
            entry.under_way.wait()


def refused(router):
    with pytest.raises(exceptions.NoTargetError) as caught:
        call(router)
    return str(caught.value)


@pytest.mark.parametrize("ask_for", ["health", "metrics", "force"])
@pytest.mark.parametrize("like", [copy.copy, copy.deepcopy, lambda router: router._twin(), lambda router: router])
def test_asking_how_things_stand_changes_no_facts(made, world, like, ask_for):
    """AWS says that the profile is served in Canada, too. The bundled facts would let it through."""
    router = made()
    before = like(router)
    assert "it may be served in ca-central-1, outside" in refused(router)
    for there in (before, like(router), router):
        if ask_for == "force":
            there.force(HOME, None)
        else:
            getattr(there, ask_for)()
        assert "it may be served in ca-central-1, outside" in refused(router)
        assert "it may be served in ca-central-1, outside" in refused(there)
        assert [row.allowed for row in there.health()] == [False]
    assert world.take() == []


def test_a_model_newer_than_the_release_is_still_served_after_a_look_at_a_copy(made, world):
    world.change(Version({HOME: {NEW: ("us-east-1", "us-west-2")}}))
    router = made(NEW, geographies=None)
    call(router)
    copied = copy.copy(router)
    copied.metrics()
    call(router)
    call(copied)
    assert [sent.model_id for sent in world.take()] == [NEW] * 3


def test_a_chat_model_and_a_look_at_its_routers_metrics(world):
    router = outcrop.CrossRegion(MODEL, geographies=["us"], residency="us", **world.connection(HOME))
    model = ChatBedrockConverse(model=PROFILE, client=router, region_name=HOME)
    for _ in range(2):
        with pytest.raises(exceptions.NoTargetError, match="ca-central-1"):
            asyncio.run(model.ainvoke("hello"))
        router.metrics()
    assert world.take() == []


def test_copies_share_what_is_found(made, world):
    """One of them waits for the lists, for all."""
    router = made(residency=None)
    call(router)
    asked = len(world.listed)
    for like in (copy.copy(router), copy.deepcopy(router)):
        assert like._known is router._known
        call(like)
    assert len(world.listed) == asked


def test_a_batch_looks_at_the_lists_again_before_each_request(made, world):
    """It begins on the bundled facts, since the lists are late; they come, and say otherwise."""
    world.lists[HOME] = "late"
    router = made(timeouts={"total": 0.05})
    answered = []

    def requests():
        yield ask("first")
        world.wait_for_lists(3)
        world.release()
        settle()
        router._known.fresh_until = 0.0
        for number in range(3):
            yield ask(f"later {number}")

    async def awaited():
        async for _, result in router.batch("converse", requests(), concurrency=1):
            answered.append(result)

    if isinstance(router, outcrop.CrossRegion):
        answered += [result for _, result in router.batch("converse", requests(), concurrency=1)]
    else:
        asyncio.run(awaited())
    assert [type(result).__name__ for result in answered] == ["dict", *["NoTargetError"] * 3]
    (sent,) = world.take()
    assert b"first" in sent.body


def test_a_batch_keeps_to_max_age(made, world):
    world.change(US)
    router = made()

    def requests():
        yield ask()
        world.change(WIDER)
        grow_old(router)
        # The next finds the lists old and asks for them; what they say is there for the one after.
        yield ask()
        settle()
        router._known.fresh_until = 0.0
        yield ask()

    async def awaited():
        return [result async for _, result in router.batch("converse", requests(), concurrency=1)]

    if isinstance(router, outcrop.CrossRegion):
        results = [result for _, result in router.batch("converse", requests(), concurrency=1)]
    else:
        results = asyncio.run(awaited())
    assert [type(result).__name__ for result in results] == ["dict", "dict", "NoTargetError"]


@pytest.mark.parametrize("how", ["throttled", "denied", "garbage"])
def test_a_list_that_fails_gives_nothing_up_is_said_and_asked_for_again_soon(made, world, how):
    router = made()
    assert "ca-central-1" in refused(router)
    world.lists[HOME] = how
    grow_old(router)
    plan(router)
    settle()
    router._known.fresh_until = 0.0
    found = plan(router)
    assert not found.allowed
    assert "it may be served in ca-central-1, outside" in found[0].reason
    assert any(f"{HOME}: what AWS said before, because ListInferenceProfiles" in note for note in found.notes)
    assert world.take() == []
    # A minute later, not an hour.
    asked = len(world.listed)
    world.lists.clear()
    for entry in _store._entries.values():
        entry.fetched -= 61
    router._known.fresh_until = 0.0
    plan(router)
    settle()
    assert len(world.listed) == asked + 3
    router._known.fresh_until = 0.0
    assert plan(router).notes[:-1] == ("residency: us (us-east-1, us-east-2, us-west-1, us-west-2)",)


def test_a_router_keeps_what_it_knew_though_nobody_else_does(made, world):
    """As in a child process, or under another account's name in the environment."""
    router = made()
    assert "ca-central-1" in refused(router)
    _store.forget()
    world.lists[HOME] = "denied"
    router._known.fresh_until = 0.0
    assert "ca-central-1" in plan(router)[0].reason
    assert "ca-central-1" in refused(router)


def test_a_plan_without_a_router_keeps_what_aws_said(world):
    arguments = {"sources": [HOME], "geographies": ["us"], "residency": "us"}
    arguments |= {name: it for name, it in world.connection(HOME).items() if name.startswith(("aws", "endpoint_url"))}
    del arguments["endpoint_urls"]
    assert "ca-central-1" in outcrop.plan(MODEL, **arguments)[0].reason
    world.lists[HOME] = "throttled"
    for _ in range(2):
        (row,) = outcrop.plan(MODEL, max_age=0, **arguments)
        settle()
        assert "ca-central-1" in row.reason


@pytest.mark.parametrize("how", ["throttled", "denied", "garbage"])
def test_a_first_list_that_fails_leaves_the_bundled_facts_and_says_so(made, world, how):
    world.lists[HOME] = how
    router = made()
    call(router)
    assert [sent.model_id for sent in world.take()] == [PROFILE]
    found = plan(router)
    assert found.notes[1].startswith(f"{HOME}: facts of {_snapshot.facts().date}, because ListInferenceProfiles ")
    world.lists.clear()
    for entry in _store._entries.values():
        entry.fetched -= 61
    assert "ca-central-1" in plan(router)[0].reason


def test_a_model_that_a_failed_list_may_have_is_not_said_to_be_missing(made, world):
    world.lists[HOME] = "throttled"
    (row,) = plan(made("us.new-lab.model-1", geographies=None))
    assert not row.allowed
    assert row.reason == "where it may be served is not known"
    (row,) = plan(made("us.new-lab.model-1", geographies=None, residency=None))
    assert (row.allowed, row.known) == (True, False)
    assert "ListInferenceProfiles failed" in row.reason
    arn = f"arn:aws:bedrock:{HOME}:123456789012:application-inference-profile/abcdefgh1234"
    (row,) = plan(made(arn, geographies=None))
    assert (row.exists, row.allowed) == (True, False)


def test_of_models_too_the_list_of_before_stays_in_force(made, world):
    """AWS's list says that the model is not on demand here; the bundled facts say that it is."""
    model = "amazon.nova-lite-v1:0"
    assert HOME in _snapshot.facts().models[model].regions
    router = made(model, geographies=["direct"])
    assert "the model cannot be called itself" in refused(router)
    for how in ("throttled", "denied", "garbage"):
        world.lists[HOME] = how
        grow_old(router)
        plan(router)
        settle()
        router._known.fresh_until = 0.0
        assert "the model cannot be called itself" in refused(router)
    assert world.take() == []


def test_who_insists_on_aws_is_not_served_by_the_bundled_facts(made, world):
    world.lists[HOME] = "denied"
    router = made(catalogue="live")
    assert len(router.health()) == 0
    router.metrics()
    with pytest.raises(exceptions.CatalogueUnavailableError, match="ListInferenceProfiles"):
        call(router)
    world.lists.clear()
    world.change(US)
    for entry in _store._entries.values():
        entry.fetched -= 61
    call(router)
    assert len(world.take()) == 1


def test_an_older_list_that_comes_late_changes_nothing():
    known = _store.of_snapshot(HOME, "as asked for")
    assert known.note == f"{HOME}: facts of {_snapshot.facts().date}, as asked for"

    def live(number):
        return type(known)(HOME, type(known.lists)(*(type(it)((), number) for it in known.lists)))

    newer = known.with_newer(live(7))
    assert newer == live(7)
    assert newer.with_newer(live(6)) == live(7)
    assert newer.with_newer(live(8)) == live(8)
    stale = newer.with_newer(_store.of_snapshot(HOME, "because it failed"))
    assert stale.rows == ()
    assert (stale.live, stale.note) == (True, f"{HOME}: what AWS said before, because it failed")


def test_a_pickle_or_a_child_asks_anew(world):
    """A child has what its parent knew, and no lock that a thread of it held."""
    router = outcrop.CrossRegion(MODEL, geographies=["us"], residency="us", **world.connection(HOME))
    assert "ca-central-1" in refused(router)
    held, go = threading.Event(), threading.Event()

    def hold():
        from outcrop.cross_region import _known

        with _store._lock, _known._lock:
            held.set()
            go.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE)
    child = os.fork()
    if child == 0:
        # Should it wait for that lock, it ends here.
        signal.alarm(int(PATIENCE))
        try:
            router.metrics()
            said = refused(router)
            grow_old(router)
            said += refused(router)
            os._exit(0 if said.count("it may be served in ca-central-1, outside") == 2 else 1)
        except BaseException:  # noqa: BLE001  -- a child of a test ends here, whatever comes
            os._exit(2)
    go.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert world.take() == []


@pytest.mark.parametrize("versions", [(US, WIDER), (WIDER, US)], ids=["wider last", "wider first"])
def test_a_profile_that_a_list_has_twice_leads_where_either_does(made, world, monkeypatch, versions):
    """Lists change between two of their pages."""
    listed = World._listed

    def twice(self, region, kind, version):
        del version
        one, other = (listed(self, region, kind, each) for each in versions)
        return {name: [*rows, *other[name]] for name, rows in one.items()}

    monkeypatch.setattr(World, "_listed", twice)
    router = made()
    (row,) = plan(router)
    assert row.profile.destination_regions == ("ca-central-1", "us-east-1", "us-east-2", "us-west-2")
    with pytest.raises(exceptions.NoTargetError, match="it may be served in ca-central-1, outside the residency"):
        call(router)
    assert world.take() == []
