"""Models as data: LangChain's dumps, pickles, copies."""

from __future__ import annotations

import copy
import json
import pickle

import boto3
import pytest
from langchain_core.load import dumpd, dumps, load, loads
from langchain_core.prompts import ChatPromptTemplate
from pydantic import ValidationError

import outcrop
from outcrop.langchain import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse
from tests.langchain.fakes import HAIKU

pytestmark = pytest.mark.filterwarnings("ignore:The function `loads?` is in beta")

SECRET = "wJalrXUtnFEMI/K7MDENG"
KEYS = {
    "aws_access_key_id": "AKIDEXAMPLE",
    "aws_secret_access_key": SECRET,
    "bedrock_api_key": SECRET,
    "region_name": "us-east-1",
}
CHATS = [ChatBedrockConverse, ChatBedrock]


@pytest.mark.parametrize("kind", CHATS)
def test_a_dump_loads_as_the_same_model(kind, monkeypatch):
    for name, value in (("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", SECRET)):
        monkeypatch.setenv(name, value)
    model = kind(model=HAIKU, region_name="us-east-1", max_tokens=5)
    dumped = dumpd(model)
    assert dumped["id"] == ["outcrop", "langchain", kind.__name__]
    assert dumped["kwargs"]["aws_secret_access_key"] == {"lc": 1, "type": "secret", "id": ["AWS_SECRET_ACCESS_KEY"]}
    again = load(dumped, valid_namespaces=["outcrop"], allowed_objects=[kind], secrets_from_env=True)
    assert type(again) is kind
    assert again.asdict() == model.asdict()
    assert again.aws_secret_access_key == model.aws_secret_access_key


@pytest.mark.parametrize("kind", CHATS)
def test_a_chain_loads_with_its_model(kind, monkeypatch):
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", SECRET)
    chain = ChatPromptTemplate.from_template("Say {word}.") | kind(model=HAIKU, region_name="us-east-1")
    dumped = dumps(chain)
    assert SECRET not in dumped
    again = loads(dumped, valid_namespaces=["outcrop"], allowed_objects="all", secrets_from_env=True)
    assert type(again.last) is kind
    assert again.last.bedrock_api_key == chain.last.bedrock_api_key
    with pytest.raises(ValueError, match="Invalid namespace"):
        loads(dumped, allowed_objects="all")


@pytest.mark.parametrize("kind", CHATS)
def test_a_dump_keeps_the_rules_of_a_router(kind, emulator):
    rules = {"sources": ["us-east-1"], "residency": {"us-west-2", "us-east-2", "us-east-1"}}
    connected = {key: value for key, value in emulator.connection.items() if key != "region_name"}
    listed = {**rules, "residency": ["us-east-1", "us-east-2", "us-west-2"]}
    told = kind(model=HAIKU, cross_region=rules)
    given = kind(model=HAIKU, client=outcrop.CrossRegion(HAIKU, **rules, **connected))
    awaited = kind(model=HAIKU, async_client=outcrop.AsyncCrossRegion(HAIKU, **rules, **connected))
    for model in (told, given, awaited):
        dumped = dumps(model)
        again = loads(dumped, valid_namespaces=["outcrop"], allowed_objects=[kind])
        assert again.cross_region == listed
        assert dumpd(kind(model=HAIKU, cross_region=again.cross_region)) == dumpd(told), "a cache knows it again"


@pytest.mark.parametrize("kind", CHATS)
def test_what_langchain_aws_dumped_loads_as_ours(kind, monkeypatch):
    """Saved chains name langchain-aws's classes: a mapping, as `load` takes it, brings them here."""
    langchain_aws = pytest.importorskip("langchain_aws")
    theirs = getattr(langchain_aws, kind.__name__)(model=HAIKU, region_name="us-east-1", max_tokens=5, **_keys())
    dumped = dumpd(theirs)
    mapping = {tuple(dumped["id"]): ("outcrop", "langchain", kind.__name__)}
    again = load(
        dumped,
        valid_namespaces=["outcrop", "langchain", "langchain_aws"],
        allowed_objects="all",
        additional_import_mappings=mapping,
    )
    assert type(again) is kind
    assert (again.model_id, again.max_tokens, again.region_name) == (HAIKU, 5, "us-east-1")


def _keys():
    return {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": SECRET}


@pytest.mark.parametrize("kind", [*CHATS, BedrockEmbeddings])
def test_pickles_and_copies_call_as_before_and_hold_no_secret(kind, emulator, monkeypatch):
    named = {"model": HAIKU} if kind is not BedrockEmbeddings else {"model_id": "amazon.titan-embed-text-v2:0"}
    model = kind(**named, **KEYS, endpoint_url=emulator.endpoint_url)
    model.client  # noqa: B018  -- made, so that it would be in the way
    pickled = pickle.dumps(model)
    assert SECRET.encode() not in pickled
    again = pickle.loads(pickled)
    assert again.endpoint_url == emulator.endpoint_url
    assert again.aws_secret_access_key is None, "read again from the environment, which has none"
    copied = copy.deepcopy(model)
    assert copied.client is model.client, "connections are shared"
    assert copied.aws_secret_access_key.get_secret_value() == SECRET


@pytest.mark.parametrize("kind", [*CHATS, BedrockEmbeddings])
def test_no_secret_is_shown(kind):
    named = {"model": HAIKU} if kind is not BedrockEmbeddings else {"model_id": "amazon.titan-embed-text-v2:0"}
    model = kind(**named, **KEYS)
    assert SECRET not in repr(model)
    assert SECRET not in str(model)
    assert SECRET not in json.dumps(model.model_dump(mode="json"), default=str)
    if kind is not BedrockEmbeddings:
        assert SECRET not in dumps(model)


@pytest.mark.parametrize("kind", [*CHATS, BedrockEmbeddings])
@pytest.mark.parametrize(
    "wrong", [{"aws_access_key_id": None}, {"timeout": "soon"}, {"bedrock_api_key": {"key": SECRET}}, {"model": 3}]
)
def test_no_secret_is_in_a_refusal(kind, wrong):
    given = {"model": HAIKU, "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": SECRET, **wrong}
    with pytest.raises(ValidationError) as caught:
        kind(**{name: value for name, value in given.items() if value is not None})
    assert SECRET not in str(caught.value) + repr(caught.value)


def test_a_client_that_cannot_travel_says_so():
    model = ChatBedrockConverse(model=HAIKU, client=boto3.client("bedrock-runtime", **_keys(), region_name="us-east-1"))
    with pytest.raises(TypeError, match=r"cannot be pickled because its client= is a client of botocore's.*pass"):
        pickle.dumps(model)
    assert copy.deepcopy(model).client is model.client


def test_no_prompt_is_shown():
    shown = repr(
        ChatBedrockConverse(
            model=HAIKU,
            system=[SECRET],
            raw_blocks=[{"role": "user", "content": [{"text": SECRET}]}],
            prompt_variables={"a": SECRET},
            default_headers={"authorization": SECRET},
        )
    )
    assert SECRET not in shown
    assert SECRET not in repr(ChatBedrock(model=HAIKU, system_prompt_with_tools=SECRET))


@pytest.mark.parametrize("kind", [*CHATS, BedrockEmbeddings])
def test_headers_are_in_no_pickle_and_no_dump(kind):
    named = {"model": HAIKU} if kind is not BedrockEmbeddings else {"model_id": "amazon.titan-embed-text-v2:0"}
    model = kind(**named, region_name="us-east-1", default_headers={"Authorization": SECRET})
    with pytest.raises(
        TypeError, match=r"cannot be pickled because it was given default_headers.*make it where"
    ) as caught:
        pickle.dumps(model)
    assert SECRET not in str(caught.value)
    assert SECRET not in str(model.model_dump())
    if kind is not BedrockEmbeddings:
        assert SECRET not in dumps(model)
        assert "default_headers" not in dumps(model)
    copied = copy.deepcopy(model).model_copy(update={"max_tokens": 5} if kind is not BedrockEmbeddings else {})
    assert copied.default_headers == {"Authorization": SECRET}


@pytest.mark.parametrize("kind", [*CHATS, BedrockEmbeddings])
@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"endpoint_url": f"https://user:{SECRET}@host"}, "endpoint_url must not hold a user or a password"),
        ({"cross_region": {"bearer_token": SECRET}}, "cross_region= must not hold bearer_token"),
        ({"cross_region": {"proxy": SECRET, "default_headers": {}}}, "must not hold default_headers, proxy"),
    ],
)
def test_a_secret_in_a_field_that_is_shown_is_refused(kind, given, text):
    named = {"model": HAIKU} if kind is not BedrockEmbeddings else {"model_id": "amazon.titan-embed-text-v2:0"}
    with pytest.raises(ValidationError, match=text) as caught:
        kind(**named, **given)
    assert SECRET not in str(caught.value) + repr(caught.value)


def test_a_proxy_with_a_password_is_in_no_pickle():
    from botocore.config import Config

    model = ChatBedrockConverse(model=HAIKU, config=Config(proxies={"https": f"http://user:{SECRET}@host:3128"}))
    assert SECRET not in dumps(model) + repr(model)
    with pytest.raises(TypeError, match="its config= has a proxy with a password") as caught:
        pickle.dumps(model)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", CHATS)
def test_a_field_is_its_value(kind, emulator):
    class Loud:
        def __str__(self):
            return "loud"

        __repr__ = __str__

    name = type("Model", (Loud, str), {})(HAIKU)
    half = type("Half", (Loud, float), {})(0.5)
    where = {"endpoint_url": emulator.endpoint_url, "region_name": type("Region", (Loud, str), {})("us-east-1")}
    keys = {"aws_access_key_id": emulator.access_key_id, "aws_secret_access_key": emulator.secret_access_key}
    model = kind(model=name, temperature=half, stop_sequences=[type("Stop", (Loud, str), {})("!")], **where, **keys)
    model.invoke("hello")
    model.bind(temperature=half, model=name).invoke("hello")
    for entry in emulator.journal:
        assert entry.model_id == HAIKU
        assert b"loud" not in entry.body
        assert b"0.5" in entry.body
