from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._model_ids import PROVIDERS
from outcrop.langchain.identity import identify
from tests.langchain import refresh_profiles

KNOWN = json.loads(refresh_profiles.TARGET.read_text())["profiles"]


@pytest.mark.parametrize(
    ("model_id", "geography", "provider", "base"),
    [
        ("anthropic.claude-3-haiku-20240307-v1:0", None, "anthropic", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us.anthropic.claude-sonnet-5", "us", "anthropic", "anthropic.claude-sonnet-5"),
        ("in.anthropic.claude-sonnet-5", "in", "anthropic", "anthropic.claude-sonnet-5"),
        ("ca.amazon.nova-lite-v1:0", "ca", "amazon", "amazon.nova-lite-v1:0"),
        ("us-gov.amazon.nova-lite-v1:0", "us-gov", "amazon", "amazon.nova-lite-v1:0"),
        ("global.openai.gpt-6.1-sol", "global", "openai", "openai.gpt-6.1-sol"),
        ("openai.gpt-6.1-sol", None, "openai", "openai.gpt-6.1-sol"),
        ("deepseek.v3.2", None, "deepseek", "deepseek.v3.2"),
        ("newco.v3.2", None, "newco", "newco.v3.2"),
        ("us.newco.model-1", "us", "newco", "newco.model-1"),
        ("foo", None, None, "foo"),
    ],
)
def test_an_id_is_read_by_its_structure(model_id, geography, provider, base):
    assert identify(model_id)[:3] == (geography, provider, base)


@pytest.mark.parametrize(
    ("arn", "provider", "base", "opaque"),
    [
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "amazon", "amazon.nova-pro-v1:0", False),
        ("arn:aws:bedrock:::foundation-model/xai.grok-4.7", "xai", "xai.grok-4.7", False),
        ("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.meta.llama4", "meta", "meta.llama4", False),
        ("arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.amazon.x-1", "amazon", "amazon.x-1", False),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", None, None, True),
        ("arn:aws:bedrock:us-east-1:1:provisioned-model/abc", None, None, False),
        ("arn:aws:bedrock:us-east-1:1:imported-model/abc", None, None, False),
        (
            "arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0/ab12",
            "amazon",
            "amazon.nova-lite-v1:0",
            False,
        ),
        ("arn:aws:sagemaker:us-west-2::endpoint/x", None, None, False),
    ],
)
def test_an_arn_is_read_by_its_kind(arn, provider, base, opaque):
    assert identify(arn)[1:] == (provider, base, opaque)


GEOGRAPHIES = st.from_regex(r"[a-z]{2,6}(-gov)?", fullmatch=True).filter(lambda g: g not in PROVIDERS)
BASES = st.sampled_from(sorted(k for k in KNOWN if identify(k).geography is None))


@given(GEOGRAPHIES, BASES)
def test_a_geography_that_nobody_has_heard_of_changes_nothing(geography, base):
    read = identify(f"{geography}.{base}")
    assert (read.geography, read.base_model_id) == (geography, base)
    assert read.provider == identify(base).provider


def test_every_published_model_is_found_under_any_geography():
    published = refresh_profiles.published()
    for model_id in published:
        base = identify(model_id).base_model_id
        assert base in KNOWN, model_id


def test_the_profile_data_is_what_the_refresh_makes_of_its_release():
    from importlib.metadata import version

    source = json.loads(Path(refresh_profiles.TARGET).read_text())["source"]
    assert source["version"] == version("langchain-aws"), "refresh_profiles.py has not been run for this release"
    made = refresh_profiles.rendered(refresh_profiles.condensed(refresh_profiles.published()), source["version"])
    assert made == refresh_profiles.TARGET.read_text()
