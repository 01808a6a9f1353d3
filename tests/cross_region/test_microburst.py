"""The same failures in a world that is not ours: MiniStack answers, and microburst before it makes the faults."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from outcrop import exceptions
from tests.support.microburst import microburst
from tests.support.ministack import ministack

from .conftest import MODEL, ask
from .sides import Side, regions, route, text

PRIMARY, SECOND = "us-east-1", "us-west-2"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
UNHARMED = (SECOND, "match")

pytestmark = pytest.mark.ministack


@pytest.fixture(scope="module")
def chaos():
    with ministack(authenticate=True) as upstream, microburst(upstream, PRIMARY, SECOND) as proxy:
        yield proxy


@pytest.fixture(params=["blocking", "asynchronous"])
def side_of(request, chaos):
    usual = {"sources": [PRIMARY, SECOND], "endpoint_url": chaos.url, **KEYS}
    return lambda **options: Side(request.param, **{**usual, **options})


@pytest.fixture
def side(side_of):
    return side_of()


def unavailable(**more):
    return {"region": PRIMARY, "error": {"code": "ServiceUnavailableException"}, **more}


def broken(at, how):
    """A fault in the frame of that number of a stream: the first opens the message, the second is the first delta."""
    return {"region": PRIMARY, "response": {"event_frames": [{"at": at, **how}]}}


def test_well_calls_pass_through_both(side, chaos):
    chaos.play()
    assert regions(route(side.call())) == [(PRIMARY, None)]
    assert chaos.seen() == [(PRIMARY, "match")]


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_one_region_is_unavailable(side, chaos, operation):
    chaos.play(unavailable())
    assert regions(route(side.call(operation))) == [(PRIMARY, "ServiceUnavailableException"), (SECOND, None)]
    assert chaos.seen() == [(PRIMARY, "error:ServiceUnavailableException"), UNHARMED]
    # boto3 has nowhere else to go.
    client = boto3.session.Session().client("bedrock-runtime", region_name=PRIMARY, endpoint_url=chaos.url, **KEYS)
    with pytest.raises(ClientError, match="ServiceUnavailableException"):
        client.converse(modelId=f"us.{MODEL}", **ask())
    client.close()


def test_a_region_that_stays_unavailable_is_left_alone_and_returned_to(side, chaos):
    chaos.play(unavailable())
    for _ in range(5):
        side.call()
    assert side.router.health()[0].state == "open"
    chaos.play(unavailable())
    assert regions(route(side.call())) == [(SECOND, None)]
    assert chaos.seen() == [UNHARMED]
    chaos.play()
    side.clock.advance(6.1)
    assert [regions(route(side.call())) for _ in range(3)] == [[(PRIMARY, None)]] * 3
    assert chaos.seen() == [(PRIMARY, "match")] * 3


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
def test_connections_are_reset(side_of, side, chaos, operation):
    """Each had taken a call whole."""
    chaos.play({"region": PRIMARY, "reset": True})
    with pytest.raises(exceptions.ConnectionClosedError, match="it was sent, so it was probably paid for"):
        side.call(operation)
    assert chaos.seen() == [(PRIMARY, "reset")]
    chaos.play({"region": PRIMARY, "reset": True})
    side = side_of(repeat_read_timeouts=True)
    assert regions(route(side.call(operation))) == [(PRIMARY, "ConnectionClosedError"), (SECOND, None)]
    assert chaos.seen() == [(PRIMARY, "reset"), UNHARMED]


def test_throttled_once_with_nowhere_else_to_go(side_of, chaos):
    chaos.play({"times": 1, "error": {"code": "ThrottlingException"}})
    record = route(side_of(sources=[PRIMARY]).call())
    assert regions(record) == [(PRIMARY, "ThrottlingException"), (PRIMARY, None)]
    assert 0 < record["Attempts"][1]["BackOff"] <= 1
    assert chaos.seen() == [(PRIMARY, "error:ThrottlingException"), (PRIMARY, "match")]


def test_throttled_once_with_another_source(side, chaos):
    chaos.play({"times": 1, "error": {"code": "ThrottlingException"}})
    assert regions(route(side.call())) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]
    assert chaos.seen() == [(PRIMARY, "error:ThrottlingException"), UNHARMED]


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"cut": 0.5}, "StreamCutError"),
        ({"bad_crc": True}, "ParserError"),
        ({"error": {"code": "ThrottlingException", "message": "slowed"}}, "ThrottlingException"),
        ({"error": {"code": "InternalServerException", "message": "failed"}}, "InternalServerException"),
    ],
)
def test_a_stream_that_breaks_before_its_first_delta_begins_anew(side_of, chaos, at, how, error):
    chaos.play(broken(at, how))
    # What Bedrock ends itself was not paid for; of what breaks off, the caller decides.
    side = side_of(repeat_read_timeouts="error" not in how)
    answer = side.call("converse_stream")
    assert regions(route(answer)) == [(PRIMARY, error), (SECOND, None)]
    assert text(answer["stream"])
    assert [region for region, _ in chaos.seen()] == [PRIMARY, SECOND]


@pytest.mark.parametrize(("how", "error"), [({"cut": 0.5}, "StreamCutError"), ({"bad_crc": True}, "ParserError")])
def test_a_stream_that_breaks_off_was_probably_paid_for(side, chaos, how, error):
    chaos.play(broken(0, how))
    with pytest.raises(
        (exceptions.StreamCutError, exceptions.ChecksumMismatch), match="it was sent, so it was probably paid for"
    ) as caught:
        side.call("converse_stream")
    assert regions(caught.value.cross_region) == [(PRIMARY, error)]
    assert [region for region, _ in chaos.seen()] == [PRIMARY]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"cut": 0.5}, exceptions.StreamCutError),
        ({"bad_crc": True}, exceptions.ChecksumMismatch),
        ({"error": {"code": "ThrottlingException", "message": "slowed"}}, exceptions.EventStreamError),
    ],
)
def test_after_the_first_delta_it_is_the_callers_to_know(side, chaos, how, error):
    chaos.play(broken(2, how))
    with pytest.raises(error) as caught:
        side.call("converse_stream")
    assert regions(caught.value.cross_region) == [(PRIMARY, None)]
    assert [region for region, _ in chaos.seen()] == [PRIMARY]


def test_an_error_in_a_stream_that_is_the_callers_stays_there(side, chaos):
    chaos.play(broken(0, {"error": {"code": "ValidationException", "message": "wrong"}}))
    with pytest.raises(exceptions.EventStreamError, match="ValidationException"):
        side.call("converse_stream")
    assert [region for region, _ in chaos.seen()] == [PRIMARY]


def test_a_whole_answer_that_breaks_off_was_paid_for(side_of, chaos):
    chaos.play({"region": PRIMARY, "response": {"abort_frac": 0.5}})
    with pytest.raises(exceptions.ResponseStreamingError, match="it was sent, so it was probably paid for"):
        side_of().call()
    assert [region for region, _ in chaos.seen()] == [PRIMARY]
    chaos.play({"region": PRIMARY, "response": {"abort_frac": 0.5}})
    record = route(side_of(repeat_read_timeouts=True).call())
    assert regions(record) == [(PRIMARY, "ResponseStreamingError"), (SECOND, None)]
    assert [region for region, _ in chaos.seen()] == [PRIMARY, SECOND]


def test_a_region_that_does_not_answer_in_time_was_probably_paid_for(side_of, chaos):
    chaos.play({"region": PRIMARY, "timeout_ms": 1000})
    with pytest.raises(exceptions.ReadTimeoutError, match="it was sent, so it was probably paid for"):
        side_of(timeouts={"first_byte": 0.2}).call()
    assert (SECOND, "match") not in chaos.seen()
