"""Comparing targets: turns, errors apart from timings, and no paid call unasked."""

from __future__ import annotations

import json
import random

import pytest

import outcrop
from outcrop import exceptions
from outcrop.cli import main
from outcrop.cross_region._measured import confidence

from .conftest import MODEL, ON_DEMAND

SOURCES = ["us-east-1", "us-west-2"]


@pytest.fixture
def options(emulator):
    return {"sources": SOURCES, "geographies": ["us"], "catalogue": "snapshot", **emulator.connection}


def asked(bedrock):
    return [entry for entry in bedrock.journal if entry.service == "bedrock-runtime"]


def test_it_says_what_it_would_cost_and_asks(emulator, options):
    message = r"22 calls of 2 targets, about \d+ tokens in and at most 4400 tokens out: say yes=True"
    with pytest.raises(PermissionError, match=message):
        outcrop.benchmark(MODEL, **options)
    assert not asked(emulator)


def test_targets_take_turns_and_warm_up(emulator, options):
    found = outcrop.benchmark(MODEL, calls=4, warm_up=2, max_tokens=50, yes=True, **options)
    assert [row.calls for row in found] == [4, 4]
    assert all(len(row.first_token) == len(row.last_token) == 4 for row in found)
    assert all(first < last for row in found for first, last in zip(row.first_token, row.last_token, strict=True))
    regions = [entry.region for entry in asked(emulator)]
    assert len(regions) == 12
    # Each round asks every target once.
    assert all(sorted(regions[at : at + 2]) == SOURCES for at in range(0, 12, 2))
    assert asked(emulator)[0].request["inferenceConfig"] == {"maxTokens": 50}


def test_errors_are_no_timings(emulator, options):
    emulator.fault("throttling", region="us-west-2")
    well, throttled = outcrop.benchmark(MODEL, calls=3, yes=True, **options)
    assert (len(well.first_token), well.errors) == (3, {})
    assert (throttled.first_token, dict(throttled.errors), throttled.calls) == ([], {"ThrottlingException": 3}, 3)


def test_residency_holds_here_too(emulator, options):
    with pytest.raises(exceptions.NoTargetError):
        outcrop.benchmark(MODEL, residency="eu", yes=True, **options)
    assert not asked(emulator)


def test_a_rule_is_asked_for_each_call(emulator, options):
    """It changes its mind while calls are made; what it refuses is not sent, and is an error of that target's."""
    permitted = {"us-east-1", "us-east-2", "us-west-2"}

    def rule(region):
        if len(asked(emulator)) >= 3:
            permitted.clear()
        return region in permitted

    found = outcrop.benchmark(MODEL, residency=rule, calls=4, warm_up=0, yes=True, **options)
    assert len(asked(emulator)) == 3
    assert sum(len(row.first_token) for row in found) == 3
    assert sum(row.errors["NoTargetError"] for row in found) == 5
    assert [row.calls for row in found] == [4, 4]


def test_nothing_is_repeated_nor_taken_from_a_cache(emulator, options):
    emulator.fault("throttling", region="us-west-2")
    settings = {**options, "retries": {"max_attempts": 4}, "cache": outcrop.Cache(when="always")}
    outcrop.benchmark(MODEL, calls=7, warm_up=0, yes=True, **settings)
    assert len(asked(emulator)) == 14


@pytest.mark.parametrize("model", [ON_DEMAND, f"us.{MODEL}"])
def test_what_was_named_is_what_is_sent(emulator, options, model):
    del options["geographies"]
    found = outcrop.benchmark(model, calls=1, warm_up=0, yes=True, **options)
    assert {row.model_id for row in found} == {model}
    assert {entry.model_id for entry in asked(emulator)} == {model}


def test_it_shows_and_draws_itself(emulator, options, tmp_path):
    emulator.fault("throttling", region="us-west-2", operation="ConverseStream", times=2)
    found = outcrop.benchmark(MODEL, calls=3, warm_up=0, yes=True, **options)
    assert "us-east-1" in str(found)
    assert "of fewer than 6 calls the interval is their range" in str(found)
    assert found.to_dicts()[0]["first_token"]["low"] <= found.to_dicts()[0]["first_token"]["median"]
    figure = found.plot()
    first, last, speed = figure.axes
    titles = ["seconds to the first token", "seconds to the last token", "tokens a second"]
    assert [axes.get_title() for axes in (first, last, speed)] == titles
    _, throttled = (label.get_text() for label in first.get_yticklabels())
    assert throttled == f"us.{MODEL}\nfrom us-west-2: 2 of 3 failed"
    # Dots, an interval and a median for each target; what was throttled is no dot.
    dots = [line for line in last.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in dots] == [3, 1]
    picture = tmp_path / "times.svg"
    figure.savefig(picture)
    assert "</svg>" in picture.read_text()


def test_the_interval_comes_from_the_order():
    assert confidence([]) is None
    interval = confidence([float(value) for value in range(100)])
    assert (interval.median, interval.low, interval.high) == (49.5, 39.0, 60.0)
    assert confidence([3.0]).low == confidence([3.0]).high == 3.0
    six = confidence([6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    assert (six.median, six.low, six.high) == (3.5, 1.0, 6.0)
    nine = confidence([float(value) for value in range(9)])
    assert (nine.median, nine.low, nine.high) == (4.0, 1.0, 7.0)


@pytest.mark.parametrize("count", [6, 7, 20, 61])
def test_the_interval_holds_the_median_as_often_as_it_says(count):
    chance = random.Random(count)
    held = 0
    for _ in range(2000):
        interval = confidence([chance.random() ** 3 for _ in range(count)])
        held += interval.low <= 0.5**3 <= interval.high
    # At least 95 % of 2,000, give or take what chance makes of it.
    assert held >= 1900 - 40


def test_the_command_line_asks_for_yes(emulator, options, capsys, monkeypatch, tmp_path):
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    words = ["bench", MODEL, "--source", "us-east-1", "--geography", "us", "--calls", "2", "--catalogue", "snapshot"]
    assert main(words) == 1
    assert "3 calls of 1 targets" in capsys.readouterr().err
    assert not asked(emulator)
    assert main([*words, "--yes", "--json", "--picture", str(tmp_path / "times.png")]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["error_rate"] == 0
    assert (tmp_path / "times.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("name", "value"), [("calls", 0), ("warm_up", -1), ("max_tokens", 1.5)])
def test_arguments_that_cannot_be_are_refused(options, name, value):
    with pytest.raises((ValueError, TypeError), match=f"{name} must be "):
        outcrop.benchmark(MODEL, **{name: value}, **options)
