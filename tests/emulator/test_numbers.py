"""Each number that the emulator is given is checked where it is given, by its name."""

from __future__ import annotations

from math import inf, nan

import pytest

from outcrop.emulator import Emulator

COUNTS = {
    "port": lambda _, value: Emulator(port=value),
    "reply_tokens": lambda _, value: Emulator(reply_tokens=value),
    "journal_entries": lambda _, value: Emulator(journal_entries=value),
    "journal_bytes": lambda _, value: Emulator(journal_bytes=value),
    "answers' reply_tokens": lambda emulator, value: emulator.answer_with(reply_tokens=value),
    "times": lambda emulator, value: emulator.fault("throttling", times=value),
    "after_events": lambda emulator, value: emulator.fault("reset", after_events=value),
    "byte_count": lambda emulator, value: emulator.fault("truncate", byte_count=value),
    "requests": lambda emulator, value: emulator.regions["us-east-1"].capacity(requests=value),
    "tokens": lambda emulator, value: emulator.regions["us-east-1"].quota(tokens=value),
}
SPANS = {
    "rerouting_latency": lambda _, value: Emulator(rerouting_latency=value),
    "seconds": lambda emulator, value: emulator.fault("latency", seconds=value),
    "delay": lambda emulator, value: emulator.script(reply="Gneiss.", delay=value),
    "the step of the clock": lambda emulator, value: emulator.clock.advance(value),
    "latency": lambda emulator, value: setattr(emulator.regions["us-east-1"], "latency", value),
    "timeout": lambda emulator, value: emulator.journal.settle(value),
}


@pytest.mark.parametrize("value", [-1, 2**70, 1.5, nan, "3", True], ids=repr)
@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_checked_by_its_name(emulator, name, value):
    word = name.rpartition(" ")[2]
    with pytest.raises((TypeError, ValueError), match=rf"^{word} must be (an int, not |[-\d,]+ or |at least 1, got )"):
        COUNTS[name](emulator, value)


@pytest.mark.parametrize("value", [-0.1, 1e30, 2**70, nan, inf, "3", True], ids=repr)
@pytest.mark.parametrize("name", SPANS)
def test_a_time_is_checked_by_its_name(emulator, name, value):
    with pytest.raises((TypeError, ValueError), match=rf"^{name} must be a number of seconds(, not | that is not neg)"):
        SPANS[name](emulator, value)


@pytest.mark.parametrize("name", ["region", "model", "operation", "text", "code", "message"])
def test_a_word_is_checked_by_its_name(emulator, name):
    options = {"code": "ModelTimeoutException", name: 5}
    with pytest.raises(TypeError, match=f"^{name} must be a str, not int"):
        emulator.fault("error", **options)
