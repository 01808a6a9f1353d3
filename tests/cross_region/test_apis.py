"""Which model speaks which API: what was seen, and nothing more."""

from __future__ import annotations

import json

import pytest

import outcrop
from outcrop.cli import main
from outcrop.cross_region.apis import APIS, Speaking, speaks


def rows(model=None, **options):
    return outcrop.profiles(
        model, **{"sources": ["us-east-1"], "catalogue": "snapshot", "region_name": "us-east-1", **options}
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("us.openai.gpt-5.5", ["no", "no", "yes"]),
        ("us.openai.gpt-6-sol", ["yes", "no", "yes"]),
        ("us.xai.grok-4.7", ["yes", "no", "unknown"]),
        ("us.anthropic.claude-sonnet-5", ["no", "yes", "unknown"]),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", ["no", "no", "unknown"]),
        ("us.amazon.nova-lite-v1:0", ["no", "no", "unknown"]),
    ],
)
def test_what_was_seen_is_told(model, expected):
    [row] = [row for row in rows(model) if row.id == model]
    assert [speaks(row, api) for api in APIS] == expected


def test_elsewhere_nobody_knows():
    [row] = rows("us-gov.xai.grok-4.6", sources=["us-gov-west-1"], region_name="us-gov-west-1", geographies="us-gov")
    assert {speaks(row, api) for api in APIS} == {"unknown"}
    with pytest.raises(ValueError, match="api must be one of chat, messages, responses, not 'embeddings'"):
        speaks(row, "embeddings")  # pyright: ignore[reportArgumentType]


def test_every_row_of_the_catalogue_has_one_of_three_answers():
    for row in rows():
        assert {speaks(row, api) for api in APIS} <= {"yes", "no", "unknown"}


def test_a_table_leaves_out_what_is_known_to_lack_it():
    found = Speaking(rows(), "responses")
    assert found.columns[-1] == "responses"
    assert {row["responses"] for row in found.to_dicts()} == {"yes", "unknown"}
    assert not any("gpt-oss-120b-1:0" in row.id for row in found)


def test_the_command_line_lists_them(capsys):
    options = ["--source", "us-east-1", "--catalogue", "snapshot", "--json"]
    assert main(["profiles", "--api", "responses", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"id": "us.openai.gpt-6-sol", "responses": "yes"}.items() <= next(
        row for row in found if row["id"] == "us.openai.gpt-6-sol"
    ).items()
