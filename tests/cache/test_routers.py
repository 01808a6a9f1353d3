"""A router gives an answer of any target that is allowed, and of none that is not."""

from __future__ import annotations

import pytest

import outcrop
from outcrop import exceptions

from .conftest import BASE, MODEL, asked, bare, cold, hit


def ask(text: str = "What is an outcrop?") -> dict:
    request = cold(text)
    del request["modelId"]
    return request


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_nothing_is_sent_for_an_answer_that_is_kept(operation, cache_of, router_of, emulator):
    side = router_of(cache_of())
    first, second = side.calls((operation, ask()), (operation, ask()))
    assert (hit(first), hit(second)) == (False, True)
    assert bare(first) == bare(second)
    routes = [answer["ResponseMetadata"]["CrossRegion"] for answer in (first, second)]
    assert routes[1]["Target"] == routes[0]["Target"] == {"SourceRegion": "us-east-1", "ModelId": MODEL}
    assert (len(routes[0]["Attempts"]), routes[1]["Attempts"]) == (1, [])
    assert len(asked(emulator)) == 1


def test_a_router_and_a_client_of_its_target_share_answers(router_of, side_of, emulator):
    cache = outcrop.Cache()
    router, client = router_of(cache), side_of(cache)
    assert hit(router.call("converse", **ask("one"))) is False
    assert hit(client.call("converse", **cold("one"))) is True
    assert hit(client.call("converse", **cold("two"))) is False
    assert hit(router.call("converse", **ask("two"))) is True
    assert len(asked(emulator)) == 2


def test_the_answer_of_a_second_target_is_kept_as_its_own(router_of, side_of, emulator):
    cache = outcrop.Cache()
    router = router_of(cache)
    with emulator.fault("throttling", region="us-east-1"):
        first = router.call("converse", **ask())
    second = router.call("converse", **ask())
    target = {"SourceRegion": "us-west-2", "ModelId": MODEL}
    assert first["ResponseMetadata"]["CrossRegion"]["Target"] == target
    assert hit(second) is True
    assert second["ResponseMetadata"]["CrossRegion"]["Target"] == target
    assert hit(side_of(cache).call("converse", **cold())) is False
    assert hit(side_of(cache, region_name="us-west-2").call("converse", **cold())) is True


def test_an_answer_from_outside_the_residency_is_not_given(router_of, emulator):
    cache = outcrop.Cache()
    wide = router_of(cache, geographies=["global"], residency=None)
    assert hit(wide.call("converse", **ask())) is False
    assert hit(wide.call("converse", **ask())) is True
    narrow = router_of(cache)
    assert hit(narrow.call("converse", **ask())) is False
    refused = router_of(cache, residency={"eu-west-1"})
    with pytest.raises(exceptions.NoTargetError):
        refused.call("converse", **ask())


def test_a_rule_that_changes_its_mind_is_obeyed(router_of):
    allowed = {"us-east-1", "us-east-2", "us-west-2"}
    router = router_of(outcrop.Cache(), residency=lambda region: region in allowed)
    assert [hit(router.call("converse", **ask())) for _ in range(2)] == [False, True]
    allowed.clear()
    with pytest.raises(exceptions.NoTargetError):
        router.call("converse", **ask())


def test_a_model_that_is_not_the_routers_is_refused(router_of, side_of):
    cache = outcrop.Cache()
    other = "us.amazon.nova-lite-v1:0"
    side_of(cache).call("converse", **{**ask(), "modelId": other})
    with pytest.raises(exceptions.ParamValidationError, match="this router is for"):
        router_of(cache).call("converse", **{**ask(), "modelId": other})


def test_a_session_with_a_cache_beside_it(emulator):
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    session = outcrop.Session(region_name="us-east-1", **connection)
    cache = outcrop.Cache()
    router = outcrop.CrossRegion(BASE, geographies=["us"], catalogue="snapshot", session=session, cache=cache)
    assert [hit(router.converse(**ask())) for _ in range(2)] == [False, True]
    counted = {sample.name: sample.value for sample in router.metrics().samples}
    assert counted["cache_hits_total"] == 1
    with pytest.raises(TypeError, match="exclude each other"):
        outcrop.CrossRegion(BASE, session=session, cache=cache, region_name="us-east-1")


def test_the_operation_is_refused_where_nothing_may_be_asked(router_of):
    router = router_of(outcrop.Cache(), residency={"eu-west-1"})
    with pytest.raises(exceptions.NoTargetError):
        router.call("converse_stream", **ask())
