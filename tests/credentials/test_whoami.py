"""`outcrop whoami`, `session.whoami()`, and the notes of errors: where was looked, and what came from where."""

from __future__ import annotations

import json

import pytest

import outcrop
from outcrop import cli, exceptions
from tests.support.server import Answer, Server

from .conftest import KEYS, ROLE

IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::1:user/geologist</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


@pytest.fixture
def configure(files, monkeypatch):
    def write(config, **variables):
        files(config)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return write


def test_each_part_has_its_place(files, environment_without_aws, monkeypatch):
    files("[profile mine]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:7000\n")
    (environment_without_aws / "credentials").write_text(
        "[mine]\naws_access_key_id = AKIDMINE\naws_secret_access_key = hidden\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "mine")
    lines = {line.name: tuple(line)[1:] for line in outcrop.Session().whoami()}
    assert lines["profile"] == ("mine", "variable AWS_PROFILE")
    assert lines["region"] == ("eu-west-1", 'region of profile "mine"')
    assert lines["endpoint"] == ("http://127.0.0.1:7000", 'endpoint_url of profile "mine"')
    assert lines["credentials"] == ("AKIDMINE", "shared-credentials-file")
    assert "hidden" not in str(lines)


@pytest.mark.parametrize(
    ("variables", "profile", "retries", "expected"),
    [
        ({}, "", None, [("standard", "default"), ("3", "default")]),
        ({"AWS_RETRY_MODE": "adaptive"}, "", None, [("adaptive", "variable AWS_RETRY_MODE"), ("3", "default")]),
        ({}, "retry_mode = legacy\nmax_attempts = 7", None,
         [("standard", 'retry_mode of profile "default"'), ("7", 'max_attempts of profile "default"')]),
        ({"AWS_MAX_ATTEMPTS": "5", "AWS_RETRY_MODE": "adaptive"}, "", {"mode": "standard", "max_attempts": 1},
         [("standard", "argument retries"), ("1", "argument retries")]),
    ],
)  # fmt: skip
def test_how_calls_are_repeated_has_its_place(variables, profile, retries, expected, configure):
    configure(f"[default]\n{profile}\n", **variables)
    session = outcrop.Session(region_name="us-east-1", retries=retries, credentials=lambda: None)
    lines = {line.name: tuple(line)[1:] for line in session.whoami()}
    assert [lines["retry mode"], lines["attempts"]] == expected


def test_a_function_is_not_asked_and_nothing_is_fetched():
    def unasked():
        raise AssertionError

    lines = outcrop.Session(region_name="us-east-1", credentials=unasked).whoami()
    assert lines[-1] == ("credentials", "a function", "argument credentials")


def test_the_command_line_asks_sts_on_request(monkeypatch, capsys):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    with Server(Answer(200, {"Content-Type": "text/xml"}, IDENTITY)) as sts:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        assert cli.main(["whoami", "--region", "us-east-1"]) == 0
        assert not sts.requests
        assert cli.main(["whoami", "--region", "us-east-1", "--principal", "--json"]) == 0
    table, _, told = capsys.readouterr().out.partition("[\n")
    assert "AKIDENV" in table
    assert "env" in table
    assert "hidden" not in table + told
    assert json.loads("[" + told)[-1] == {"name": "principal", "value": "arn:aws:iam::1:user/geologist", "place": "STS"}


def test_no_credentials_have_notes_of_where_was_looked(bedrock, capsys):
    with pytest.raises(exceptions.NoCredentialsError) as caught:
        outcrop.client("bedrock-runtime", region_name="us-east-1", endpoint_url=bedrock.url).converse(modelId="m")
    notes = "\n".join(caught.value.__notes__)
    order = [
        "AWS_ACCESS_KEY_ID is not set",
        'profile "default"',
        "no variable names a URL",
        "AWS_EC2_METADATA_DISABLED",
    ]
    places = [notes.index(each) for each in order]
    assert places == sorted(places)
    assert cli.main(["whoami", "--region", "us-east-1"]) == 2
    told = capsys.readouterr()
    assert "AWS_ACCESS_KEY_ID is not set" in told.err
    assert "credentials file" in told.out
    assert "\ncredentials  " not in told.out


def test_a_role_that_needs_a_code_says_the_way_round_without_a_terminal(files, bedrock):
    """Under pytest there is a terminal perhaps, so a process without one is asked."""
    import subprocess
    import sys

    files(
        f"[profile r]\nrole_arn = {ROLE}\nsource_profile = r\nmfa_serial = arn:aws:iam::1:mfa/me\n"
        "aws_access_key_id = A\naws_secret_access_key = s\n"
    )
    code = (
        "import outcrop\n"
        "here = {'region_name': 'us-east-1', 'profile_name': 'r'}\n"
        f"client = outcrop.client('bedrock-runtime', endpoint_url={bedrock.url!r}, **here)\n"
        "try: client.converse(modelId='m')\n"
        "except outcrop.exceptions.CredentialRetrievalError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, start_new_session=True, check=True
    )
    assert "there is no terminal to ask for it on" in done.stdout
    assert not bedrock.requests


def test_keys_as_arguments_make_the_files_credentials_unnecessary(files, bedrock):
    """Nothing is run and nobody is asked."""
    files("[default]\ncredential_process = /bin/false\n")
    outcrop.client("bedrock-runtime", endpoint_url=bedrock.url, **KEYS).converse(modelId="m")
    assert bedrock.take().header("authorization").startswith("AWS4-HMAC-SHA256 Credential=AKIDUSER/")
