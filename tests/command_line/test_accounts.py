"""Sources of several accounts on the command line: a Region, and a profile of the AWS files."""

from __future__ import annotations

import json

import pytest

from outcrop.cli import main
from tests.cross_region.accounts import ONE, TWO, Accounts, key_of

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
NEXT = "amazon.nova-lite-v1:0"
BOTH = ("--source", "us-east-1=team-a,us-east-1=team-b")
PROFILE = """
[profile {name}]
endpoint_url = {url}
aws_access_key_id = {key}
aws_secret_access_key = {secret}
"""


@pytest.fixture
def accounts():
    with Accounts() as accounts:
        yield accounts


@pytest.fixture(autouse=True)
def files(accounts, tmp_path, monkeypatch):
    """A profile for each account, with its endpoint, and nothing else that calls could be made with."""
    config = tmp_path / "config"
    config.write_text(
        "".join(
            PROFILE.format(
                name=name, url=accounts[account].endpoint_url, key=key_of(account), secret=f"secret-of-{account}"
            )
            for name, account in (("team-a", ONE), ("team-b", TWO))
        )
    )
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))


@pytest.fixture
def outcrop(outcrop):
    """The same, and no secret is in what it says."""

    def call(*words):
        status, out, err = outcrop(*words)
        assert "secret-of" not in out + err
        assert not any(key_of(name) in out + err for name in (ONE, TWO))
        return status, out, err

    return call


def test_a_plan_of_two_accounts_names_both(outcrop, accounts):
    status, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--next", NEXT, "--residency", "us")
    lines = [line.split("\t") for line in said.splitlines() if not line.startswith("#")]
    assert status == 0
    assert lines[0][:4] == ["source Region", "account", "model", "model id"]
    assert [line[:4] for line in lines[1:]] == [
        ["us-east-1", ONE, "1st", f"us.{MODEL}"],
        ["us-east-1", TWO, "1st", f"us.{MODEL}"],
        ["us-east-1", ONE, "2nd", f"us.{NEXT}"],
        ["us-east-1", TWO, "2nd", f"us.{NEXT}"],
    ]
    assert f"# accounts: {ONE} is profile team-a, {TWO} is profile team-b" in said.splitlines()
    for name in (ONE, TWO):
        assert {entry.principal for entry in accounts[name].journal} == {key_of(name)}


def test_nobody_is_asked_who_it_is_where_the_bundled_facts_serve(outcrop, accounts):
    status, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--catalogue", "snapshot", "--json")
    rows = json.loads(said)
    assert status == 0
    assert [(row["account"], row["rank"], row["model"]) for row in rows] == [
        ("profile team-a", 1, MODEL),
        ("profile team-b", 1, MODEL),
    ]
    assert accounts.sent() == []
    assert not any(len(emulator.journal) for emulator in accounts.emulators.values())


def test_retention_of_each_account_is_a_condition_of_its_own(outcrop, accounts):
    accounts[TWO].client("bedrock", region_name="us-east-1").put_account_data_retention(mode="none")
    status, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--retention", "none", "--json")
    assert status == 1
    assert [(row["account"], row["allowed"], row["retention"]) for row in json.loads(said)] == [
        (ONE, False, None),
        (TWO, True, "none"),
    ]
    _, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--retention", "none")
    [heading, *rows] = [line.split("\t") for line in said.splitlines() if not line.startswith("#")]
    at = heading.index("data retention")
    assert [row[at] for row in rows] == ["unknown", "none"]
    [note] = [line for line in said.splitlines() if line.startswith("# data retention: ")]
    assert note.endswith("us-east-1 (profile team-b) none (account)")


def test_projects_are_each_account_s_own(outcrop, accounts):
    projects = {
        name: accounts[account].client("bedrock", region_name="us-east-1").create_project(name="rocks")["id"]
        for name, account in (("team-a", ONE), ("team-b", TWO))
    }
    words = [f"us-east-1={name}={project}" for name, project in projects.items()]
    status, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--project", ",".join(words))
    [heading, *rows] = [line.split("\t") for line in said.splitlines() if not line.startswith("#")]
    assert status == 0
    assert [row[heading.index("project")] for row in rows] == list(projects.values())
    status, said, _ = outcrop("plan", MODEL, *BOTH, "--geography", "us", "--project", words[0], "--json")
    assert status == 1
    assert [(row["allowed"], row["project"]) for row in json.loads(said)] == [(True, projects["team-a"]), (False, None)]
    for plain in (["--source", "us-east-1"], ["--region", "us-east-1=team-a"]):
        asked = ["--project", f"us-east-1={projects['team-a']}", "--catalogue", "snapshot", "--json"]
        [row] = json.loads(outcrop("plan", f"us.{MODEL}", *plain, *asked)[1])
        assert row["project"] == projects["team-a"]


def test_one_profile_in_two_regions_is_one_account(outcrop, accounts):
    words = ("--source", "us-east-1=team-a", "--source", "us-west-2=team-a", "--geography", "us")
    _, said, _ = outcrop("plan", MODEL, *words)
    assert "account" not in said.splitlines()[0].split("\t")
    assert f"# account: {ONE}" in said.splitlines()


def test_a_call_and_a_list_have_the_account_of_their_source(outcrop, accounts):
    status, said, told = outcrop("call", f"us.{NEXT}", "A rock?", "--source", "us-west-2=team-b", "--usage")
    assert (status, bool(said)) == (0, True)
    assert "by us-west-2" in told
    assert accounts.sent() == [(TWO, "us-west-2")]
    accounts[ONE].fault("throttling")
    assert outcrop("call", NEXT, "A rock?", *BOTH, "--geography", "us")[0] == 0
    assert [name for name, _ in accounts.sent()] == [ONE, TWO, TWO]
    rows = json.loads(outcrop("profiles", NEXT, *BOTH, "--geography", "us", "--json")[1])
    assert [(row["account"], row["id"]) for row in rows] == [(ONE, f"us.{NEXT}"), (TWO, f"us.{NEXT}")]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["plan", MODEL, "--source", "us-east-1="], "--source is a Region, or a Region and a profile of the AWS files"),
        (["profiles", MODEL, "--source", "=team-a"], "as in us-east-1=team-a, not '=team-a'"),
        (["plan", MODEL, "--source", "us-east-1=team-c"], "did you mean team-b? there are: team-a, team-b"),
        (["plan", MODEL, "--source", "us-east-1=nosuch"], "none is like it, there are: team-a, team-b"),
        (["call", MODEL, "hi", "--profile", "teem-b", "--source", "us-east-1"], "did you mean team-b?"),
        (["plan", MODEL, *BOTH, "--project", "proj_x"], "is a source Region and its project, as in us-east-1=proj_…"),
        (["plan", MODEL, *BOTH, "--project", "us-west-2=proj_x"], "'us-west-2', which is not among the sources: us-"),
        (["plan", MODEL, *BOTH, "--project", "us-east-1=proj_x"], "say whose it is, as in us-east-1=team-b=proj_x"),
        (["whoami", "--source", "us-east-1=team-a", "--profile", "team-b"], "names the profile team-a, and --profile"),
        (["jobs", "list", "--source", "us-east-1=team-a"], "say --source us-east-1 --profile team-a"),
        (["monitor", "report", "--source", "us-east-1=team-a"], "--source takes Regions alone here, not"),
        (["emulator", "--source", "us-east-1=team-a"], "--source is one Region here, not 'us-east-1=team-a'"),
        (["emulator", "--source", "us east"], "--source is one Region here, not 'us east'"),
    ],
)
def test_a_slip_is_answered_with_the_way_out(outcrop, words, text):
    status, said, complaint = outcrop(*words)
    assert (status, said) == (2, "")
    assert text in complaint


def test_profiles_are_known_however_their_files_are(outcrop, tmp_path, monkeypatch):
    words = ("plan", MODEL, "--source", "us-east-1=nosuch")
    (tmp_path / "config").write_text("[default]\n[profile 'two words']\n[profile]\n[sso-session x]\n")
    (tmp_path / "none").write_text("[of keys]\n")
    assert "there are: default, two words, of keys" in outcrop(*words)[2]
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "nowhere"))
    assert f"there is no profile in {tmp_path / 'nowhere'}" in outcrop(*words)[2]


def test_who_one_is_may_be_asked_of_a_source(capsys):
    assert main(["whoami", "--source", "us-west-2=team-a"]) == 0
    said = capsys.readouterr().out
    assert "team-a" in said
    assert "bedrock-runtime.us-west-2" in said or "127.0.0.1" in said
