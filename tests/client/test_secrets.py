"""Prompts, keys, tokens, headers and passwords are in no error, log, span or metric, however a call ends."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import traceback

import pytest

import outcrop
from outcrop import telemetry
from outcrop.langchain import ChatBedrockConverse
from tests.support import frames
from tests.support.secrets import MARK, told
from tests.support.server import ANSWER, Server, json_answer
from tests.support.stalling import Handled, nothing, read_request

MODEL = "us.amazon.nova-lite-v1:0"
REQUEST = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": f"the prompt {MARK}"}]}]}
KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": "AKIDEXAMPLE",
    "aws_secret_access_key": f"secret/{MARK}",
    "aws_session_token": f"token/{MARK}",
}
ONCE = {"retries": {"max_attempts": 1}}


def answering(*parts, reset=False):
    def handler(connection):
        if not read_request(connection):
            return
        for part in parts:
            connection.sendall(part)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    return handler


STREAM = f"HTTP/1.1 200 OK\r\nContent-Type: {frames.CONTENT_TYPE}\r\n\r\n".encode()
HANDLERS = {
    "garbage": answering(b"nonsense\r\n\r\n"),
    "closed at once": answering(),
    "reset": answering(reset=True),
    "half a head": answering(b"HTTP/1.1 200 OK\r\nContent-"),
    "half a body": answering(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"),
    "a refusal": answering(
        b"HTTP/1.1 400 Bad Request\r\nx-amzn-ErrorType: ValidationException\r\nContent-Length: 18\r\n\r\n"
        b'{"message": "no."}'
    ),
    "a refusal that is no JSON": answering(b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n<>"),
    "nothing": nothing,
    "a stream that breaks off": answering(STREAM + frames.event("messageStart", {"role": "assistant"})[:-3]),
    "a stream that is none": answering(STREAM + b"x" * 100),
}


def ways(kind):  # noqa: C901  -- one short function for each way
    """The ways to call, as functions of connection settings."""

    def client(**settings):
        return outcrop.client("bedrock-runtime", **settings)

    def aclient(**settings):
        return outcrop.async_client("bedrock-runtime", **settings)

    def batch(**settings):
        [(_, result)] = client(**settings).batch("converse", [REQUEST])
        raise result

    async def abatch(settings):
        async for _, result in aclient(**settings).batch("converse", [REQUEST]):
            raise result

    def router(make, settings):
        rest = {name: value for name, value in settings.items() if name != "region_name"}
        rules = {"sources": ["us-east-1", "us-west-2"], "catalogue": "snapshot", "shared": False}
        return make(MODEL, **rules, **rest)

    async def astream(settings):
        async for _ in (await aclient(**settings).converse_stream(**REQUEST))["stream"]:
            pass

    def chat(settings):
        names = {"default_headers", "endpoint_url", "region_name", *KEYS}
        fields = {name: value for name, value in settings.items() if name in names}
        return ChatBedrockConverse(model=MODEL, max_retries=0, timeout=5, **fields)

    body = REQUEST["messages"]
    prompt = body[0]["content"][0]["text"]
    if kind == "blocking":
        return {
            "converse": lambda **s: client(**s).converse(**REQUEST),
            "stream": lambda **s: list(client(**s).converse_stream(**REQUEST)["stream"]),
            "invoke": lambda **s: (
                client(**s).invoke_model(modelId=MODEL, body=json.dumps({"prompt": prompt}))["body"].read()
            ),
            "batch": batch,
            "router": lambda **s: router(outcrop.CrossRegion, s).converse(messages=body),
            "cache": lambda **s: client(cache=outcrop.Cache(when="always"), **s).converse(**REQUEST),
            "LangChain": lambda **s: chat(s).invoke(prompt),
        }
    return {
        "converse": lambda **s: asyncio.run(_awaited(lambda: aclient(**s).converse(**REQUEST))),
        "stream": lambda **s: asyncio.run(astream(s)),
        "batch": lambda **s: asyncio.run(abatch(s)),
        "router": lambda **s: asyncio.run(
            _awaited(lambda: router(outcrop.AsyncCrossRegion, s).converse(messages=body))
        ),
        "LangChain": lambda **s: asyncio.run(chat(s).ainvoke(prompt)),
    }


async def _awaited(call):
    return await call()


@pytest.fixture(params=["blocking", "async"])
def calls(request):
    return ways(request.param)


@pytest.fixture
def watched(caplog):
    """`watched()`: all that was logged, traced and measured."""
    from tests.telemetry.test_spans import Watched

    caplog.set_level(logging.DEBUG)
    watching = Watched()

    def seen():
        spans = [span.to_json() for span in watching.exporter.get_finished_spans()]
        data = watching.reader.get_metrics_data()
        logs = [f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "asyncio"]
        return "\n".join([*spans, data.to_json() if data else "", *logs])

    yield seen
    watching.close()
    telemetry.uninstrument()


def assert_unseen(call, settings, watched, expect=Exception):
    with pytest.raises(expect) as caught:
        call(**settings)
    assert not type(caught.value).__name__.startswith("Panic")
    for what in (told(caught.value), watched()):
        assert MARK not in what, what[max(0, what.index(MARK) - 300) :][:600]
    traceback.clear_frames(caught.value.__traceback__)


@pytest.mark.parametrize("how", HANDLERS)
def test_a_server_that_fails(calls, watched, how):
    with Handled(HANDLERS[how]) as server:
        where = {"endpoint_url": f"http://127.0.0.1:{server.port}", "timeouts": {"first_byte": 0.2, "idle": 0.2}}
        for name, call in calls.items():
            if how == "nothing" and name == "LangChain":
                continue  # its clock is one for all, and long
            streams = name == "stream"
            if how.startswith("a stream") != streams and how != "a refusal":
                continue
            assert_unseen(call, {**KEYS, **ONCE, **where, "default_headers": {"x-team": MARK}}, watched)


@pytest.mark.parametrize(
    "where",
    [
        {"endpoint_url": "http://127.0.0.1:9"},
        {"endpoint_url": "http://bedrock.invalid"},
        {"endpoint_url": "https://127.0.0.1:9"},
        {"endpoint_url": f"http://user:{MARK}@127.0.0.1:9"},
        {"endpoint_url": f"user:{MARK}@127.0.0.1:9"},
        {"endpoint_url": "http://127.0.0.1:9", "proxy": f"http://user:{MARK}@127.0.0.1:9"},
        {"endpoint_url": "http://127.0.0.1:9", "proxy": f"https://user:{MARK}@127.0.0.1:9"},
        {"endpoint_url": "http://127.0.0.1:9", "proxy": f"{MARK}"},
        {"aws_access_key_id": f"{MARK}\r"},
        {"aws_secret_access_key": f"{MARK}\n"},
        {"aws_session_token": f"{MARK}\0"},
        {"aws_session_token": f"{MARK}\ud800"},
        {"default_headers": {"x-team": f"{MARK}\r\n"}},
        {"default_headers": {"x-team": f"{MARK}é"}},
        {"default_headers": {"x-team": f"{MARK}\ud800"}},
        {"default_headers": {"x-team": MARK.encode()}},
        {"default_headers": MARK},
        {"timeouts": {"connect": float("nan")}},
    ],
    ids=str,
)
def test_settings_that_lead_nowhere(calls, watched, where):
    for name, call in calls.items():
        if name == "LangChain" and ("proxy" in where or "timeouts" in where):
            continue
        short = {"timeouts": {"connect": 2}}
        assert_unseen(call, {**KEYS, **ONCE, "endpoint_url": "http://127.0.0.1:9", **short, **where}, watched)


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_ENDPOINT_URL": f"http://user:{MARK}@127.0.0.1:9"},
        {"AWS_ENDPOINT_URL": f"user:{MARK}@127.0.0.1"},
        {"AWS_ENDPOINT_URL": "localhost:4566"},
        {"AWS_ENDPOINT_URL": '"http://127.0.0.1:9"'},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTP_PROXY": f"http://user:{MARK}@127.0.0.1:9"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_SECRET_ACCESS_KEY": f"{MARK}\r"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_SESSION_TOKEN": f"{MARK}é"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_BEARER_TOKEN_BEDROCK": f"{MARK}\n"},
    ],
    ids=str,
)
def test_an_environment_that_leads_nowhere(calls, watched, monkeypatch, variables):
    given = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": MARK, "NO_PROXY": "", **variables}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    for call in calls.values():
        assert_unseen(call, {"region_name": "us-east-1", **ONCE, "timeouts": {"connect": 2}}, watched)


@pytest.mark.parametrize(
    "printed",
    [
        f"echo {MARK}",
        f'echo "{{\\"Version\\": 1, \\"SecretAccessKey\\": \\"{MARK}\\"}}"',
        f'echo "{{\\"Version\\": 1, \\"AccessKeyId\\": 3, \\"SecretAccessKey\\": \\"{MARK}"',
        f'echo "{{\\"Version\\": 1, \\"AccessKeyId\\": \\"A\\", \\"SecretAccessKey\\": \\"{MARK} \\"}}"',
        f"echo {MARK}; exit 1",
    ],
)
def test_a_process_that_gives_no_keys(calls, watched, environment_without_aws, printed):
    script = environment_without_aws / "keys.sh"
    script.write_text(printed + "\n")
    config = environment_without_aws / "config"
    config.write_text(f"[profile p]\nregion = us-east-1\ncredential_process = /bin/sh {script}\n")
    for name, call in calls.items():
        if name != "LangChain":
            assert_unseen(
                call, {"profile_name": "p", "region_name": "us-east-1", "endpoint_url": "http://127.0.0.1:9"}, watched
            )


@pytest.mark.parametrize("url", [f"http://user:{MARK}@127.0.0.1:9", "nonsense", "http://127.0.0.1:9"])
def test_a_token_that_cannot_be_exchanged(calls, watched, monkeypatch, environment_without_aws, url):
    token = environment_without_aws / "token"
    token.write_text(MARK)
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
    where = {"region_name": "us-east-1", "endpoint_url": "http://127.0.0.1:9", "timeouts": {"connect": 2}}
    for name, call in calls.items():
        if name != "LangChain":
            assert_unseen(call, {**ONCE, **where}, watched)


@pytest.mark.parametrize("part", ["access_key", "secret_key", "token"])
@pytest.mark.parametrize("wrong", ["\n", "\0", "é", "\ud800", " ", 3])
def test_a_function_that_gives_no_keys(watched, part, wrong):
    class Found:
        access_key, secret_key, token = "AKID", MARK, MARK

    setattr(Found, part, MARK + wrong if isinstance(wrong, str) else wrong)
    settings = {"region_name": "us-east-1", "endpoint_url": "http://127.0.0.1:9", "credentials": Found}
    text = "access_key|access key" if part == "access_key" else f"{part}|secret access key|session token"
    for kind in ("blocking", "async"):
        for name in ("converse", "stream", "batch", "router"):
            with pytest.raises((outcrop.exceptions.CredentialRetrievalError, TypeError), match=text) as caught:
                ways(kind)[name](**settings)
            assert MARK not in told(caught.value) + watched()


def test_a_session_that_refuses_to_travel_does_not_show_why():
    for name, value in {**KEYS, "bearer_token": MARK, "proxy": f"http://u:{MARK}@h"}.items():
        if name in outcrop._settings.SECRETS:
            given = {"region_name": "us-east-1"} | (KEYS if name.startswith("aws_") else {}) | {name: value}
            session = outcrop.Session(**given)
            assert MARK not in repr(session)
            with pytest.raises(TypeError) as caught:
                session.__reduce__()
            assert MARK not in told(caught.value)


def test_files_that_a_call_leaves_have_answers_and_no_prompts(tmp_path):
    answer = json_answer(json.dumps({"output": {"message": {"role": "assistant", "content": []}}}).encode())
    with Server(answer) as server:
        cache = outcrop.Cache(tmp_path / "answers", when="always")
        settings = {**KEYS, "endpoint_url": server.url, "default_headers": {"x-team": MARK}}
        client = outcrop.client("bedrock-runtime", **settings, cache=cache)
        client.converse(**REQUEST)
        [(_, result)] = client.batch("converse", [{**REQUEST, "modelId": "m"}], journal=tmp_path / "journal")
        assert "output" in result
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"answers", "journal"} <= {path.name for path in files}
    for path in files:
        assert MARK.encode() not in path.read_bytes(), path
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_the_way_a_prompt_is_searched_for_finds_it():
    """The test of the tests: a leak would be seen."""
    error = KeyError("other")
    error.__context__ = ValueError(MARK)
    assert MARK in told(error)


def test_a_server_sees_what_the_errors_hide():
    """The marker is really in what is sent."""
    with Server(json_answer(ANSWER)) as server:
        settings = {**KEYS, "endpoint_url": server.url, "default_headers": {"x-team": MARK}}
        ways("blocking")["converse"](**settings)
        request = server.take()
        assert MARK.encode() in request.body
        assert request.header("x-team") == MARK
