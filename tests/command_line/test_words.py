"""What is said to `outcrop`, and what it says to a slip."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop.cli import COMMANDS, main
from tests.support.waiting import PATIENCE

MODEL = "us.amazon.nova-lite-v1:0"


@pytest.mark.parametrize("words", [[], ["help"], ["monitor"], ["help", "monitor"], ["help", "plan"]])
def test_nothing_asked_is_help(outcrop, words):
    status, said, complaint = outcrop(*words)
    assert (status, complaint) == (0, "")
    assert said.startswith("usage: outcrop")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["emulater"], "outcrop: there is no command 'emulater'; did you mean emulator? there are: bench, call,"),
        (["plan", "m", "--soruce", "x"], "outcrop plan: unrecognized argument --soruce; did you mean --source?"),
        (["plan", "m", "--catalogue", "life"], "outcrop plan: there is no --catalogue 'life'; did you mean live?"),
        (["monitor", "reprot"], "outcrop monitor: there is no verb 'reprot'; did you mean report?"),
        (["emulator", "--port", "99999"], "outcrop emulator: argument --port: '99999' is no port: 0 to 65535"),
        (["plan", "m", "--source", "a,,b"], "argument --source/--region: 'a,,b' has nothing between two commas"),
        (["whoami", "--source", "us-east-1,us-west-2"], "--source takes one Region here, not us-east-1, us-west-2"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(outcrop, words, text):
    status, said, complaint = outcrop(*words)
    assert (status, said) == (2, "")
    assert text in complaint


@given(word=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda it: it not in COMMANDS))
def test_no_word_ends_in_a_traceback(word):
    if word in {"-h", "--help", "--version", "help"}:
        return
    with pytest.raises(SystemExit) as ended:
        main([word])
    assert ended.value.code == 2


def test_a_region_may_be_called_source_or_region_and_several_stand_in_one_word(outcrop):
    asked = ("plan", "amazon.nova-lite-v1:0", "--catalogue", "snapshot", "--geography", "us")
    several = outcrop(*asked, "--source", "us-east-1,us-west-2")
    assert several == outcrop(*asked, "--region", "us-east-1", "--region", "us-west-2")
    lines = [line.split("\t") for line in several[1].splitlines() if not line.startswith("#")]
    assert [line[0] for line in lines] == ["source Region", "us-east-1", "us-west-2"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--geography", "us", "--residency", "us"], 0),
        (["--geography", "us", "--geography", "global", "--residency", "us"], 1),
        (["--geography", "us", "--geography", "global", "--residency", "us", "--any"], 0),
        (["--geography", "global", "--residency", "us", "--any"], 1),
    ],
)
def test_a_plan_that_is_not_wholly_allowed_fails(outcrop, words, status):
    model = "anthropic.claude-haiku-4-5-20251001-v1:0"
    assert outcrop("plan", model, "--source", "us-east-1", "--catalogue", "snapshot", *words)[0] == status


def test_a_narrow_terminal_has_a_line_a_cell(outcrop, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    _, said, _ = outcrop("profiles", MODEL, "--source", "us-east-1", "--catalogue", "snapshot")
    assert re.search(rf"^id +{MODEL}$", said, re.MULTILINE)
    monkeypatch.setenv("COLUMNS", "200")
    _, said, _ = outcrop("profiles", MODEL, "--source", "us-east-1", "--catalogue", "snapshot")
    assert f"│ {MODEL} " in said


def run(shell, environment=None):
    command = ["bash", "-c", f'outcrop() {{ "{sys.executable}" -m outcrop "$@"; }}; {shell}']
    variables = {**os.environ, **(environment or {})}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


def test_a_reader_that_goes_away_is_no_error():
    done = run(
        "set -o pipefail; outcrop profiles --catalogue snapshot --source us-east-1 | head -1; echo ${PIPESTATUS[0]}"
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in {"0", "141"}


def test_a_terminal_without_our_characters_is_no_error():
    done = run(f"outcrop profiles {MODEL} --catalogue snapshot --source us-east-1", {"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


def test_the_emulator_as_json():
    command = [sys.executable, "-m", "outcrop", "emulator", "--json", "--region", "eu-west-1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0
    assert told["export"]["AWS_REGION"] == "eu-west-1"
    assert told["export"]["AWS_ENDPOINT_URL_BEDROCK"].startswith("http://127.0.0.1:")
    assert "AWS_PROFILE" in told["unset"]


@pytest.mark.parametrize("words", [["report"], ["where", "a" * 8], ["enable", "--dry-run"], ["alarms", "--dry-run"]])
def test_nobody_is_said_to_have_been_asked_where_nobody_was(outcrop, words):
    status, said, complaint = outcrop("monitor", *words)
    assert (status, said) == (2, "")
    name = f"outcrop monitor {words[0]}"
    assert complaint.splitlines()[0] == f"{name}: You must specify a region."
    assert "looked for a Region in environment" in complaint
    status, _, complaint = outcrop("monitor", *words, "--source", "us-east-1")
    assert (status, complaint.splitlines()[0].partition(" (")[0]) == (2, f"{name}: Unable to locate credentials")
    assert "AWS was asked" not in complaint


def test_what_nobody_knows_is_no_success(outcrop):
    status, _, complaint = outcrop("profiles", "nosuch", "--source", "us-east-1", "--catalogue", "snapshot")
    assert (status, complaint) == (1, "outcrop profiles: nothing is known that can be called so\n")


LINES = [
    ("outcrop em", "emulator"),
    ("outcrop monitor rep", "report"),
    ("outcrop plan m --catalogue l", "live"),
    ("outcrop completion z", "zsh"),
    ("outcrop call m plan --max", "--max-tokens"),  # a prompt's word is no command
    ("outcrop monitor report --file re", "report.json"),
]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("line", "word"), LINES)
def test_a_shell_completes(tmp_path, shell, line, word):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "report.json").touch()
    words = line.split()
    typed = " ".join(words)
    asked = {
        "bash": f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _outcrop; echo ${{COMPREPLY[@]}}",
        # zsh itself chooses what fits what was typed so far, and shows files.
        "zsh": f"words=({typed}); CURRENT={len(words)}; _outcrop",
        "fish": f"complete -C '{line}'",
    }
    before = {"zsh": "compdef() {}; compadd() { echo $known; [ $#known -gt 0 ]; }; _files() { ls; }"}
    script = tmp_path / "completion"
    script.write_text(run(f"outcrop completion {shell}").stdout)
    told = subprocess.run(
        [shell, "-c", f"{before.get(shell, ':')}\n. ./completion\n{asked[shell]}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stderr == ""
    found = [each.partition("\t")[0] for each in told.stdout.split("\n")]
    if shell == "zsh":
        found = told.stdout.split()
        assert word in found
    else:
        assert found[:1] == [word]
