"""Regions that fail, by both sides: what the caller got, and what the servers saw. The clock stands still."""

from __future__ import annotations

import asyncio
import itertools
import pickle
import socket
import threading

import pytest

import outcrop
from outcrop import exceptions
from tests.support.sides import KEYS
from tests.support.waiting import wait_until

from .conftest import CLAUDE_BODY, MODEL, ON_DEMAND, ask
from .sides import Side, regions, route, text

PRIMARY, SECOND, THIRD = "us-east-1", "us-west-2", "us-east-2"


class Local(Side):
    """A router of one kind before the emulator."""

    def __init__(self, kind, bedrock, **options):
        self.bedrock = bedrock
        connection = {name: value for name, value in bedrock.connection.items() if name != "region_name"}
        super().__init__(kind, **{"sources": [PRIMARY, SECOND], **connection, **options})

    def asked(self):
        """The source Regions that were asked, in order."""
        return [entry.region for entry in self.bedrock.journal if entry.service == "bedrock-runtime"]


@pytest.fixture(params=["blocking", "asynchronous"])
def side_of(request, emulator):
    return lambda **options: Local(request.param, emulator, **options)


@pytest.fixture
def side(side_of):
    return side_of()


def test_a_healthy_primary_gets_everything(side):
    for _ in range(5):
        record = route(side.call())
        assert record["Target"] == {"SourceRegion": PRIMARY, "ModelId": f"us.{MODEL}"}
        assert regions(record) == [(PRIMARY, None)]
    assert side.asked() == [PRIMARY] * 5


@pytest.mark.parametrize(
    "operation", ["converse", "converse_stream", "invoke_model", "invoke_model_with_response_stream"]
)
def test_a_throttled_source_is_passed_over(side, operation):
    side.bedrock.fault("throttling", region=PRIMARY)
    answer = side.call(operation, **({"body": CLAUDE_BODY} if "invoke" in operation else ask()))
    assert regions(route(answer)) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    ids = [entry.request_id for entry in side.bedrock.journal if entry.service == "bedrock-runtime"]
    assert [attempt["RequestId"] for attempt in route(answer)["Attempts"]] == ids
    assert side.asked() == [PRIMARY, SECOND]


@pytest.mark.parametrize(
    ("code", "moves"),
    [
        ("ServiceUnavailableException", True),
        ("InternalServerException", True),
        ("ModelNotReadyException", True),
        ("ModelTimeoutException", True),
        ("ValidationException", False),
        ("AccessDeniedException", False),
        ("ResourceNotFoundException", False),
    ],
)
def test_only_errors_of_the_target_move_a_call(side, code, moves):
    side.bedrock.fault("error", region=PRIMARY, code=code)
    if moves:
        assert regions(route(side.call())) == [(PRIMARY, code), (SECOND, None)]
        return
    with pytest.raises(getattr(exceptions, code)) as caught:
        side.call()
    assert regions(caught.value.cross_region) == [(PRIMARY, code)]
    assert side.asked() == [PRIMARY]


def test_an_endpoint_that_refuses_is_passed_over(side_of):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        side = side_of(endpoint_urls={PRIMARY: url})
        assert regions(route(side.call())) == [(PRIMARY, "EndpointConnectionError"), (SECOND, None)]
    assert side.asked() == [SECOND]


@pytest.mark.parametrize("repeated", [False, True])
def test_an_endpoint_that_takes_a_call_and_closes_is_passed_over_only_if_the_caller_says_so(side_of, repeated):
    """The call was sent whole, so it was probably paid for."""
    side = side_of(repeat_read_timeouts=repeated)
    side.bedrock.regions[PRIMARY].health = "unreachable"
    if repeated:
        assert regions(route(side.call())) == [(PRIMARY, "ConnectionClosedError"), (SECOND, None)]
        return
    with pytest.raises(exceptions.ConnectionClosedError, match="it was sent, so it was probably paid for") as caught:
        side.call()
    assert regions(caught.value.cross_region) == [(PRIMARY, "ConnectionClosedError")]


def test_an_endpoint_that_swallows_packets_is_passed_over(side_of):
    # A listener whose queue is full answers no further connection.
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        url = f"http://127.0.0.1:{hole.getsockname()[1]}"
        with socket.create_connection(hole.getsockname()), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(hole.getsockname())
            side = side_of(endpoint_urls={PRIMARY: url}, timeouts={"connect": 0.1})
            record = route(side.call())
    assert regions(record) == [(PRIMARY, "ConnectTimeoutError"), (SECOND, None)]


@pytest.mark.parametrize("times", [1, 2])
def test_unavailable_once_or_twice_costs_the_caller_nothing(side, times):
    side.bedrock.fault("error", code="ServiceUnavailableException", times=times)
    record = route(side.call())
    assert len(record["Attempts"]) == times + 1
    assert side.asked() == [PRIMARY, SECOND, PRIMARY][: times + 1]
    assert record["Attempts"][1]["BackOff"] == 0.0
    if times == 2:
        assert 0 < record["Attempts"][2]["BackOff"] <= 0.05


@pytest.mark.parametrize(
    ("connection", "kind"),
    [
        ({}, exceptions.NoCredentialsError),
        ({"endpoint_url": "http://127.0.0.1:1"}, exceptions.NoCredentialsError),
        ({"endpoint_url": "http://127.0.0.1:1", **KEYS}, exceptions.EndpointConnectionError),
    ],
)
def test_what_never_left_is_called_as_the_error_is(connection, kind):
    """An attempt has the name of the exception that the caller sees, not of its base."""
    router = outcrop.CrossRegion(ON_DEMAND, sources=["us-east-1"], catalogue="snapshot", **connection)
    with pytest.raises(kind) as raised:
        router.converse(**ask())
    name = next(base.__name__ for base in type(raised.value).__mro__ if hasattr(exceptions, base.__name__))
    assert f"(tried {ON_DEMAND} from us-east-1: {name}" in str(raised.value)
    assert "BotoCoreError" not in str(raised.value)


def test_all_down_says_what_was_tried(side):
    side.bedrock.fault("error", code="ServiceUnavailableException")
    with pytest.raises(exceptions.ServiceUnavailableException) as caught:
        side.call()
    error = caught.value
    assert regions(error.cross_region) == [
        (PRIMARY, "ServiceUnavailableException"),
        (SECOND, "ServiceUnavailableException"),
        (PRIMARY, "ServiceUnavailableException"),
    ]
    assert f"us.{MODEL} from {PRIMARY}: ServiceUnavailableException; us.{MODEL} from {SECOND}:" in str(error)
    assert "no further attempt: all attempts were made" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert again.cross_region == error.cross_region
    assert side.asked() == [PRIMARY, SECOND, PRIMARY]


@pytest.mark.parametrize("after", [1, 2])
@pytest.mark.parametrize("kind", ["exception", "cut_frame", "reset"])
@pytest.mark.parametrize("repeats", [True, False])
def test_a_stream_begins_anew_only_before_its_first_delta(side_of, kind, after, repeats):
    """After one event, messageStart, it can, where Bedrock or the user says so; after two there was a delta."""
    side = side_of(repeat_read_timeouts=repeats)
    options = {"code": "ServiceUnavailableException"} if kind == "exception" else {}
    side.bedrock.script(stream=["one ", "two"])
    events_of_a_start = _events_before_the_first_delta(side)
    side.bedrock.fault(
        kind, region=PRIMARY, after_events=events_of_a_start if after == 1 else events_of_a_start + 1, **options
    )
    if after == 1 and (repeats or kind == "exception"):
        answer = side.call("converse_stream")
        assert text(answer["stream"]) == "one two"
        first, second = route(answer)["Attempts"]
        assert first["Error"] in {"ServiceUnavailableException", "StreamCutError"}
        assert second["Error"] is None
        # Its answer had begun, so AWS can be asked about it.
        ids = [entry.request_id for entry in side.bedrock.journal if entry.service == "bedrock-runtime"]
        assert [first["RequestId"], second["RequestId"]] == ids
        return
    before = len(side.asked())
    with pytest.raises((exceptions.EventStreamError, exceptions.StreamCutError)) as caught:
        side.call("converse_stream")
    record = caught.value.cross_region
    assert regions(record) == [(PRIMARY, "StreamCutError" if after == 1 else None)]
    assert record["Stopped"] == ("it was sent, so it was probably paid for" if after == 1 else None)
    assert len(side.asked()) == before + 1
    (health, _) = side.router.health()
    assert (health.calls, health.failures) == (1, 1)


def _events_before_the_first_delta(side):
    client = side.bedrock.client("bedrock-runtime")
    events = list(client.converse_stream(modelId=f"us.{MODEL}", **ask())["stream"])
    side.bedrock.journal.clear()
    return next(index for index, event in enumerate(events) if "contentBlockDelta" in event)


def test_a_slow_region_is_left_alone_where_that_was_asked_for(side_of):
    side = side_of(breaker={"slow_after": 1.0, "minimum_calls": 2, "slow_rate": 1.0})
    # The clock stands still, so a call takes no time: it is moved while the call is under way.
    side.bedrock.regions[PRIMARY].latency = 1

    def move(call):
        wait_until(lambda: len(side.asked()) == call)
        side.clock.advance(2.0)

    for call in (1, 2):
        moving = threading.Thread(target=move, args=[call])
        moving.start()
        side.call()
        moving.join()
    (primary, _) = side.router.health()
    assert (primary.state, primary.reason) == ("open", "2 of 2 calls were slow")
    assert regions(route(side.call())) == [(SECOND, None)]


def test_a_used_up_daily_quota_keeps_calls_away_for_long(side):
    message = "Too many tokens per day, please wait before trying again."
    side.bedrock.fault("throttling", region=PRIMARY, message=message)
    assert regions(route(side.call())) == [(PRIMARY, "ThrottlingException"), (SECOND, None)]
    (primary, _) = side.router.health()
    assert (primary.state, primary.reason, primary.open_for) == ("open", "its daily quota is used up", 3600.0)
    side.clock.advance(3599)
    assert regions(route(side.call())) == [(SECOND, None)]


DENIED = (
    f"User: arn:aws:iam::123456789012:user/a is not authorized to perform: bedrock:InvokeModel on resource: "
    f"arn:aws:bedrock:us-east-2::foundation-model/{MODEL} with an explicit deny in a service control policy"
)


def test_a_policy_that_denies_a_destination_is_told_or_passed_over(side_of):
    side = side_of()
    side.bedrock.fault("error", code="AccessDeniedException", message=DENIED, region=PRIMARY)
    with pytest.raises(exceptions.AccessDeniedException):
        side.call()
    assert side.asked() == [PRIMARY]
    side = side_of(failover_on_denied=True)
    assert regions(route(side.call())) == [(PRIMARY, "AccessDeniedException"), (SECOND, None)]
    assert side.router.health()[0].reason == "a policy denies it"


def test_it_opens_recovers_and_returns_to_the_primary(side_of, caplog):
    changes = []
    caplog.set_level("INFO", "outcrop.cross_region")
    side = side_of(on_change=changes.append)
    outage = side.bedrock.fault("error", code="ServiceUnavailableException", region=PRIMARY)
    for _ in range(5):
        side.call()
    assert side.router.health()[0].state == "open"
    side.bedrock.journal.clear()
    side.call()
    assert side.asked() == [SECOND]
    # Its time is over, but it is still down: a probe finds out, at the price of one failover.
    side.clock.advance(6.1)
    assert regions(route(side.call())) == [(PRIMARY, "ServiceUnavailableException"), (SECOND, None)]
    outage.remove()
    side.clock.advance(12.1)
    assert [regions(route(side.call())) for _ in range(2)] == [[(PRIMARY, None)]] * 2
    assert [change.state for change in changes] == ["open", "half-open", "open", "half-open", "closed"]
    assert changes[0].reason == "5 failures in a row: ServiceUnavailableException"
    logged = [record.getMessage() for record in caplog.records if record.name == "outcrop.cross_region"]
    assert len(logged) == len(changes)
    assert logged[0].startswith(f"the breaker of us.{MODEL} from {PRIMARY} is open: 5 failures in a row")
    side.bedrock.journal.clear()
    side.call()
    assert side.asked() == [PRIMARY]


def test_flapping_keeps_a_region_out_for_longer_each_time(side):
    opened = []
    for _ in range(4):
        fault = side.bedrock.fault("error", code="ServiceUnavailableException", region=PRIMARY)
        while side.router.health()[0].state != "open":
            side.call()
        opened.append(side.router.health()[0].open_for)
        fault.remove()
        side.clock.advance(opened[-1])
        side.call()
        side.call()
        assert side.router.health()[0].state == "closed"
    assert all(later > earlier for earlier, later in itertools.pairwise(opened))
    assert opened[-1] <= 36


def test_when_all_are_open_the_one_due_soonest_is_tried(side):
    side.bedrock.fault("error", code="ServiceUnavailableException")
    for _ in range(5):
        with pytest.raises(exceptions.ServiceUnavailableException):
            side.call()
    assert {row.state for row in side.router.health()} == {"open"}
    side.bedrock.clear_rules()
    soonest = min(side.router.health(), key=lambda row: row.open_for)
    assert regions(route(side.call())) == [(soonest.source_region, None)]


def test_breakers_can_be_forced(side):
    side.router.force(PRIMARY, "open")
    assert regions(route(side.call())) == [(SECOND, None)]
    assert side.router.health()[0].forced
    side.router.force(SECOND, "open")
    with pytest.raises(exceptions.NoTargetError, match="its breaker was forced open"):
        side.call()
    side.router.force(PRIMARY, None)
    assert regions(route(side.call())) == [(PRIMARY, None)]
    with pytest.raises(ValueError, match="there is no target of 'eu-west-1' to force; there are: us"):
        side.router.force("eu-west-1", "open")


def test_an_empty_budget_ends_retries(side_of):
    side = side_of(retry_budget=20)
    side.bedrock.fault("error", code="ServiceUnavailableException")
    with pytest.raises(exceptions.ServiceUnavailableException, match="the retry budget is used up"):
        side.call()
    assert side.asked() == [PRIMARY, SECOND]
    assert side.router.retry_budget == 6


def test_another_source_s_room_takes_nothing_of_the_budget_and_coming_back_does(side_of):
    side = side_of(retry_budget=5)
    side.bedrock.fault("throttling", region=PRIMARY)
    assert regions(route(side.call()))[-1] == (SECOND, None)
    side.bedrock.fault("throttling", region=SECOND)
    with pytest.raises(exceptions.ThrottlingException, match="all attempts were made"):
        side.call()
    assert side.asked() == [PRIMARY, SECOND, PRIMARY, SECOND, PRIMARY]
    assert side.router.retry_budget == 0


def test_success_gives_the_budget_back(side):
    side.bedrock.fault("error", code="ServiceUnavailableException", region=PRIMARY, times=1)
    assert side.router.retry_budget == 500
    side.call()
    assert side.router.retry_budget == 500


def test_coming_back_to_a_target_waits_longer_each_time(side_of):
    side = side_of(sources=[PRIMARY])
    side.bedrock.fault("throttling", times=2)
    record = route(side.call())
    pauses = [attempt["BackOff"] for attempt in record["Attempts"]]
    assert pauses[0] == 0
    assert 0 <= pauses[1] <= 1
    assert 0 <= pauses[2] <= 2


def test_what_was_sent_and_not_answered_is_not_sent_again_unasked(side_of):
    side = side_of(timeouts={"first_byte": 0.1})
    side.bedrock.fault("stall", region=PRIMARY)
    with pytest.raises(exceptions.ReadTimeoutError, match="it was sent, so it was probably paid for") as caught:
        side.call()
    assert regions(caught.value.cross_region) == [(PRIMARY, "ReadTimeoutError")]
    assert side.asked() == [PRIMARY]
    side = side_of(timeouts={"first_byte": 1}, repeat_read_timeouts=True)
    assert regions(route(side.call())) == [(PRIMARY, "ReadTimeoutError"), (SECOND, None)]
    side.bedrock.fault("stall", region=SECOND)
    with pytest.raises(exceptions.ReadTimeoutError, match="it was sent twice"):
        side.call()


def test_one_deadline_holds_over_all_attempts(side_of):
    side = side_of(timeouts={"total": 1.5}, clock=None)
    side.bedrock.fault("error", region=PRIMARY, code="ServiceUnavailableException")
    side.bedrock.fault("stall", region=SECOND)
    with pytest.raises(exceptions.ReadTimeoutError, match=r"the total time-out of 1\.5 s ran out") as caught:
        side.call()
    assert regions(caught.value.cross_region) == [
        (PRIMARY, "ServiceUnavailableException"),
        (SECOND, "ReadTimeoutError"),
    ]


def test_the_caller_may_name_the_model_but_no_other(side):
    assert side.call(modelId=f"us.{MODEL}", **ask())
    assert side.call(modelId=MODEL, **ask())
    with pytest.raises(exceptions.ParamValidationError, match="this router is for anthropic"):
        side.call(modelId="amazon.nova-lite-v1:0", **ask())


def test_residency_holds_at_every_failover(side_of):
    side = side_of(sources=[PRIMARY, "ca-central-1", SECOND])
    side.bedrock.fault("error", region=PRIMARY, code="ServiceUnavailableException")
    assert regions(route(side.call())) == [(PRIMARY, "ServiceUnavailableException"), (SECOND, None)]
    assert "ca-central-1" not in side.asked()


def test_a_rule_that_changes_is_obeyed_at_once(side_of):
    closed = set()
    side = side_of(residency=lambda region: region not in closed, sources=[PRIMARY, "ca-central-1"])
    assert regions(route(side.call())) == [(PRIMARY, None)]
    side.bedrock.fault("error", region=PRIMARY, code="ServiceUnavailableException")
    closed.add("ca-central-1")
    with pytest.raises(exceptions.ServiceUnavailableException):
        side.call()
    assert set(side.asked()) == {PRIMARY}
    closed.add("us-east-2")
    before = len(side.asked())
    with pytest.raises(exceptions.NoTargetError, match="it may be served in us-east-2, outside the residency"):
        side.call()
    assert len(side.asked()) == before


def test_nothing_is_sent_where_nothing_is_allowed(side_of):
    side = side_of(residency="eu")
    with pytest.raises(exceptions.NoTargetError, match="outside the residency"):
        side.call()
    assert len(side.bedrock.journal) == 0


def test_the_catalogue_may_be_unavailable(side_of):
    side = side_of(catalogue="auto")
    side.bedrock.fault("error", operation="ListInferenceProfiles", code="AccessDeniedException")
    assert regions(route(side.call())) == [(PRIMARY, None)]


def test_routers_share_what_they_know_unless_told_otherwise(side_of):
    first, second, other = side_of(), side_of(), side_of(shared=False)
    first.router.plan() if first.kind == "blocking" else asyncio.run(first.router.plan())
    for it in (second, other):
        it.call()
    first.router.force(PRIMARY, "open")
    assert regions(route(second.call())) == [(SECOND, None)]
    assert regions(route(other.call())) == [(PRIMARY, None)]
