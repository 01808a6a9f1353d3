"""Every command of `outcrop`, by walking its parser: help, vocabulary, suggestions, statuses, JSON, no traceback."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcrop.cli import _parser, made_parser, main
from outcrop.emulator import Emulator
from tests.support.moto import moto_server


def walk(parser, path=()):
    yield path, parser
    for name, verb in parser.verbs.items():
        yield from walk(verb, (*path, name))


ALL = dict(walk(made_parser()[0]))
LEAVES = {path: parser for path, parser in ALL.items() if not parser.verbs}
MODEL = "us.amazon.nova-lite-v1:0"


def said(*words):
    """The exit status, what was printed, what was complained of; whatever else comes out is the test's failure."""
    out, complaint = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaint):
        try:
            status = main(words)
        except SystemExit as ended:
            status = ended.code
    return status, out.getvalue(), complaint.getvalue()


def test_every_command_is_walked():
    names = [" ".join(path) for path in LEAVES]
    assert names == [
        "bench", "call", "completion", "emulator", "jobs list", "jobs watch", "jobs results", "jobs stop",
        "monitor enable", "monitor disable", "monitor metric", "monitor report", "monitor where", "monitor dashboard",
        "monitor alarms", "plan", "profiles", "whoami",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [60, 120])
@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_each_explains_itself_in_the_width_that_there_is(monkeypatch, path, width):
    monkeypatch.setenv("COLUMNS", str(width))
    status, help_, complaint = said(*path, "--help")
    assert (status, complaint) == (0, "")
    assert help_.startswith(f"usage: {' '.join(('outcrop', *path))} ")
    assert "exit status: 0 it is done; 1 the answer is no" in help_
    assert max(map(len, help_.splitlines())) <= width
    assert help_.count("\n\n") >= 3, "there is no description"


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_each_option_says_what_it_is_for(path):
    for name, text in ALL[path].options.items():
        assert name in {"-h", "--help"} or len(re.findall(r"[A-Za-z]+", text.replace("%(default)s", ""))) >= 2, name


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_one_vocabulary(path):
    options = set(LEAVES[path].options)
    assert "--json" in options
    for alias in ({"--source", "--region"}, {"--plot", "--picture"}):
        assert not options & alias or alias <= options
    assert "--source" in options or path == ("completion",)


@given(data=st.data())
def test_a_slip_of_an_option_is_answered_with_the_option(data):
    path = data.draw(st.sampled_from(sorted(LEAVES)))
    options = sorted(name for name in LEAVES[path].options if len(name) > 5)
    name = data.draw(st.sampled_from(options))
    at = data.draw(st.integers(2, len(name) - 2))
    slip = data.draw(
        st.sampled_from([name[:at] + name[at + 1 :], name[:at] + name[at + 1] + name[at] + name[at + 2 :], f"{name}s"])
    )
    if slip in LEAVES[path].options or slip == "--":
        return
    # What is wanted of the command comes first, so that the slip is the only fault.
    status, out, complaint = said(*path, *["x"] * wanted(path), slip)
    assert (status, out) == (2, "")
    first = complaint.splitlines()[0]
    assert first.startswith(f"{' '.join(('outcrop', *path))}: unrecognized argument {slip}; did you mean --")
    [meant] = re.findall(r"did you mean (--[\w-]+)\?", first)
    assert meant in options


@given(data=st.data())
def test_a_slip_of_a_command_is_answered_with_the_command(data):
    path = data.draw(st.sampled_from(sorted(path for path in ALL if path)))
    *before, name = path
    at = data.draw(st.integers(0, len(name) - 2))
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if slip != name:
        status, out, complaint = said(*before, slip)
        assert (status, out) == (2, "")
        assert f"{slip!r}; did you mean {name}? there are: " in complaint


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_an_option_before_its_command_is_told_where_it_stands(path):
    option = next(name for name in sorted(LEAVES[path].options) if name.startswith("--") and name != "--help")
    status, _, complaint = said(*path[:-1], option, path[-1], *["x"] * wanted(path))
    assert status == 2
    assert re.search(rf"unrecognized argument {option}; it stands after the ({path[-1]}|command)\n", complaint)


def wanted(path):
    """How many words the command cannot do without."""
    named = {"bench": 1, "call": 2, "jobs watch": 1, "jobs results": 1, "jobs stop": 1, "monitor where": 1, "plan": 1}
    return named.get(" ".join(path), 0)


def test_what_it_was_made_of_is_told_to_other_shells():
    status, out, _ = said("completion", "--json")
    found = json.loads(out)
    assert status == 0
    assert set(found) == {" ".join(path) for path in ALL}
    assert found["plan"]["options"]["--catalogue"]["choices"] == ["auto", "live", "snapshot"]
    assert found["completion"]["words"] == ["bash", "zsh", "fish"]


# -- what no word may do ----------------------------------------------------------------------------------------------

ODD = [
    "",
    " ",
    "x",
    "-1",
    "0",
    "nan",
    "inf",
    "1e999",
    "9" * 30,
    "a,b",
    ",",
    "=",
    "a=b",
    "é",
    "\ud800",
    "\x00",
    "\u2013",
    "{}",
]
PATHS = ["/nowhere/at/all", "/", ".", "", "x\x00y", "kept.json", "odd.json", "chart.nosuch", "-"]
ENDPOINTS = ["", "x", "http://", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://a:b@127.0.0.1:1", "http://[::1"]
FITTING = {
    "--source": ["us-east-1", "us-east-1,us-west-2", "us-east1", "US-EAST-1"],
    "--region": ["eu-west-1", "nowhere"],
    "--geography": ["us", "direct", "global", "usa"],
    "--residency": ["us", "EU", "us-east-1"],
    "--since": ["1h", "yesterday", "2026-01-01T00:00:00Z", "9999-12-31", "-5m"],
    "--until": ["now", "1h", "0001-01-01T00:00:00+23:59"],
    "--every": ["5m", "0s", "-1m"],
    "--service-url": ["logs=x", "nosuch=http://127.0.0.1:1"],
    "--quota": [f"{MODEL}=5", "x=nan", "x=-1"],
    "--variant": ["calls", "outside"],
    "--data": ["text"],
    "--iam": ["123456789012"],
    "--tag": ["team=data"],
}
# Waiting, paying and listening are tried elsewhere, with words that end.
PASSED_OVER = {"--wait", "--yes", "--calls", "--warm-up", "-h", "--help", "--region"}


@st.composite
def lines(draw):
    """A command, what it needs, and options of it with values that fit, nearly fit, or are anything."""
    path = draw(st.sampled_from(sorted(LEAVES)))
    parser = LEAVES[path]
    found = [*path]
    needed = st.sampled_from([MODEL, "amazon.nova-lite-v1:0", "nosuch", "arn:aws:bedrock:x", *ODD])
    found += draw(st.lists(needed, min_size=wanted(path), max_size=wanted(path)))
    flags = {flag for action in parser._actions if action.nargs == 0 for flag in action.option_strings}
    for option in draw(st.lists(st.sampled_from(sorted(set(parser.options) - PASSED_OVER)), max_size=4)):
        found.append(option)
        if option in flags and draw(st.integers(0, 9)):
            continue
        if option in {"--endpoint-url", "--logs-endpoint-url"}:
            values = ENDPOINTS
        elif option in parser.files:
            values = PATHS
        else:
            values = [*parser.choices.get(option, []), *FITTING.get(option, []), *ODD]
        fitting = [*parser.choices.get(option, []), *FITTING.get(option, [])] or values
        found.append(draw(st.sampled_from(fitting) | st.sampled_from(fitting) | st.sampled_from(values)))
    return found + draw(st.sampled_from([[]] * 9 + [["more"]]))


@pytest.fixture(scope="module")
def stand_ins(tmp_path_factory):
    """A folder of the test's own, and the environment in which all of AWS is on loopback."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "kept.json").write_text('{"a": 1}\n')
    (folder / "odd.json").write_text('[null, "x", {"us-east-1": 5}]')

    with moto_server() as moto, Emulator() as bedrock:
        yield folder, {**bedrock.environment, "AWS_ENDPOINT_URL": moto, "AWS_MAX_ATTEMPTS": "1"}


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines())
def test_no_line_ends_in_a_traceback(stand_ins, line):
    folder, environment = stand_ins
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr("outcrop.cli.emulator.threading.Event", mock.MagicMock)  # it never waits
        patch.chdir(folder)
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Name a rock.\n")))
        status, out, complaint = said(*line)
    assert status in {0, 1, 2}, line
    assert "Traceback" not in out + complaint
    if status == 2:
        assert complaint.startswith("outcrop"), line
        assert out == "", line
    for raw in ("object has no attribute", "is not subscriptable", "codec can't", "while processing", "C long"):
        assert raw not in complaint, line
    if status == 0 and "--json" in line[1:] and not {"--policy", "--help"} & set(line):
        assert out == "" or json.loads(out) is not None, line


def test_the_epilogue_names_what_main_gives_back():
    assert re.findall(r"\b(\d+) ", _parser.STATUS) == ["0", "1", "2", "130", "141"]
