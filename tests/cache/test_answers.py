"""An answer that was kept is the answer that was given, and says that it was kept."""

from __future__ import annotations

import json

import pytest

import outcrop
from outcrop.cross_region import HeldClock

from .conftest import MODEL, REQUESTS, asked, bare, cold, hit, invoked, warm


@pytest.mark.parametrize("operation", REQUESTS)
def test_the_same_dict_comes_back_and_nothing_is_sent(operation, cache_of, side_of, emulator):
    side = side_of(cache_of())
    request = REQUESTS[operation]()
    first, second = side.calls((operation, request), (operation, request))
    assert len(asked(emulator)) == 1
    assert (hit(first), hit(second)) == (False, True)
    assert bare(first) == bare(second)
    assert list(first) == list(second)
    assert second["ResponseMetadata"]["RequestId"] == emulator.journal.where(model_id=MODEL)[0].request_id


def test_the_usage_of_an_answer_says_where_it_came_from(cache_of, side_of):
    side = side_of(cache_of())
    first, second = side.calls(("converse", cold()), ("converse", cold()))
    assert "servedFromCache" not in first["usage"]
    assert second["usage"] == {**first["usage"], "servedFromCache": True}
    first, second = side.calls(("converse_stream", cold()), ("converse_stream", cold()))
    usages = [answer["stream"][-1]["metadata"]["usage"] for answer in (first, second)]
    assert usages[1] == {**usages[0], "servedFromCache": True}
    assert usages[0]["outputTokens"] > 0


def test_a_stream_is_played_event_by_event(cache_of, side_of):
    side = side_of(cache_of())
    first, second = side.calls(("converse_stream", cold()), ("converse_stream", cold()))
    kinds = [next(iter(event)) for event in second["stream"]]
    assert kinds == [next(iter(event)) for event in first["stream"]]
    assert len(kinds) > 5
    assert (kinds[0], kinds[-1]) == ("messageStart", "metadata")


def test_an_operation_answers_for_itself_only(cache_of, side_of, emulator):
    side = side_of(cache_of())
    answers = side.calls(*[(operation, request()) for operation, request in REQUESTS.items()] * 2)
    assert list(map(hit, answers)) == [False] * 4 + [True] * 4
    assert len(asked(emulator)) == 4


def test_order_space_and_metadata_do_not_matter(cache_of, side_of, emulator):
    side = side_of(cache_of())
    request = cold(requestMetadata={"user": "one"})
    backwards = {name: request[name] for name in reversed(request)} | {"requestMetadata": {"user": "two"}}
    answers = side.calls(("converse", request), ("converse", backwards))
    assert list(map(hit, answers)) == [False, True]
    body = json.loads(invoked()["body"])
    spaced = json.dumps(dict(reversed(body.items())), indent=4)
    answers = side.calls(("invoke_model", invoked()), ("invoke_model", {**invoked(), "body": spaced}))
    assert list(map(hit, answers)) == [False, True]
    assert len(asked(emulator)) == 2


DIFFERENCES = {
    "text": cold("What is an outcrop? "),
    "case": cold("what is an outcrop?"),
    "model": cold(modelId="us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    "profile": cold(modelId="global.anthropic.claude-haiku-4-5-20251001-v1:0"),
    "system": cold(system=[{"text": "Be brief."}]),
    "tokens": cold(inferenceConfig={"temperature": 0, "maxTokens": 51}),
    "stop": cold(inferenceConfig={"temperature": 0, "maxTokens": 50, "stopSequences": ["."]}),
}


@pytest.mark.parametrize("other", DIFFERENCES.values(), ids=DIFFERENCES)
def test_any_other_difference_matters(other, side_of, emulator):
    side = side_of(outcrop.Cache())
    answers = side.calls(("converse", cold()), ("converse", other))
    assert list(map(hit, answers)) == [False, False]
    assert len(asked(emulator)) == 2


def test_regions_endpoints_and_headers_answer_for_themselves(side_of, emulator):
    cache = outcrop.Cache()
    sides = [
        side_of(cache),
        side_of(cache, region_name="us-west-2"),
        side_of(cache, default_headers={"x-tenant": "one"}),
        side_of(cache, default_headers={"x-tenant": "two"}),
        side_of(cache, endpoint_url=emulator.endpoint_url.replace("127.0.0.1", "localhost")),
    ]
    assert [hit(side.call("converse", **cold())) for side in sides * 2] == [False] * 5 + [True] * 5
    assert len(asked(emulator)) == 5


def test_answers_grow_old(cache_of, side_of, emulator):
    clock = HeldClock()
    side = side_of(cache_of(ttl=60, clock=clock))
    side.call("converse", **cold())
    clock.advance(59.5)
    answer = side.call("converse", **cold())
    assert answer["ResponseMetadata"]["Cache"] == {"Hit": True, "Age": pytest.approx(59.5, abs=0.01)}
    clock.advance(0.6)
    assert hit(side.call("converse", **cold())) is False
    assert hit(side.call("converse", **cold())) is True
    assert len(asked(emulator)) == 2


def test_some_answers_never_grow_old(cache_of, side_of):
    clock = HeldClock()
    side = side_of(cache_of(ttl=None, clock=clock))
    side.call("converse", **cold())
    clock.advance(1e8)
    assert hit(side.call("converse", **cold())) is True


def test_what_is_too_much_makes_room(side_of, emulator):
    cache = outcrop.Cache(max_bytes=10_000)
    side = side_of(cache)
    requests = [("converse", cold(f"number {number}")) for number in range(30)]
    side.calls(*requests)
    usage = cache.usage()
    assert 1 < usage.entries < 30
    assert usage.bytes <= 10_000
    assert hit(side.call("converse", **cold("number 29"))) is True
    assert hit(side.call("converse", **cold("number 0"))) is False


def test_what_is_too_large_is_not_kept(side_of, emulator):
    cache = outcrop.Cache(max_bytes=300)
    side = side_of(cache)
    for operation, request in REQUESTS.items():
        answers = side.calls((operation, request()), (operation, request()))
        assert list(map(hit, answers)) == [False, False]
    assert cache.usage() == (0, 0)


def test_a_cache_is_emptied(cache_of, side_of):
    cache = cache_of()
    side = side_of(cache)
    side.call("converse", **cold())
    assert cache.usage().entries == 1
    cache.clear()
    assert cache.usage().entries == 0
    assert hit(side.call("converse", **cold())) is False


def test_without_a_cache_nothing_is_said(side_of):
    answer = side_of(False).call("converse", **cold())
    assert "Cache" not in answer["ResponseMetadata"]
    assert "Cache" not in side_of(outcrop.Cache()).call("converse", **warm())["ResponseMetadata"]


def test_errors_are_not_kept(cache_of, side_of, emulator):
    side = side_of(cache_of(), retries={"max_attempts": 1})
    emulator.fault("throttling", operation="Converse", times=1)
    with pytest.raises(outcrop.exceptions.ThrottlingException):
        side.call("converse", **cold())
    assert list(map(hit, side.calls(("converse", cold()), ("converse", cold())))) == [False, True]


def test_hits_and_misses_are_counted(side_of):
    side = side_of(outcrop.Cache())
    side.calls(*[("converse", cold())] * 3, ("converse", warm()))
    metrics = side.client.metrics()
    counted = {sample.name: sample.value for sample in metrics.samples}
    assert counted == {"cache_hits_total": 2, "cache_misses_total": 1}
    [series] = metrics
    assert series.calls == 2
    assert 'outcrop_cache_hits_total{service="bedrock-runtime",region="us-east-1"} 2' in metrics.to_prometheus()
    assert not side_of(False).client.metrics().samples
