"""A script that is kept to, as tests of users' own code have it."""

from __future__ import annotations

import textwrap

import pytest

pytest_plugins = ["pytester"]

APP = """
import boto3
import pytest

import outcrop


def ask(question, make=boto3.client):
    client = make("bedrock-runtime")
    messages = [{"role": "user", "content": [{"text": question}]}]
    return client.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
"""


@pytest.fixture
def run(pytester, monkeypatch):
    def made(body):
        pytester.makepyfile(APP + textwrap.dedent(body))
        pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")

    return made


def test_answers_come_in_their_order_to_any_client(run):
    run("""
        @pytest.mark.parametrize("make", [boto3.client, outcrop.client])
        def test_it(bedrock_script, make):
            first = bedrock_script.reply("Igneous.")
            bedrock_script.reply({"toolUse": {"name": "look", "input": {}}})
            bedrock_script.reply("Cut", stop_reason="max_tokens")
            bedrock_script.reply(error="ModelTimeoutException", text="four")
            texts = [ask(word, make) for word in ("one", "two", "three")]
            assert texts[0]["output"]["message"]["content"] == [{"text": "Igneous."}]
            assert [it["stopReason"] for it in texts] == ["end_turn", "tool_use", "max_tokens"]
            [entry] = bedrock_script.entries(first)
            assert entry.request["messages"][0]["content"] == [{"text": "one"}]
            with pytest.raises(Exception, match="ModelTimeoutException"):
                ask("four", lambda name: outcrop.client(name, retries={"max_attempts": 1}))
    """).assert_outcomes(passed=2)


def test_a_call_without_an_answer_fails_the_test_with_the_request_in_a_line(run):
    done = run("""
        def test_it(bedrock_script):
            bedrock_script.reply("Igneous.")
            ask("one")
            answer = ask("a secret")
            assert answer["output"]["message"]["content"][0]["text"].startswith("UNSCRIPTED: the script has no answer")
    """)
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        ["*the script was not kept to:", "*no answer was written down for <1: Converse of us.amazon.nova-lite-v1:0*"]
    )


def test_an_answer_that_nobody_asked_for_fails_the_test(run):
    done = run("""
        def test_it(bedrock_script):
            bedrock_script.reply("Igneous.")
            bedrock_script.reply("Metamorphic.", times=2)
            ask("one")
            ask("two")
    """)
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*answer 2 was asked for 1 times of 2: <Rule*"])


def test_the_environment_is_put_back(run):
    run("""
        import os

        BEFORE = dict(os.environ)

        def test_one(bedrock_script):
            assert os.environ["AWS_ENDPOINT_URL_BEDROCK"] == bedrock_script.bedrock.endpoint_url

        def test_two():
            assert "AWS_ENDPOINT_URL_BEDROCK" not in os.environ
    """).assert_outcomes(passed=2)
