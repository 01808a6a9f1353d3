"""Every fault, with boto3 as the witness: what it raised, and how many attempts the journal saw."""

from __future__ import annotations

import json
from contextlib import closing

import botocore.eventstream
import pytest
import urllib3
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EventStreamError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from tests.support.waiting import wait_until

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES = [{"role": "user", "content": [{"text": "Name a mineral."}]}]
# botocore's `standard` mode: three attempts in all.
ALL = 3


def converse(client):
    return client.converse(modelId=MODEL, messages=MESSAGES)


def stream(client):
    return client.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]


@pytest.mark.parametrize(
    ("code", "status", "attempts"),
    [
        ("ThrottlingException", 429, ALL),
        ("ModelNotReadyException", 429, ALL),
        ("InternalServerException", 500, ALL),
        ("ServiceUnavailableException", 503, ALL),
        ("AccessDeniedException", 403, 1),
        ("ModelErrorException", 424, 1),
        ("ModelTimeoutException", 408, 1),
        ("ResourceNotFoundException", 404, 1),
        ("ServiceQuotaExceededException", 400, 1),
        ("ValidationException", 400, 1),
    ],
)
def test_any_modeled_error(emulator, witness, code, status, attempts):
    rule = emulator.fault("error", code=code, message="on request")
    with pytest.raises(ClientError) as caught:
        converse(witness())
    response = caught.value.response
    assert type(caught.value).__name__ == code
    assert response["Error"] == {"Code": code, "Message": "on request"}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert len(emulator.journal) == attempts == rule.hits
    assert {(entry.status, entry.error_code, entry.rule) for entry in emulator.journal} == {(status, code, rule.number)}
    assert emulator.journal[-1].request_id == response["ResponseMetadata"]["RequestId"]


def test_an_error_carries_the_members_of_its_shape(emulator, witness):
    members = {"originalStatusCode": 400, "resourceName": MODEL}
    emulator.fault("error", code="ModelErrorException", members=members)
    with pytest.raises(ClientError) as caught:
        converse(witness())
    assert members.items() <= caught.value.response.items()


def test_the_next_calls_only(emulator, witness):
    rule = emulator.fault("throttling", times=2)
    assert converse(witness())["ResponseMetadata"]["RetryAttempts"] == 2
    assert [entry.status for entry in emulator.journal] == [429, 429, 200]
    assert rule.hits == 2


def test_one_region_only(emulator, witness):
    emulator.fault("throttling", region="us-east-1")
    with pytest.raises(ClientError, match="Too many requests"):
        converse(witness(region_name="us-east-1"))
    converse(witness(region_name="us-west-2"))
    assert [entry.status for entry in emulator.journal] == [429] * ALL + [200]


def test_one_model_only(emulator, witness):
    emulator.fault("throttling", model="*nova-lite*")
    client = witness()
    with pytest.raises(ClientError, match="Too many requests"):
        converse(client)
    client.converse(modelId="us.amazon.nova-pro-v1:0", messages=MESSAGES)


def test_one_operation_only(emulator, witness):
    emulator.fault("throttling", operation="ListInferenceProfiles")
    with pytest.raises(ClientError, match="Too many requests"):
        witness("bedrock").list_inference_profiles()
    converse(witness())


def test_a_rule_can_be_left(emulator, witness):
    client = witness()
    with emulator.fault("throttling"), pytest.raises(ClientError):
        converse(client)
    converse(client)


def test_latency(emulator, witness):
    emulator.fault("latency", seconds=30)
    with pytest.raises(ReadTimeoutError):
        converse(witness(read_timeout=0.2))
    wait_until(lambda: len(emulator.journal) == ALL)


def test_a_stall_before_the_first_byte(emulator, witness):
    emulator.fault("stall", times=1)
    # On a busy machine another attempt may run out of its time, too.
    patient = {"mode": "standard", "max_attempts": 20}
    assert converse(witness(read_timeout=0.2, retries=patient))["ResponseMetadata"]["RetryAttempts"] >= 1
    emulator.journal.settle()
    first, *_, last = (entry.outcome for entry in emulator.journal)
    assert (first, last) == ("abandoned", "answered")


def test_a_stall_in_the_middle_of_a_stream(emulator, witness):
    emulator.fault("stall", after_events=2)
    for read_timeout in (0.5, 5, 50, 500):
        seen = []
        # A busy machine may need more time for the events before the stall.
        with pytest.raises((urllib3.exceptions.ReadTimeoutError, ReadTimeoutError)):
            list(_each(stream(witness(read_timeout=read_timeout)), seen))
        if seen[1:]:
            break
    assert seen == ["messageStart", "contentBlockDelta"]
    emulator.journal.settle()
    assert {entry.outcome for entry in emulator.journal} == {"abandoned"}


def _each(events, seen):
    # Whatever ends it: a stream of boto3's that nobody closes keeps its socket until somebody collects it.
    with closing(events):
        for event in events:
            seen.append(next(iter(event)))
            yield event


@pytest.mark.parametrize("code", ["ModelStreamErrorException", "ThrottlingException", "ServiceUnavailableException"])
def test_an_exception_inside_a_stream(emulator, witness, code):
    emulator.fault("exception", code=code, message="no more", after_events=3)
    seen = []
    with pytest.raises(EventStreamError) as caught:
        list(_each(stream(witness()), seen))
    assert seen == ["messageStart", "contentBlockDelta", "contentBlockDelta"]
    assert caught.value.response["Error"]["Code"] == code[0].lower() + code[1:]
    assert caught.value.response["Error"]["Message"] == "no more"
    # The answer began with 200, so nobody asks again.
    assert [entry.status for entry in emulator.journal] == [200]


def test_a_frame_that_is_cut(emulator, witness):
    emulator.fault("cut_frame", after_events=1)
    seen = []
    # The body ends as HTTP wants it, in the middle of a frame: boto3 does not notice.
    list(_each(stream(witness()), seen))
    assert seen == ["messageStart"]
    assert [entry.status for entry in emulator.journal] == [200]


def test_a_bad_checksum(emulator, witness):
    emulator.fault("bad_checksum", after_events=1)
    seen = []
    with pytest.raises(botocore.eventstream.ChecksumMismatch):
        list(_each(stream(witness()), seen))
    assert seen == ["messageStart"]


def test_a_reset_before_the_answer(emulator, witness):
    emulator.fault("reset")
    with pytest.raises(ConnectionClosedError):
        converse(witness())
    assert [(entry.status, entry.outcome) for entry in emulator.journal] == [(None, "broken")] * ALL


def test_a_reset_in_the_middle_of_a_stream(emulator, witness):
    emulator.fault("reset", after_events=2)
    seen = []
    with pytest.raises(urllib3.exceptions.ProtocolError, match="reset"):
        list(_each(stream(witness()), seen))
    assert seen == ["messageStart", "contentBlockDelta"]
    assert [entry.outcome for entry in emulator.journal] == ["broken"]


def test_a_drop(emulator, witness):
    emulator.fault("drop", times=2)
    assert converse(witness())["ResponseMetadata"]["RetryAttempts"] == 2
    assert [entry.status for entry in emulator.journal] == [None, None, 200]


@pytest.mark.parametrize("byte_count", [None, 10])
def test_a_truncated_body(emulator, witness, byte_count):
    emulator.fault("truncate", byte_count=byte_count)
    # boto3 takes what came for the answer, and finds no member in it.
    assert set(converse(witness())) == {"ResponseMetadata"}
    assert [entry.outcome for entry in emulator.journal] == ["broken"]


def test_a_truncated_body_that_is_read_as_a_stream(emulator, witness):
    emulator.fault("truncate")
    body = json.dumps({"messages": MESSAGES})
    answer = witness().invoke_model(modelId=MODEL, body=body)
    with pytest.raises((IncompleteReadError, ResponseStreamingError)):
        answer["body"].read()
    assert len(emulator.journal) == 1


def test_a_scripts_reply_error_delay_and_drop(emulator, witness):
    client = witness()
    with emulator.script(text="mineral", reply="Quartz."):
        assert converse(client)["output"]["message"]["content"] == [{"text": "Quartz."}]
    with emulator.script(text="MINERAL", stream=["Qua", "rtz."]):
        told = [event["contentBlockDelta"]["delta"]["text"] for event in stream(client) if "contentBlockDelta" in event]
        assert told == ["Qua", "rtz."]
    with emulator.script(error=("ValidationException", "no minerals")), pytest.raises(ClientError, match="no minerals"):
        converse(client)
    with emulator.script(delay=30), pytest.raises(ReadTimeoutError):
        converse(witness(read_timeout=0.2))
    with emulator.script(drop=True), pytest.raises(ConnectionClosedError):
        converse(client)
    with emulator.script(text="fossil", reply="Trilobite."):
        assert converse(client)["output"]["message"]["content"] != [{"text": "Trilobite."}]


def test_a_scripts_tool_call(emulator, witness):
    call = {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Oslo"}}}
    emulator.script(reply=[{"text": "I look it up."}, call])
    answer = converse(witness())
    assert answer["stopReason"] == "tool_use"
    assert answer["output"]["message"]["content"] == [{"text": "I look it up."}, call]


@pytest.mark.parametrize(
    ("kind", "options", "text"),
    [
        ("nonsense", {}, "unknown kind of fault 'nonsense': use throttling, error"),
        ("error", {}, "needs code, such as code='ModelTimeoutException'"),
        ("latency", {}, "needs seconds, such as seconds=0.5"),
        ("drop", {"seconds": 1}, "a fault of the kind 'drop' takes no option, not 'seconds'"),
        ("throttling", {"times": 0}, "times must be at least 1, got 0"),
    ],
)
def test_a_fault_that_cannot_be_says_why(emulator, kind, options, text):
    with pytest.raises(ValueError, match=text):
        emulator.fault(kind, **options)


def test_a_script_has_one_outcome(emulator):
    with pytest.raises(ValueError, match="a script has one of reply, stream, events, error and drop"):
        emulator.script(reply="a", drop=True)
    with pytest.raises(ValueError, match="a script needs one of reply, stream, events, error, drop and delay"):
        emulator.script()


@pytest.mark.parametrize("code", ["", "two words", "x" * 200])
@pytest.mark.parametrize("kind", ["error", "exception"])
def test_an_errors_code_is_a_name(emulator, kind, code):
    with pytest.raises(ValueError, match="an error's code must be a name such as ThrottlingException, got"):
        emulator.fault(kind, code=code)
