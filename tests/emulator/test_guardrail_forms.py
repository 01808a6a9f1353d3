"""What guardrails say beside whether they stepped in: grounding, images, what was not found; and rerank models."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from outcrop.exceptions import ClientError

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

NOVA = "us.amazon.nova-lite-v1:0"
SOURCE = "Quartz has hardness seven on the scale of Mohs."
QUERY = "What hardness has quartz?"
NUMBERS = count()
POLICY = {
    "contextualGroundingPolicyConfig": {
        "filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.5}]
    },
    "contentPolicyConfig": {"filtersConfig": [{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"}]},
    "topicPolicyConfig": {"topicsConfig": [{"name": "Shares", "definition": "d", "type": "DENY"}]},
    "wordPolicyConfig": {"wordsConfig": [{"text": "pyrite"}]},
    "sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
}


def text(said: str, *qualifiers: str) -> dict[str, Any]:
    return {"text": {"text": said, **({"qualifiers": list(qualifiers)} if qualifiers else {})}}


def guardrail(bedrock: Emulator, **policies: Any) -> dict[str, Any]:
    made = boto3.client("bedrock", **{**bedrock.connection, "region_name": "us-east-1"}).create_guardrail(
        name=f"rocks-{next(NUMBERS)}",
        blockedInputMessaging="no question",
        blockedOutputsMessaging="no answer",
        **policies,
    )
    return {"guardrailIdentifier": made["guardrailId"], "guardrailVersion": made["version"]}


def applied(bedrock: Emulator, *content: Any, **more: Any) -> dict[str, Any]:
    named = guardrail(bedrock, **POLICY)
    return bedrock.client("bedrock-runtime").apply_guardrail(**named, content=list(content), source="OUTPUT", **more)


@pytest.mark.parametrize(
    ("said", "action", "scores"),
    [
        ("Quartz has hardness seven.", "NONE", [1.0, 1.0]),
        ("Granite melts slowly below volcanoes.", "GUARDRAIL_INTERVENED", [0.0, 0.0]),
    ],
)
def test_an_answer_is_held_against_its_source_and_its_question(emulator, said, action, scores):
    answer = applied(emulator, text(SOURCE, "grounding_source"), text("Quartz hardness?", "query"), text(said))
    assert answer["action"] == action
    filters = answer["assessments"][0]["contextualGroundingPolicy"]["filters"]
    assert [(it["type"], it["score"]) for it in filters] == list(zip(["GROUNDING", "RELEVANCE"], scores, strict=True))
    assert [it["threshold"] for it in filters] == [0.7, 0.5]
    assert {it["action"] for it in filters} == {"BLOCKED" if action != "NONE" else "NONE"}
    assert answer["usage"]["contextualGroundingPolicyUnits"] == 1
    covered = answer["guardrailCoverage"]["textCharacters"]
    assert covered["guarded"] == len(said)
    assert covered["total"] > covered["guarded"]
    assert [it["text"] for it in answer["outputs"]] == (["no answer"] if action != "NONE" else [])
    assert answer["output"] == answer["outputs"]  # the service says both, and boto3 shows the one
    assert answer.get("blockedResponse") == ("no answer" if action != "NONE" else None)


def test_the_marked_parts_of_a_conversation_are_its_source_and_question(emulator):
    named = guardrail(emulator, contextualGroundingPolicyConfig=POLICY["contextualGroundingPolicyConfig"])
    content = [{"guardContent": text(SOURCE, "grounding_source")}, {"guardContent": text(QUERY, "query")}]
    for said, reason in (("Quartz has hardness seven.", "end_turn"), ("Volcanoes erupt.", "guardrail_intervened")):
        emulator.script(text=QUERY, reply=said)
        answer = emulator.client("bedrock-runtime").converse(
            modelId=NOVA,
            messages=[{"role": "user", "content": content}],
            guardrailConfig={**named, "trace": "enabled"},
        )
        assert answer["stopReason"] == reason
        (found,) = answer["trace"]["guardrail"]["outputAssessments"].values()
        assert len(found[0]["contextualGroundingPolicy"]["filters"]) == 2
        emulator.clear_rules()


def test_images_are_counted_where_content_is_filtered(emulator):
    image = {"image": {"format": "png", "source": {"bytes": b"png"}}}
    answer = applied(emulator, text("fine"), image, image)
    assert answer["usage"]["contentPolicyImageUnits"] == 2
    assert answer["guardrailCoverage"]["images"] == {"guarded": 2, "total": 2}
    words = guardrail(emulator, wordPolicyConfig=POLICY["wordPolicyConfig"])
    answer = emulator.client("bedrock-runtime").apply_guardrail(**words, content=[text("fine"), image], source="INPUT")
    assert answer["usage"]["contentPolicyImageUnits"] == 0
    assert answer["guardrailCoverage"]["images"] == {"guarded": 0, "total": 1}


def test_the_full_scope_shows_what_was_not_found(emulator):
    narrow = applied(emulator, text("write to a@b.org"))["assessments"][0]
    assert "topicPolicy" not in narrow
    answer = applied(emulator, text("write to a@b.org"), outputScope="FULL")
    found = answer["assessments"][0]
    assert found["topicPolicy"]["topics"] == [
        {"name": "Shares", "type": "DENY", "action": "NONE", "detected": False},
    ]
    assert found["contentPolicy"]["filters"] == [
        {"type": "HATE", "confidence": "NONE", "filterStrength": "HIGH", "action": "NONE", "detected": False},
    ]
    assert [it["detected"] for it in found["sensitiveInformationPolicy"]["piiEntities"]] == [True]
    assert "wordPolicy" not in found  # of words nothing is said, as documented
    assert answer["action"] == "GUARDRAIL_INTERVENED"


def test_automated_reasoning_proves_nothing_here(emulator):
    arn = "arn:aws:bedrock:us-east-1:123456789012:automated-reasoning-policy/abcdefghijkl:1"
    named = guardrail(emulator, automatedReasoningPolicyConfig={"policies": [arn]})
    answer = emulator.client("bedrock-runtime").apply_guardrail(**named, content=[text("fine")], source="OUTPUT")
    assert answer["action"] == "NONE"
    assert answer["assessments"][0]["automatedReasoningPolicy"]["findings"] == [{"noTranslations": {}}]
    assert (answer["usage"]["automatedReasoningPolicyUnits"], answer["usage"]["automatedReasoningPolicies"]) == (1, 1)


@pytest.mark.parametrize(("model", "more"), [("cohere.rerank-v3-5:0", {"api_version": 2}), ("amazon.rerank-v1:0", {})])
def test_rerank_models_put_documents_in_order(emulator, model, more):
    runtime = emulator.client("bedrock-runtime", region_name="us-west-2")
    documents = ["granite", {"text": "quartz and hardness"}, "quartz"]
    body = {"query": "hardness of quartz", "documents": documents, "top_n": 2, **more}
    answer = json.loads(runtime.invoke_model(modelId=model, body=json.dumps(body))["body"].read())
    assert [it["index"] for it in answer["results"]] == [1, 2]
    first, second = (it["relevance_score"] for it in answer["results"])
    assert 1 > first > second > 0
    for wrong in ({"query": "x"}, {"query": "x", "documents": [], **more}, {"documents": ["x"], **more}):
        with pytest.raises(ClientError, match="Malformed input request"):
            runtime.invoke_model(modelId=model, body=json.dumps(wrong))
    with pytest.raises(ClientError, match="doesn't support the Converse API"):
        runtime.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "x"}]}])
