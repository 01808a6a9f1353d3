"""Parts of messages as other services, files and Python leave them: sent as Bedrock takes them, or refused in words."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import decimal
import json
import math
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import BaseModel

import outcrop
from outcrop._conversation.values import plain
from tests.langchain.fakes import HAIKU
from tests.langchain.sent import call

DATA = base64.b64encode(b"hi").decode()
TEXT = {"type": "text", "text": "x"}
OPENAI = {"model_provider": "openai"}
POINT = {"type": "ephemeral"}


class Mineral(BaseModel):
    """A mineral."""

    hardness: int = 7


def asked(*parts: Any) -> list[Any]:
    return [HumanMessage(list(parts))]


def answered(*parts: Any, **about: Any) -> list[Any]:
    return [HumanMessage("q"), AIMessage(list(parts), **about), HumanMessage("z")]


def called(args: Any) -> list[Any]:
    return [HumanMessage("q"), AIMessage("", tool_calls=[call(**args)]), ToolMessage("r", tool_call_id="t1")]


# --- values that JSON does not have -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (math.nan, "NaN"),
        ([math.inf, {"c": -math.inf}], ["Infinity", {"c": "-Infinity"}]),
        (dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc), "2026-01-02T00:00:00+00:00"),
        (decimal.Decimal("1.5"), 1.5),
        (decimal.Decimal(10), 10),
        ({2, 1}, [1, 2]),
        (b"hi", DATA),
        ((1, 2), [1, 2]),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Mineral(), {"hardness": 7}),
        (10**400, hex(10**400)),
        ("cut \ud83d", "cut \ufffd"),
        ({"cut \ud83d": 1}, {"cut \ufffd": 1}),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_arguments_that_json_does_not_have_are_sent_as_it_has_them(sent, value, made):
    history = called({"a": value})
    await sent.ask(history)
    (block,) = sent.turns[1]["content"]
    assert (block.get("toolUse") or block)["input"] == {"a": made}
    assert any("values that JSON does not have" in note for note in sent.repaired)
    assert history[1].tool_calls[0]["args"]["a"] is value
    call_ = {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": value}}}
    result = {"toolResult": {"toolUseId": "t1", "content": [{"json": {"a": value}}]}}
    turns = [{"role": "user", "content": [{"text": "q"}]}, {"role": "assistant", "content": [call_]}]
    fixed = outcrop.repair([*turns, {"role": "user", "content": [result]}])
    assert fixed[1]["content"][0]["toolUse"]["input"] == {"a": made}
    assert fixed[2]["content"][0]["toolResult"]["content"] == [{"json": {"a": made}}]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals() | st.dates()
        | st.sets(st.integers()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
        max_leaves=10,
    )
)  # fmt: skip
def test_any_value_becomes_one_of_json_and_then_stays(value):
    made = plain(value)
    json.dumps(made, allow_nan=False).encode()
    json.dumps(made, ensure_ascii=False).encode()
    assert plain(made) is made


async def test_a_half_of_a_character_in_the_system_prompt(sent):
    await sent.ask([SystemMessage("cut \ud83d"), HumanMessage("q")])
    assert "cut \ufffd" in json.dumps(sent.body["system"], ensure_ascii=False)
    assert any(note.startswith("system: ") for note in sent.repaired)


async def test_objects_that_a_tool_gave_with_values_of_pythons(sent):
    message = ToolMessage([{"a": math.nan}], tool_call_id="t1")
    turns = await sent.ask([HumanMessage("q"), AIMessage("", tool_calls=[call()]), message])
    assert "NaN" in json.dumps(turns[2])


# --- parts of OpenAI's ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", [OPENAI, {}])
@pytest.mark.parametrize(
    "part",
    [
        {"type": "output_text", "text": "said", "annotations": []},
        {"type": "refusal", "refusal": "said"},
        {"type": "audio", "id": "a", "transcript": "said"},
    ],
)
async def test_what_openais_models_said_is_a_text(sent, part, about):
    history = answered(part, response_metadata=about)
    before = copy.deepcopy(history)
    await sent.ask(history)
    assert sent.texts(1) == ["said"]
    assert history == before


@pytest.mark.parametrize("beside", [{"refusal": "said"}, {"audio": {"id": "a", "transcript": "said"}}])
async def test_what_was_said_beside_an_empty_content(sent, beside):
    await sent.ask([HumanMessage("q"), AIMessage("", additional_kwargs=beside), HumanMessage("z")])
    assert sent.texts(1) == ["said"]


async def test_what_openais_users_show(sent):
    parts = [
        {"type": "input_text", "text": "look"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{DATA}"},
        {"type": "input_file", "filename": "a", "file_data": f"data:application/pdf;base64,{DATA}"},
    ]
    (turn,) = await sent.ask(asked(*parts))
    kinds = [next(iter(block)) if sent.on_converse else block["type"] for block in turn["content"]]
    assert kinds == ["text", "image", "document"]


# --- data and links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"data:image/png;base64,{DATA}",
        f"DATA:image/PNG;charset=utf-8;base64,{DATA}",
        "data:image/png,hi",
        "data:image/png;base64,aGk",
        "data:image/png;base64,aG%6B%3D".replace("%6B", "k"),
    ],
)
async def test_data_urls_of_every_form_are_read(sent, url):
    (turn,) = await sent.ask(asked(TEXT, {"type": "image_url", "image_url": {"url": url}}))
    image = turn["content"][1]
    if sent.on_converse:
        assert image == {"image": {"format": "png", "source": {"bytes": b"hi"}}}
    else:
        assert image["source"] == {"type": "base64", "media_type": "image/png", "data": DATA}


@pytest.mark.parametrize("data", ["_-8", "/+8=", "/+\n8=\n"])
async def test_base64_of_every_form_is_read(sent, data):
    (turn,) = await sent.ask(asked(TEXT, {"type": "image", "base64": data, "mime_type": "image/jpg"}))
    image = turn["content"][1]
    if sent.on_converse:
        assert image == {"image": {"format": "jpeg", "source": {"bytes": b"\xff\xef"}}}
    else:
        assert image["source"] == {"type": "base64", "media_type": "image/jpeg", "data": "/+8="}


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}, "Bedrock fetches no URL"),
        ({"type": "image", "url": "https://example.com/a.png"}, "Bedrock fetches no URL"),
        ({"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}, "Bedrock fetches no URL"),
        ({"type": "document", "source": {"type": "url", "url": "https://example.com/a"}}, "Bedrock fetches no URL"),
        ({"type": "image", "file_id": "f"}, "Bedrock fetches no URL"),
        ({"type": "image", "base64": DATA, "mime_type": "image/svg+xml"}, "unsupported MIME type 'image/svg"),
        ({"type": "image", "base64": "!", "mime_type": "image/png"}, "the data is not valid base64"),
        ({"type": "image", "base64": "", "mime_type": "image/png"}, "the image holds no data"),
        ({"type": "image_url", "image_url": {"url": "data:image/png"}}, "the data: URL has no data"),
        ({"type": "file", "base64": DATA, "mime_type": "application/zip", "name": "a.zip"}, "unsupported MIME type"),
    ],
)
async def test_what_cannot_be_shown_is_refused_while_it_is_asked_about_and_named_later(sent, block, says):
    with pytest.raises(ValueError, match=says) as refused:
        await sent.ask(asked(TEXT, block))
    assert DATA not in str(refused.value)
    history = [HumanMessage([TEXT, block]), AIMessage("no"), HumanMessage("and now?")]
    before = copy.deepcopy(history)
    await sent.ask(history)
    assert any(text.startswith("[") and text.endswith("]") for text in sent.texts(0))
    assert any("named in a text" in note or "a link" in note for note in sent.repaired)
    assert history == before
    asked_of_tool = [HumanMessage("q"), AIMessage("", tool_calls=[call()]), ToolMessage([block], tool_call_id="t1")]
    await sent.ask(asked_of_tool)
    with pytest.raises(ValueError, match="needs repairs"):
        await sent.ask(history, strict_history=True)


async def test_links_in_answers_are_text(sent):
    await sent.ask(answered({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}))
    assert sent.texts(1) == ["[image: https://example.com/a.png]"]


@pytest.mark.parametrize(("name", "kind"), [("n.py", "txt"), ("n.PDF", "pdf"), ("n.md", "md"), ("n.jsonl", "txt")])
@pytest.mark.parametrize("mime", [None, "application/octet-stream"])
async def test_a_files_name_tells_what_it_is_where_nobody_says(sent, name, kind, mime):
    file = {"type": "file", "base64": DATA, "name": name, **({"mime_type": mime} if mime else {})}
    (turn,) = await sent.ask(asked(TEXT, file))
    block = turn["content"][1]
    if sent.on_converse:
        assert block["document"]["format"] == kind
    else:
        assert block["source"]["type"] == ("base64" if kind == "pdf" else "text")


async def test_texts_in_other_encodings(sent):
    file = {
        "type": "file",
        "base64": base64.b64encode("é".encode("utf-16")).decode(),
        "mime_type": "text/plain",
        "name": "n",
    }
    (turn,) = await sent.ask(asked(TEXT, file))
    if not sent.on_converse:
        assert turn["content"][1]["source"]["data"] == "é"


async def test_a_table_goes_through_converse_and_is_refused_in_words_elsewhere(sent):
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"type": "file", "base64": DATA, "mime_type": mime, "name": "n"}
    if sent.on_converse:
        await sent.ask(asked(TEXT, file))
        return
    with pytest.raises(ValueError, match="which takes PDFs and texts: use ChatBedrockConverse"):
        await sent.ask(asked(TEXT, file))


async def test_documents_of_anthropics_whose_parts_are_cited_one_by_one(sent):
    source = {"type": "content", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}
    (turn,) = await sent.ask(asked(TEXT, {"type": "document", "source": source, "title": "n"}))
    if sent.on_converse:
        made = {"name": "n", "source": {"content": [{"text": "one"}, {"text": "two"}]}}
        assert turn["content"][1] == {"document": made}


@pytest.mark.parametrize(
    "block",
    [
        {"text": "said"},
        {"image": {"format": "png", "source": {"bytes": b"hi"}}},
        {"document": {"format": "pdf", "name": "a", "source": {"bytes": b"hi"}}},
        {"document": {"format": "txt", "name": "a", "source": {"text": "hi"}}},
        {"guardContent": {"text": {"text": "said"}}},
    ],
)
async def test_blocks_of_converses_go_through_both_apis(sent, block):
    (turn,) = await sent.ask(asked(TEXT, block))
    assert len(turn["content"]) == 2


async def test_a_system_prompt_that_shows_something_is_refused_in_words(sent):
    with pytest.raises(ValueError, match="system message content must be text"):
        await sent.ask(
            [SystemMessage([{"type": "image", "base64": DATA, "mime_type": "image/png"}]), HumanMessage("q")]
        )


async def test_parts_that_a_guardrail_looks_at(sent):
    guard = {"type": "guard_content", "text": "said"}
    await sent.ask([SystemMessage([guard]), *asked(guard)])
    assert "said" in json.dumps(sent.body["system"])


# --- tools that another service ran -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["server_tool_use", "mcp_tool_use"])
async def test_tools_that_anthropic_ran_are_left_out(sent, kind):
    result = "web_search_tool_result" if kind == "server_tool_use" else "mcp_tool_result"
    parts = [
        {"type": kind, "id": "s1", "name": "web_search", "input": {}},
        {"type": result, "tool_use_id": "s1", "content": []},
        {"type": "text", "text": "said"},
    ]
    await sent.ask(answered(*parts, response_metadata={"model_provider": "anthropic"}))
    assert len(sent.turns[1]["content"]) == 1
    assert sent.texts(1) == ["said"]
    assert any("has no counterpart for" in note for note in sent.repaired)


async def test_tools_that_nova_ran_are_text_for_claude(sent):
    parts = [
        {"type": "server_tool_use", "id": "s1", "name": "nova_grounding", "input": {"q": "x"}},
        {"type": "tool_result", "tool_use_id": "s1", "content": [{"type": "json", "json": {"a": 1}}]},
        {"type": "text", "text": "said"},
    ]
    about = {"model_provider": "bedrock_converse", "model_name": "us.amazon.nova-2-lite-v1:0"}
    await sent.ask(answered(*parts, response_metadata=about))
    assert sent.texts(1)[-1] == "said"
    assert "nova_grounding" in sent.texts(1)[0]
    assert '{"a": 1}' in sent.texts(1)[1]


# --- cache points -----------------------------------------------------------------------------------------------------


def pointed(text: str, ttl: str | None = None) -> dict[str, Any]:
    return {"type": "text", "text": text, "cache_control": {**POINT, **({"ttl": ttl} if ttl else {})}}


def points(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [found for item in value for found in points(item)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("cache_control", "cachePoint") if key in value]
    return own + [found for item in value.values() for found in points(item)]


async def test_no_more_cache_points_than_bedrock_takes(sent):
    history = [SystemMessage([pointed("s")])]
    for number in range(6):
        history += [HumanMessage([pointed(f"q{number}")]), AIMessage("a")]
    await sent.ask([*history, HumanMessage("z")])
    if sent.on_converse:  # which has points of its own: Anthropic's marks are not read there
        return
    assert len(points(sent.body)) == 4
    assert points(sent.body["system"])
    assert points(sent.turns[-3])
    assert not points(sent.turns[0])
    assert any("beyond the four" in note for note in sent.repaired)
    assert history[1].content == [pointed("q0")]


async def test_points_that_converse_has_are_few_too(sent):
    point = {"cachePoint": {"type": "default"}}
    history = [SystemMessage([TEXT, point])]
    for _ in range(6):
        history += [HumanMessage([TEXT, point]), AIMessage("a")]
    await sent.ask([*history, HumanMessage("z")])
    assert len(points(sent.body)) == 4
    assert any("beyond the four" in note for note in sent.repaired)


async def test_a_long_cache_point_behind_a_short_one_is_short_through_both(sent):
    long, short = {"cachePoint": {"type": "default", "ttl": "1h"}}, {"cachePoint": {"type": "default"}}
    await sent.ask([SystemMessage([TEXT, short]), HumanMessage([TEXT, long])])
    assert len(points(sent.body)) == 2
    assert not any("ttl" in point for point in points(sent.body))
    assert any("no longer than that" in note for note in sent.repaired)


async def test_a_claude_without_caching_is_sent_no_points(sent):
    old = "anthropic.claude-3-haiku-20240307-v1:0"
    await sent.ask([HumanMessage([TEXT, {"cachePoint": {"type": "default"}}])], model=old)
    assert points(sent.body) == []
    await sent.ask([HumanMessage([TEXT, {"cachePoint": {"type": "default"}}])], model=HAIKU)
    assert len(points(sent.body)) == 1


# --- what is said of it -----------------------------------------------------------------------------------------------


async def test_repairs_are_told_in_the_order_of_the_turns(sent):
    history = [
        HumanMessage([{"type": "text", "text": " "}, TEXT]),
        AIMessage("", tool_calls=[call(name="a.b", x=math.nan)]),
        HumanMessage("hurry"),
        ToolMessage([{"type": "text", "text": "\n"}], tool_call_id="t1"),
        AIMessage("so "),
    ]
    await sent.ask(history, model=HAIKU)
    turns = [int(note.split(":")[0].split(".")[1]) for note in sent.repaired if note.startswith("messages.")]
    assert turns == sorted(turns)
    assert {0, 1, 2} <= set(turns)
    assert len(sent.repaired) == len(set(sent.repaired))
    assert any("white space at the end" in note for note in sent.repaired)
    with pytest.raises(ValueError, match="needs repairs") as refused:
        await sent.ask(history, model=HAIKU, strict_history=True)
    places = [str(refused.value).index(note) for note in sent.repaired]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "history",
    [
        [HumanMessage("q"), AIMessage("", tool_calls=[call()]), ToolMessage("r", tool_call_id="t1")],
        [HumanMessage(["a", "b"]), AIMessage([TEXT], tool_calls=[call()]), ToolMessage([TEXT], tool_call_id="t1")],
        [SystemMessage("s"), HumanMessage("q"), HumanMessage("z"), AIMessage("a"), AIMessage("b"), HumanMessage("c")],
        [HumanMessage([TEXT, {"type": "image", "base64": DATA, "mime_type": "image/png"}])],
    ],
)
async def test_what_is_sound_needs_no_repair_through_either(sent, history):
    await sent.ask(history, strict_history=True)
    assert sent.repaired == []
