"""Embeddings behind every kind of id, against the local Bedrock: the forms and limits of the model that answers."""

from __future__ import annotations

import pytest

from outcrop.exceptions import ClientError
from outcrop.langchain import BedrockEmbeddings

LENGTHS = {
    "amazon.titan-embed-text-v1": 1536,
    "amazon.titan-embed-text-v2:0": 1024,
    "amazon.titan-embed-image-v1": 1024,
    "cohere.embed-english-v3": 1024,
    "cohere.embed-multilingual-v3": 1024,
    "cohere.embed-v4:0": 1536,
    "amazon.nova-2-multimodal-embeddings-v1:0": 3072,
}
ACCOUNT = "123456789012"
REGION = "us-east-1"


@pytest.fixture
def offered(emulator):
    """The models of embeddings, and a profile of each."""
    for name in LENGTHS:
        reads = ["TEXT", "IMAGE"]
        emulator.add_model(name, regions=[REGION], input_modalities=reads, output_modalities=["EMBEDDING"])
        emulator.add_profile(f"us.{name}", model=name, sources={REGION: [REGION]})
    return emulator


async def vectors(side, model, texts):
    found = await model.aembed_documents(texts) if side.is_async else model.embed_documents(texts)
    query = await model.aembed_query(texts[0]) if side.is_async else model.embed_query(texts[0])
    return [*found, query]


def named(bedrock, kind, model):
    """An id of a kind, and what else has to be said."""
    if kind == "base id":
        return model, {}
    if kind == "profile id":
        return f"us.{model}", {}
    if kind == "model ARN":
        return f"arn:aws:bedrock:{REGION}::foundation-model/{model}", {}
    if kind == "profile ARN":
        return f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.{model}", {}
    source = f"arn:aws:bedrock:{REGION}::foundation-model/{model}"
    made = bedrock.client("bedrock", region_name=REGION).create_inference_profile(
        inferenceProfileName="words", modelSource={"copyFrom": source}
    )
    return made["inferenceProfileArn"], {}


@pytest.mark.parametrize("model", LENGTHS)
@pytest.mark.parametrize("kind", ["base id", "profile id", "model ARN", "profile ARN", "application profile"])
async def test_texts_are_embedded_behind_every_kind_of_id(side, offered, kind, model):
    model_id, more = named(offered, kind, model)
    embeddings = BedrockEmbeddings(model_id=model_id, **more, **{**offered.connection, "region_name": REGION})
    found = await vectors(side, embeddings, ["granite", "basalt"])
    assert [len(vector) for vector in found] == [LENGTHS[model]] * 3
    assert found[0] != found[1]


@pytest.mark.parametrize(("model", "length"), [("amazon.titan-embed-text-v2:0", 512), ("cohere.embed-v4:0", 256),
                                               ("amazon.titan-embed-image-v1", 384),
                                               ("amazon.nova-2-multimodal-embeddings-v1:0", 384)])  # fmt: skip
async def test_vectors_have_the_length_that_was_asked_for(side, offered, model, length):
    embeddings = BedrockEmbeddings(model_id=f"us.{model}", dimensions=length, **offered.connection)
    assert {len(vector) for vector in await vectors(side, embeddings, ["granite"])} == {length}


async def test_a_length_that_a_model_does_not_have_is_its_refusal(side, offered):
    embeddings = BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0", dimensions=7, **offered.connection)
    with pytest.raises(ClientError, match="7 is not a valid number of dimensions"):
        await vectors(side, embeddings, ["granite"])


async def test_more_texts_than_a_request_takes_go_out_in_several(side, offered):
    embeddings = BedrockEmbeddings(model_id="us.cohere.embed-v4:0", **offered.connection)
    texts = [f"rock {number}" for number in range(100)]
    found = await vectors(side, embeddings, texts)
    assert len(found) == 101
    assert found[7] == (await vectors(side, embeddings, [texts[7]]))[0]


@pytest.mark.parametrize(("kind", "resource"), [("provisioned-model", "abc"), ("imported-model", "abc")])
async def test_what_no_id_tells_is_said(side, offered, kind, resource):
    arn = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:{kind}/{resource}"
    with pytest.raises(ValueError, match="pass base_model_id="):
        await vectors(side, BedrockEmbeddings(model_id=arn, **offered.connection), ["granite"])


@pytest.mark.parametrize(
    ("model", "limit"), [("amazon.titan-embed-text-v1", 50_000), ("cohere.embed-english-v3", 2_048)]
)
async def test_a_text_as_long_as_it_may_be_and_one_longer(side, offered, model, limit):
    embeddings = BedrockEmbeddings(model_id=f"us.{model}", **offered.connection)
    assert await vectors(side, embeddings, ["a" * limit])
    with pytest.raises(ValueError, match=f"no text longer than {limit} characters: one has {limit + 1}"):
        await vectors(side, embeddings, ["a" * (limit + 1)])


async def test_nova_cuts_what_is_too_long_itself(side, offered):
    embeddings = BedrockEmbeddings(model_id="us.amazon.nova-2-multimodal-embeddings-v1:0", **offered.connection)
    assert len(await vectors(side, embeddings, ["a " * 30_000])) == 2
