"""Traffic that is written down before it reaches Bedrock, and played again without it."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

import outcrop
from outcrop.emulator import Emulator, Recorder, Replay, _exchanges, _frames, _loopback, _upstream

pytest_plugins = ["pytester"]

LITE = "us.amazon.nova-lite-v1:0"
HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
SECRET = "a/secret/that/is/in/no/file"
BODY = json.dumps(
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
)


def messages(text: str = "What is basalt?") -> list[Any]:
    return [{"role": "user", "content": [{"text": text}]}]


@pytest.fixture
def upstream():
    with Emulator(access_key_id="AKIATHEREALONE123456", secret_access_key=SECRET, account_id="999988887777") as bedrock:
        yield bedrock


@pytest.fixture
def session(upstream):
    session = botocore.session.Session()
    session.set_credentials(upstream.access_key_id, upstream.secret_access_key)
    return session


@pytest.fixture(params=["boto3", "outcrop"])
def client(request, upstream):
    """A client of an endpoint; with keys that open nothing where it is asked to."""

    usual = upstream.connection

    def made(url, region="us-west-2", **keys):
        connection = {**usual, "endpoint_url": url, "region_name": region, **keys}
        return (boto3 if request.param == "boto3" else outcrop).client("bedrock-runtime", **connection)

    return made


def say(runtime: Any) -> list[Any]:
    """One call of each kind, and what it is told."""
    found = [runtime.converse(modelId=LITE, messages=messages())["output"]]
    found.append(list(runtime.converse_stream(modelId=LITE, messages=messages())["stream"]))
    found.append(runtime.invoke_model(modelId=HAIKU, body=BODY)["body"].read())
    stream = runtime.invoke_model_with_response_stream(modelId=HAIKU, body=BODY)["body"]
    found.append(b"".join(event["chunk"]["bytes"] for event in stream))
    with pytest.raises(ClientError) as error:
        runtime.converse(modelId="no.such-model", messages=messages())
    return [*found, str(error.value)]


def test_what_was_said_is_said_again_without_bedrock(upstream, session, client, tmp_path):
    path = tmp_path / "deep" / "rocks.json"
    with Recorder(path, upstream=upstream.endpoint_url, session=session) as recorder:
        first = say(client(recorder.endpoint_url))
    upstream.stop()
    with Replay(path) as replay:
        again = say(client(replay.endpoint_url, aws_access_key_id="x", aws_secret_access_key="y"))
        replay.check()
        assert repr(replay) == f"<Replay of {path}: 5 of 5 answers given>"
    assert (again[0], again[1], again[3], again[4]) == (first[0], first[1], first[3], first[4])
    # Written anew: the same JSON, not the same spaces.
    assert json.loads(again[2]) == json.loads(first[2])


def test_a_recording_holds_no_secret(upstream, session, client, tmp_path):
    path = tmp_path / "rocks.json"
    text = f"key {SECRET} of AKIAABCDEFGHIJKLMNOP for arn:aws:iam::111122223333:role/rocks"
    with Recorder(path, upstream=upstream.endpoint_url, session=session) as recorder:
        runtime = client(recorder.endpoint_url)
        runtime.converse(modelId=LITE, messages=messages(text))
    written = path.read_text()
    for secret in (SECRET, upstream.access_key_id, "AKIAABCDEFGHIJKLMNOP", "111122223333", "999988887777", "Signature"):
        assert secret not in written
    # The request that is cleaned the same way is the same one.
    with Replay(path) as replay:
        client(replay.endpoint_url).converse(modelId=LITE, messages=messages(text.replace(SECRET, "LEFT-OUT")))
        replay.check()


def test_what_was_not_recorded_is_refused_with_the_place_that_differs(upstream, session, client, tmp_path):
    path = tmp_path / "rocks.json"
    with Recorder(path, upstream=upstream.endpoint_url, session=session) as recorder:
        client(recorder.endpoint_url).converse(modelId=LITE, messages=messages())
    with Replay(path) as replay:
        runtime = client(replay.endpoint_url)
        says = r"no answer left for <Converse of us\.amazon.*differs at request\.messages\[0\]\.content\[0\]\.text"
        with pytest.raises(ClientError, match=says) as error:
            runtime.converse(modelId=LITE, messages=messages("private"))
        assert "private" not in str(error.value)
        with pytest.raises(ClientError, match="differs at region"):
            client(replay.endpoint_url, region="us-east-1").converse(modelId=LITE, messages=messages())
        with pytest.raises(AssertionError, match=r"nobody asked for POST /model/us\.amazon"):
            replay.check()


def test_a_throttle_is_part_of_what_was_said(upstream, session, tmp_path):
    path = tmp_path / "rocks.json"
    upstream.fault("throttling", times=1)
    with Recorder(path, upstream=upstream.endpoint_url, session=session) as recorder:
        upstream.client("bedrock-runtime", endpoint_url=recorder.endpoint_url).converse(
            modelId=LITE, messages=messages()
        )
    assert [exchange["status"] for exchange in _exchanges.load(path)] == [429, 200]
    with Replay(path) as replay:
        upstream.client("bedrock-runtime", endpoint_url=replay.endpoint_url).converse(modelId=LITE, messages=messages())
        replay.check()


def test_redact_has_the_last_word_and_an_exception_leaves_the_old_file(upstream, session, tmp_path):
    path = tmp_path / "rocks.json"

    def redact(exchange):
        return {**exchange, "answer": {"output": {"message": {"role": "assistant", "content": []}}}}

    with Recorder(path, upstream=upstream.endpoint_url, session=session, redact=redact) as recorder:
        upstream.client("bedrock-runtime", endpoint_url=recorder.endpoint_url).converse(
            modelId=LITE, messages=messages()
        )
    before = path.read_text()
    assert 'content": []' in before
    with pytest.raises(KeyError), Recorder(path, upstream=upstream.endpoint_url, session=session):
        raise KeyError
    assert path.read_text() == before
    assert [found.name for found in tmp_path.iterdir()] == ["rocks.json"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"outcrop-recording": 99, "exchanges": []}'])
def test_what_is_no_recording_is_refused(tmp_path, text):
    path = tmp_path / "rocks.json"
    with pytest.raises(FileNotFoundError, match="there is no recording"):
        Replay(path)
    path.write_text(text)
    with pytest.raises(ValueError, match=r"is no recording|has the form 99"):
        Replay(path)


def test_the_fixture_records_and_plays(pytester, upstream, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", upstream.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", upstream.secret_access_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(
        textwrap.dedent(f"""
        import boto3
        import pytest

        @pytest.fixture
        def bedrock_recording_options():
            return {{"upstream": {upstream.endpoint_url!r}}}

        @pytest.mark.parametrize("word", ["basalt", "gneiss"])
        def test_rocks(bedrock_recording, word):
            asked = [{{"role": "user", "content": [{{"text": word}}]}}]
            answer = boto3.client("bedrock-runtime").converse(modelId={LITE!r}, messages=asked)
            assert word in answer["output"]["message"]["content"][0]["text"]
        """)
    )
    run = ("-p", "no:cacheprovider", "-q")
    missing = pytester.runpytest_inprocess(*run)
    missing.assert_outcomes(errors=2)
    missing.stdout.fnmatch_lines(["*there is no recording *rocks_basalt.json: make one with *pytest --bedrock-record*"])
    pytester.runpytest_inprocess(*run, "--bedrock-record").assert_outcomes(passed=2)
    upstream.stop()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name)
    pytester.runpytest_inprocess(*run).assert_outcomes(passed=2)


_NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.dictionaries(_NAMES, st.text(max_size=40)), st.binary(max_size=200)), max_size=5))
def test_frames_are_read_as_they_were_written(frames):
    assert list(_frames.read(b"".join(_frames.write(*frame) for frame in frames))) == frames


@pytest.mark.parametrize(
    ("target", "region", "url"),
    [
        ("/model/a/converse", "eu-west-1", "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        ("/inference-profiles?maxResults=5", "us-west-2", "https://bedrock.us-west-2.amazonaws.com"),
        ("/model/a/invoke", "us-gov-west-1", "https://bedrock-runtime.us-gov-west-1.amazonaws.com"),
    ],
)
def test_aws_is_asked_in_the_region_that_was_signed_for(session, monkeypatch, target, region, url):
    """Not where the environment points, which is the recorder itself, nor in the environment's Region."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    headers = {"authorization": f"AWS4-HMAC-SHA256 Credential=AKIA/20261126/{region}/bedrock/aws4_request, x"}
    assert _upstream.endpoint(session, _loopback.Asked("POST", target, headers, b"")) == url


def test_a_bearer_token_without_a_region_is_refused(session):
    asked = _loopback.Asked("POST", "/model/a/converse", {"authorization": "Bearer x"}, b"")
    with pytest.raises(ValueError, match="tells no Region: set AWS_DEFAULT_REGION"):
        _upstream.endpoint(session, asked)
