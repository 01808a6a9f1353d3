"""The marker in the places around a call: the command line, caches of tokens, batches, repairs, dumps and pickles."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import logging
import pickle

import pytest
from langchain_core.load import dumpd, dumps
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

import outcrop
from outcrop import cli, exceptions
from outcrop.langchain import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse
from tests.support.secrets import MARK, told
from tests.support.server import ANSWER, Answer, Server, json_answer

MODEL = "us.amazon.nova-lite-v1:0"
ASKED = [{"role": "user", "content": [{"text": f"the prompt {MARK}"}]}]
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": f"s{MARK}", "aws_session_token": f"t{MARK}"}
HERE = {"region_name": "us-east-1", **KEYS}
REFUSAL = Answer(403, {"x-amzn-ErrorType": "AccessDeniedException"}, b'{"message": "not you"}')


@pytest.fixture
def logged(caplog):
    """`logged()`: all that was logged."""
    caplog.set_level(logging.DEBUG)
    others = ("asyncio", "boto", "urllib3")  # they log what they sign and send
    return lambda: "\n".join(f"{it.getMessage()} {vars(it)}" for it in caplog.records if not it.name.startswith(others))


def assert_unseen(*texts):
    for text in map(str, texts):
        assert MARK not in text, text[max(0, text.index(MARK) - 300) :][:500]


@pytest.fixture
def secret_environment(environment_without_aws, monkeypatch):
    """Keys in variables and files, and a proxy with a password."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", f"s{MARK}")
    monkeypatch.setenv("AWS_SESSION_TOKEN", f"t{MARK}")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:{MARK}@127.0.0.1:9?{MARK}")
    (environment_without_aws / "credentials").write_text(
        f"[default]\naws_access_key_id = A\naws_secret_access_key = {MARK}\n[odd]\naws_secret_access_key = {MARK}\n"
        f"[process]\ncredential_process = /bin/sh -c 'echo {MARK} >&2; echo {MARK}; exit 3'\n"
        f"[half]\naws_access_key_id = A\naws_session_token = {MARK}\n"
    )
    return environment_without_aws


COMMANDS = [
    "whoami",
    "whoami --json",
    "whoami --principal",
    "whoami --profile odd",
    "whoami --profile half",
    "whoami --profile process",
    "whoami --profile none",
    f"whoami --endpoint-url http://u:{MARK}@h",
    f"whoami --endpoint-url http://h?{MARK}",
    "plan us.amazon.nova-lite-v1:0 --catalogue live",
    "plan us.amazon.nova-lite-v1:0 --json",
    "profiles --catalogue live",
    "profiles --json",
    "bench us.amazon.nova-lite-v1:0 --calls 1",
    "monitor report --since 1h",
]


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("answer", [REFUSAL, json_answer(b"{}"), Answer(500, {}, b"<html>")])
def test_the_command_line(secret_environment, monkeypatch, capsys, logged, words, answer):  # noqa: PLR0917
    with Server(answer) as server:
        for service in ("BEDROCK", "BEDROCK_RUNTIME", "STS", "LOGS", "CLOUDWATCH", "CLOUDWATCH_LOGS"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", server.url)
        traced = ""
        try:
            cli.main(words.split())
        except Exception as error:  # noqa: BLE001  -- its traceback is what a user sees
            traced = told(error)
    shown = capsys.readouterr()
    assert shown.out or shown.err or traced
    assert_unseen(traced)
    assert_unseen(shown.out, shown.err, logged())


def sso(home, token):
    (home / "config").write_text(
        "[profile p]\nsso_session = mine\nsso_account_id = 123456789012\nsso_role_name = Geologist\n"
        "[sso-session mine]\nsso_region = us-east-1\nsso_start_url = https://mine.awsapps.com/start\n"
    )
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{hashlib.sha1(b'mine').hexdigest()}.json").write_text(token)


def login(home, token):
    (home / "config").write_text("[profile p]\nlogin_session = me\n")
    cache = home / ".aws" / "login" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{hashlib.sha256(b'me').hexdigest()}.json").write_text(token)


ACCESS = {"accessKeyId": "A", "secretAccessKey": MARK, "sessionToken": MARK, "accountId": "1"}
TOKENS = [
    MARK,
    "{",
    json.dumps({"accessToken": MARK}),
    json.dumps({"accessToken": MARK, "expiresAt": MARK}),
    json.dumps({"accessToken": MARK, "expiresAt": "2099-01-01T00:00:00Z"}),
    json.dumps({"accessToken": f"{MARK}\n", "expiresAt": "2099-01-01T00:00:00Z"}),
    json.dumps(
        {
            "accessToken": MARK,
            "expiresAt": "2020-01-01T00:00:00Z",
            "refreshToken": MARK,
            "clientId": MARK,
            "clientSecret": MARK,
            "registrationExpiresAt": "2099-01-01T00:00:00Z",
        }
    ),
    json.dumps({"accessToken": {**ACCESS, "expiresAt": "2020-01-01T00:00:00Z"}, "refreshToken": MARK, "dpopKey": MARK}),
    json.dumps(
        {
            "accessToken": {**ACCESS, "expiresAt": "2020-01-01T00:00:00Z"},
            "refreshToken": MARK,
            "clientId": MARK,
            "dpopKey": f"-----BEGIN EC PRIVATE KEY-----\n{MARK}\n-----END EC PRIVATE KEY-----",
        }
    ),
    json.dumps({"accessToken": {**ACCESS, "secretAccessKey": f"{MARK}\r\n", "expiresAt": "2099-01-01T00:00:00Z"}}),
]


@pytest.mark.parametrize("write", [sso, login])
@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("answer", [REFUSAL, json_answer(b"{}"), json_answer(b"[1]")])
@pytest.mark.parametrize("awaited", [False, True])
def test_tokens_that_a_command_left(environment_without_aws, monkeypatch, logged, write, token, answer, awaited):  # noqa: PLR0917
    monkeypatch.setenv("HOME", str(environment_without_aws))
    write(environment_without_aws, token)
    with Server(answer) as server:
        for service in ("SSO", "SSO_OIDC", "SIGNIN"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", server.url)
        settings = {"profile_name": "p", "region_name": "us-east-1", "endpoint_url": server.url}
        error = None
        try:
            if awaited:
                asyncio.run(_awaited(outcrop.async_client("bedrock-runtime", **settings)))
            else:
                outcrop.client("bedrock-runtime", **settings).converse(modelId=MODEL, messages=ASKED)
        except (exceptions.OutcropError, ValueError) as caught:
            error = caught
    assert error is not None
    assert_unseen(told(error), logged())


async def _awaited(client):
    await client.converse(modelId=MODEL, messages=ASKED)


@pytest.mark.parametrize("answer", [REFUSAL, json_answer(b"{}"), Answer(503, {}, b"{}"), json_answer(ANSWER[:-3])])
@pytest.mark.parametrize(
    "options", [{"concurrency": "auto"}, {"on_stop": "cancel"}, {"errors": "raise"}, {"in_order": True}]
)
def test_a_batch(tmp_path, capfd, logged, answer, options):
    with Server(answer) as server:
        client = outcrop.client("bedrock-runtime", **HERE, endpoint_url=server.url, retries={"max_attempts": 1})
        request = {"modelId": MODEL, "messages": ASKED}
        batch = client.batch("converse", [request] * 2, journal=tmp_path / "journal", **options)
        results = []
        try:
            results += [result for _, result in batch]
        except exceptions.OutcropError as error:
            results.append(error)
    assert results
    for result in results:
        assert_unseen(told(result))
    written = capfd.readouterr()
    assert_unseen(repr(batch), repr(client.metrics()), (tmp_path / "journal").read_text(), written.err, logged())


ODD_TURNS = [
    [{"role": MARK[:0] or "user", "content": MARK}],
    [{"role": "user", "content": [{"text": 3, "zz": MARK}]}],
    [{"role": "user", "content": {MARK: MARK}}],
    [{"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"text": MARK}]}}]}],
    [{"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "a b", "input": MARK}}]}],
    [MARK],
    MARK,
    [{"role": "user"}, {"content": [{"text": MARK}]}],
]


@pytest.mark.parametrize("turns", ODD_TURNS, ids=str)
def test_a_repair(logged, turns):
    try:
        _, notes = _repaired(turns)
    except (TypeError, ValueError, AttributeError) as error:
        assert_unseen(told(error))
    else:
        assert_unseen(notes)
    assert_unseen(logged())


def _repaired(turns):
    found = outcrop.repair({"modelId": MODEL, "messages": turns})
    return found, repr(getattr(found, "notes", ""))


CHATS = [
    lambda **fields: ChatBedrockConverse(model=MODEL, **fields),
    lambda **fields: ChatBedrock(model=MODEL, **fields),
    lambda **fields: BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0", **fields),
]


@pytest.mark.parametrize("make", CHATS)
def test_dumps_and_pickles_of_models(make, logged):
    model = make(region_name="us-east-1", **KEYS)
    assert_unseen(repr(model), str(model), logged())
    try:
        assert_unseen(pickle.dumps(model).decode("latin1"))
    except TypeError as error:
        assert_unseen(told(error))
    if not isinstance(model, BedrockEmbeddings):
        assert_unseen(dumps(model), json.dumps(dumpd(model)))


HISTORIES = [
    [HumanMessage([{"type": "zz", "text": MARK}])],
    [HumanMessage([{"type": "image", "base64": MARK, "mime_type": "zz"}])],
    [HumanMessage([{"type": "image", "url": f"https://{MARK}.example/a"}])],
    [HumanMessage([{"type": "search_result", "source": MARK}])],
    [AIMessage("", tool_calls=[{"name": "a b", "args": {"a": MARK}, "id": "t"}])],
    [ToolMessage(MARK, tool_call_id="t")],
    [HumanMessage([{"document": MARK}])],
    [HumanMessage([{"text": {"a": MARK}}])],
]


@pytest.mark.filterwarnings("ignore:Tool messages were passed")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("make", CHATS[:2])
@pytest.mark.parametrize("messages", HISTORIES, ids=lambda messages: str(messages[0].content)[:30])
def test_messages_that_a_model_cannot_say(logged, make, messages, strict):
    with Server(REFUSAL) as server:
        model = make(region_name="us-east-1", endpoint_url=server.url, max_retries=0, strict_history=strict, **KEYS)
        for call in (model.invoke, lambda it: asyncio.run(model.ainvoke(it)), lambda it: list(model.stream(it))):
            with pytest.raises((exceptions.OutcropError, ValueError, TypeError)) as caught:
                call(messages)
            assert_unseen(told(caught.value), logged())


def test_a_report_of_metrics():
    with Server(REFUSAL) as server:
        client = outcrop.client("bedrock-runtime", **HERE, endpoint_url=server.url, default_headers={"x-team": MARK})
        with pytest.raises(exceptions.AccessDeniedException):
            client.converse(modelId=MODEL, messages=ASKED, requestMetadata={"who": MARK})
    out = io.StringIO()
    print(client.metrics(), client, client.meta, client.metrics().to_prometheus(), file=out)
    assert_unseen(out.getvalue())
