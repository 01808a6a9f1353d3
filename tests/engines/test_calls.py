"""A callable gives each row its answer or its error, once, through whichever Region has room."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import threading
from collections import Counter

import pandas as pd
import pytest

import outcrop
import outcrop.dask
from outcrop._engines import background
from outcrop._engines.columns import ERROR

from .conftest import MODEL, SOURCES


def frame_of(count, **columns):
    return pd.DataFrame({"id": range(count), "q": [f"number {number}" for number in range(count)], **columns})


def calls_of(emulator):
    return [entry for entry in emulator.journal if entry.service == "bedrock-runtime"]


def asked(entry):
    return json.loads(entry.body)["messages"][0]["content"][0]["text"]


def test_one_row_out_for_each_row_in(here, router):
    frame = frame_of(300, kept=["x"] * 300)
    done = outcrop.dask.Converse(router, prompt="q", call={"inferenceConfig": {"maxTokens": 9}}).run(frame)
    assert done[["id", "q", "kept"]].equals(frame)
    assert all(f"{row.q}." in row.answer or row.output_tokens == 9 for row in done.itertuples())
    assert set(done[ERROR]) == {""}
    assert set(done.source_region) == {"us-east-1"}
    assert set(done.target_model_id) == {MODEL}
    assert (done.input_tokens > 0).all()
    assert (done.attempts == 1).all()
    assert Counter(map(asked, calls_of(here))) == Counter(frame.q)


def test_an_error_is_its_rows_alone(here, router):
    here.fault("error", code="ValidationException", text="number 7")
    done = outcrop.dask.Converse(router, prompt="q").run(frame_of(10))
    failed = done[done[ERROR] != ""]
    assert list(failed.id) == [7]
    assert failed[ERROR].iloc[0].startswith("ValidationException: ")
    assert failed.answer.iloc[0] == ""
    assert failed.output_tokens.iloc[0] == 0


def test_the_first_error_ends_it_where_asked_to(here, router):
    here.fault("error", code="ValidationException", text="number 7")
    with pytest.raises(outcrop.exceptions.ValidationException):
        outcrop.dask.Converse(router, prompt="q", errors="raise").run(frame_of(10))


def test_rows_without_a_prompt_and_rows_that_failed_before_are_not_sent(here, router):
    frame = frame_of(4)
    frame.loc[1, "q"] = None
    frame[ERROR] = ["", "", "TimeoutError: before", ""]
    done = outcrop.dask.Converse(router, prompt="q").run(frame)
    assert list(done[ERROR]) == [
        "",
        "TypeError: the row's prompt is null, where text is due",
        "TimeoutError: before",
        "",
    ]
    assert list(done.columns[:3]) == ["id", "q", ERROR]
    assert sorted(map(asked, calls_of(here))) == ["number 0", "number 3"]


def test_a_column_that_would_be_written_over_is_refused(here, router):
    with pytest.raises(ValueError, match="have a column 'answer' already: name a prefix="):
        outcrop.dask.Converse(router, prompt="q").run(frame_of(2, answer=["a", "b"]))
    done = outcrop.dask.Converse(router, prompt="q", prefix="second_").run(frame_of(2, answer=["a", "b"]))
    assert list(done.answer) == ["a", "b"]
    assert (done.second_answer != "").all()


def test_a_throttled_region_is_passed_over(here, router):
    here.fault("throttling", region="us-east-1")
    done = outcrop.dask.Converse(router, prompt="q").run(frame_of(100))
    assert set(done[ERROR]) == {""}
    assert set(done.source_region) == {"us-west-2"}


def test_nothing_is_sent_outside_of_the_residency(here):
    nowhere = outcrop.CrossRegion(MODEL, sources=SOURCES, geographies=["us"], residency="eu", catalogue="snapshot")
    done = outcrop.dask.Converse(nowhere, prompt="q").run(frame_of(20))
    assert done[ERROR].str.contains("residency").all()
    assert not calls_of(here)


def test_a_plain_client_and_a_function_that_makes_one(here):
    call = {"modelId": MODEL}
    client = outcrop.client("bedrock-runtime", region_name="us-west-2")
    for given in (client, lambda: outcrop.async_client("bedrock-runtime", region_name="us-west-2")):
        done = outcrop.dask.Converse(given, prompt="q", call=call).run(frame_of(3))
        assert set(done[ERROR]) == {""}
        assert (done.attempts == 1).all()
    assert {entry.region for entry in calls_of(here)} == {"us-west-2"}


def test_what_calls_nothing_is_refused(here):
    for client in (outcrop.client("bedrock"), "us-east-1"):
        with pytest.raises(TypeError, match=r"what calls is an outcrop.CrossRegion, a client of bedrock-runtime"):
            outcrop.dask.Converse(client, prompt="q")


def test_bodies(here):
    body = {
        "messages": [{"role": "user", "content": "hello"}],
        "max_tokens": 5,
        "anthropic_version": "bedrock-2023-05-31",
    }
    calls = outcrop.dask.InvokeModel(
        outcrop.client("bedrock-runtime"),
        request=lambda row: {"body": {**body, "system": row["q"]}},
        call={"modelId": MODEL},
    )
    done = calls.run(frame_of(3))
    assert set(done[ERROR]) == {""}
    assert all(json.loads(answer)["role"] == "assistant" for answer in done.answer)
    assert (done.output_tokens == 5).all()


def test_the_whole_answer_comes_along_where_asked_for(here, router):
    here.script(text="number 0", reply={"toolUse": {"name": "look", "input": {"at": "basalt"}}})
    done = outcrop.dask.Converse(router, prompt="q", response=True).run(frame_of(2))
    content = json.loads(done.response[0])["output"]["message"]["content"]
    assert content[0]["toolUse"]["input"] == {"at": "basalt"}
    assert "ResponseMetadata" not in json.loads(done.response[1])
    assert done.stop_reason[0] == "tool_use"


# -- prompt caches ----------------------------------------------------------------------------------------------------


def test_one_row_writes_a_prompt_cache_before_the_others_read_it(here, router):
    here.regions["us-east-1"].latency = 0.05
    long = "The strata of the survey, one by one. " * 800
    systems = [[{"text": f"{letter} {long}"}, {"cachePoint": {"type": "default"}}] for letter in "abc"]
    frame = frame_of(60)
    calls = outcrop.dask.Converse(
        router,
        request=lambda row: {
            "system": systems[row["id"] % 3],
            "messages": [{"role": "user", "content": [{"text": row["q"]}]}],
        },
    )
    done = calls.run(frame)
    assert list(done.id) == list(range(60))
    assert set(done[ERROR]) == {""}
    assert (done.cache_write_tokens > 0).sum() == 3
    assert (done.cache_read_tokens > 0).sum() == 57
    # What was written is read by the next batch of this process as well.
    assert (calls.run(frame).cache_write_tokens > 0).sum() == 0


# -- limits -----------------------------------------------------------------------------------------------------------


def test_rows_go_where_there_is_room_and_nobody_is_throttled(here, router):
    here.regions["us-east-1"].quota(requests=1200)
    here.regions["us-west-2"].quota(requests=2400)
    quotas = {"us-east-1": {"requests_per_minute": 1200}, "us-west-2": {"requests_per_minute": 2400}}
    done = outcrop.dask.Converse(router, prompt="q", limits={"quotas": quotas}).run(frame_of(200))
    assert set(done[ERROR]) == {""}
    assert {entry.status for entry in calls_of(here)} == {200}
    counts = Counter(done.source_region)
    assert counts["us-west-2"] > counts["us-east-1"] > 40


def test_tokens_are_counted_as_they_were_used(here, router):
    here.answer_with(reply_tokens=20)
    here.regions["us-east-1"].quota(tokens=20_000)
    limits = {"quotas": {"us-east-1": {"tokens_per_minute": 20_000}, "us-west-2": {"requests_per_minute": 60}}}
    settings = {"inferenceConfig": {"maxTokens": 25}}
    done = outcrop.dask.Converse(router, prompt="q", call=settings, limits=limits).run(frame_of(100))
    assert set(done[ERROR]) == {""}
    assert {entry.status for entry in calls_of(here)} == {200}


# -- processes --------------------------------------------------------------------------------------------------------


def test_a_pickle_carries_rules_and_no_secret(here, router):
    calls = outcrop.dask.Converse(router, prompt="q", id="id")
    pickled = pickle.dumps(calls)
    assert here.secret_access_key.encode() not in pickled
    again = pickle.loads(pickled)
    assert "residency='us (" in repr(again)
    assert set(again.run(frame_of(3))[ERROR]) == {""}
    secret = outcrop.CrossRegion(MODEL, sources=SOURCES, aws_access_key_id="AKID", aws_secret_access_key="secret")
    with pytest.raises(TypeError, match="secrets do not go into pickles"):
        pickle.dumps(outcrop.dask.Converse(secret, prompt="q"))


def test_threads_share_what_a_process_has_open(here, router):
    calls = pickle.dumps(outcrop.dask.Converse(router, prompt="q"))
    done = []
    threads = [threading.Thread(target=lambda: done.append(pickle.loads(calls).run(frame_of(50)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(frame) for frame in done] == [50] * 4
    assert len(background._background().running) == 1


def in_a_child(calls, queue):
    queue.put(list(calls.run(frame_of(5))[ERROR]))


def test_a_child_of_a_process_that_has_called_has_its_own(here, router):
    calls = outcrop.dask.Converse(router, prompt="q")
    calls.run(frame_of(5))
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=in_a_child, args=(calls, queue))
    child.start()
    assert queue.get() == [""] * 5
    child.join()
    assert child.exitcode == 0
    assert set(calls.run(frame_of(5))[ERROR]) == {""}
