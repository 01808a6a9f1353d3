"""Embeddings: what each family is sent, how many at once, and what cannot be."""

from __future__ import annotations

import asyncio
import json
import math
import threading

import pytest

from outcrop.langchain import BedrockEmbeddings
from tests.langchain.fakes import AsyncClient, Client, Script, scripted
from tests.support.waiting import PATIENCE

TITAN, COHERE, NOVA = "amazon.titan-embed-text-v2:0", "cohere.embed-v4:0", "amazon.nova-2-multimodal-embeddings-v1:0"
SENT = {
    TITAN: {"inputText": "a", "dimensions": 256},
    COHERE: {"input_type": "search_query", "texts": ["a"], "output_dimension": 256},
    NOVA: {
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {
            "embeddingPurpose": "GENERIC_INDEX",
            "text": {"truncationMode": "END", "value": "a"},
            "embeddingDimension": 256,
        },
    },
}
GOT = {
    TITAN: {"embedding": [3.0, 4.0], "inputTextTokenCount": 1},
    COHERE: {"embeddings": {"float": [[3.0, 4.0]]}},
    NOVA: {"embeddings": [{"embeddingType": "TEXT", "embedding": [3.0, 4.0]}]},
}


async def query(side, model, text):
    return await model.aembed_query(text) if side.is_async else model.embed_query(text)


async def documents(side, model, texts):
    return await model.aembed_documents(texts) if side.is_async else model.embed_documents(texts)


@pytest.mark.parametrize("model_id", SENT)
@pytest.mark.parametrize("geography", ["", "us.", "in."])
async def test_each_family_is_sent_its_own_format(side, model_id, geography):
    model, script = scripted(
        BedrockEmbeddings, GOT[model_id], model=geography + model_id, dimensions=256, normalize=True
    )
    assert await query(side, model, "a") == [0.6, 0.8]
    assert json.loads(script.request["body"]) == SENT[model_id]
    assert script.request["modelId"] == geography + model_id


async def test_texts_go_out_in_batches_and_come_back_in_order(side):
    class Echo(Script):
        def take(self, operation, request):
            super().take(operation, request)
            return {"embeddings": [[float(text)] for text in json.loads(request["body"])["texts"]]}

    script = Echo({})
    model = BedrockEmbeddings(
        model_id="cohere.embed-english-v3", client=Client(script), async_client=AsyncClient(script)
    )
    texts = [str(number) for number in range(200)]
    assert await documents(side, model, texts) == [[float(text)] for text in texts]
    assert sorted(len(json.loads(request["body"])["texts"]) for request in script.requests) == [8, 96, 96]
    assert await documents(side, model, []) == []
    assert len(script.requests) == 3


async def test_no_more_requests_at_once_than_were_asked_for(side):
    at_once, most, full = 0, 0, threading.Barrier(3)

    class Counting(Client):
        def invoke_model(self, **request):
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            full.wait(PATIENCE)  # only three at once come further
            at_once -= 1
            return super().invoke_model(**request)

    class AsyncCounting(AsyncClient):
        async def invoke_model(self, **request):
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0)
            at_once -= 1
            return await super().invoke_model(**request)

    script = Script(GOT[TITAN])
    model = BedrockEmbeddings(
        model_id=TITAN, client=Counting(script), async_client=AsyncCounting(script), max_concurrency=3
    )
    assert len(await documents(side, model, ["a"] * 12)) == 12
    assert most == 3


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ("granite", "texts must be a list of texts, not one text: pass it to embed_query"),
        (["granite", 7], "texts to embed must be str, not int: convert them first"),
        ([None], "texts to embed must be str, not NoneType"),
    ],
)
async def test_what_is_no_list_of_texts_is_refused_before_anything_is_sent(side, texts, says):
    model, script = scripted(BedrockEmbeddings, GOT[TITAN], model=TITAN)
    with pytest.raises(TypeError, match=says):
        await documents(side, model, texts)
    assert not script.requests


async def test_a_text_that_is_too_long_and_an_answer_without_vectors(side):
    model, script = scripted(BedrockEmbeddings, {"message": "?"}, model="cohere.embed-english-v3")
    with pytest.raises(ValueError, match=r"no text longer than 2048 characters: one has 2049\. Split it"):
        await documents(side, model, ["a" * 2049])
    assert not script.requests
    with pytest.raises(ValueError, match=r"no embedding returned from model .*: the answer has \['message'\]"):
        await query(side, model, "a")


async def test_vectors_of_the_emulator_have_the_length_that_was_asked_for(side, emulator):
    model = BedrockEmbeddings(model_id=TITAN, dimensions=256, normalize=True, **emulator.connection)
    vector = await query(side, model, "granite")
    assert (len(vector), round(math.hypot(*vector), 6)) == (256, 1)


MARENGO_2, MARENGO_3 = "us.twelvelabs.marengo-embed-2-7-v1:0", "us.twelvelabs.marengo-embed-3-0-v1:0"


@pytest.mark.parametrize(
    ("model_id", "text", "image"),
    [
        (MARENGO_2, {"inputText": "a"}, {"mediaSource": {"base64String": "AA=="}}),
        (MARENGO_3, {"text": {"inputText": "a"}}, {"image": {"mediaSource": {"base64String": "AA=="}}}),
    ],
)
async def test_marengo_is_sent_the_form_of_its_version(side, model_id, text, image):
    model, script = scripted(BedrockEmbeddings, {"data": [{"embedding": [1.0]}]}, model=model_id)
    assert await query(side, model, "a") == [1.0]
    assert json.loads(script.request["body"]) == {"inputType": "text", **text}
    await model.aembed_image(b"\0") if side.is_async else model.embed_image(b"\0")
    assert json.loads(script.request["body"]) == {"inputType": "image", **image}


@pytest.mark.parametrize("model_id", SENT)
async def test_an_application_profile_has_the_format_of_the_model_behind_it(side, model_id):
    arn = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc"
    told = {"models": [{"modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{model_id}"}]}
    model, script = scripted(BedrockEmbeddings, told, GOT[model_id], model=arn, dimensions=256)
    assert await query(side, model, "a") == [3.0, 4.0]
    assert script.operations == ["get_inference_profile", "invoke_model"]
    assert json.loads(script.request["body"]) == SENT[model_id]
    await query(side, model, "a")
    assert script.operations.count("get_inference_profile") == 1


async def test_an_unknown_model_behind_an_arn_is_not_guessed(side):
    arn = "arn:aws:bedrock:us-east-1:111122223333:imported-model/abc"
    model, script = scripted(BedrockEmbeddings, GOT[TITAN], model=arn)
    with pytest.raises(ValueError, match=r"the model behind arn.* is unknown.*pass base_model_id="):
        await query(side, model, "a")
    assert not script.requests
    model, script = scripted(BedrockEmbeddings, GOT[TITAN], model=arn, base_model_id=TITAN)
    assert await query(side, model, "a") == [3.0, 4.0]


@pytest.mark.parametrize("model_id", ["amazon.titan-embed-text-v1", "cohere.embed-multilingual-v3", MARENGO_3])
async def test_a_length_is_not_sent_to_models_of_one_length(side, model_id):
    model, script = scripted(BedrockEmbeddings, {"embeddings": [[1.0]]}, model=model_id, dimensions=256)
    with pytest.warns(UserWarning, match="has vectors of one length; ignoring dimensions"):
        await query(side, model, "a")
    assert "256" not in script.request["body"]


@pytest.mark.parametrize("model_id", [TITAN, COHERE, NOVA, MARENGO_3])
async def test_an_empty_text_is_refused_before_anything_is_sent(side, model_id):
    model, script = scripted(BedrockEmbeddings, {}, model=model_id)
    with pytest.raises(ValueError, match="text number 1 is empty, and Bedrock embeds none such"):
        await documents(side, model, ["a", ""])
    assert not script.requests


async def test_titan_takes_50_000_characters(side):
    model, script = scripted(BedrockEmbeddings, GOT[TITAN], model=TITAN)
    with pytest.raises(ValueError, match="no text longer than 50000 characters: one has 50001"):
        await query(side, model, "a" * 50_001)
    assert not script.requests
