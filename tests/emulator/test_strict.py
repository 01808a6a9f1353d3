"""A script that is kept to, as tests of users' own code have it."""

from __future__ import annotations

import re
import textwrap

import boto3
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
    done.stdout.fnmatch_lines(["*answer 2 was asked for 1 times of 2: <Answer*"])


def test_a_test_that_fails_by_itself_is_told_what_was_unexpected_and_not_what_is_left(run):
    done = run("""
        def test_half_way(bedrock_script):
            bedrock_script.reply("Igneous.")
            bedrock_script.reply("Metamorphic.")
            ask("one")
            assert "this is the fault" == ""

        def test_by_a_surprise(bedrock_script):
            assert ask("one")["stopReason"] == "tool_use"
    """)
    done.assert_outcomes(failed=2, errors=1)
    done.stdout.no_fnmatch_line("*was asked for * times of*")
    done.stdout.fnmatch_lines(["*no answer was written down for <0: Converse of us.amazon.nova-lite-v1:0*"])


def test_what_was_not_kept_to_is_told_without_the_plugins_lines(run):
    done = run("""
        def test_it(bedrock_script):
            bedrock_script.reply("Igneous.")
    """)
    done.assert_outcomes(passed=1, errors=1)
    said = done.stdout.str()
    [section] = re.findall(r"ERROR at teardown of test_it _+\n(.*?)\n=", said, re.DOTALL)
    assert section.splitlines() == [
        "the script was not kept to:",
        "  answer 1 was asked for 0 times of 1: <Answer 1: reply for any call>",
        "the requests were:",
        "  none",
    ]


def test_the_environment_is_put_back_after_a_failure_too(run):
    run("""
        import os

        BEFORE = dict(os.environ)

        def test_one(bedrock_environment):
            raise ValueError

        def test_two(bedrock_script):
            ask("nobody said")

        def test_three():
            os.environ.pop("PYTEST_CURRENT_TEST")
            assert {name: value for name, value in BEFORE.items() if name != "PYTEST_CURRENT_TEST"} == os.environ
    """).assert_outcomes(passed=2, failed=1, errors=1)


def test_the_environment_is_put_back(run):
    run("""
        import os

        BEFORE = dict(os.environ)

        def test_one(bedrock_script):
            assert os.environ["AWS_ENDPOINT_URL_BEDROCK"] == bedrock_script.bedrock.endpoint_url

        def test_two():
            assert "AWS_ENDPOINT_URL_BEDROCK" not in os.environ
    """).assert_outcomes(passed=2)


def test_a_function_answers_what_it_is_asked(run):
    run("""
        @pytest.mark.parametrize("make", [boto3.client, outcrop.client])
        def test_it(bedrock_script, make):
            seen = []

            def answer(asked):
                seen.append((asked.operation, asked.region, asked.request["messages"][0]["role"]))
                call = {"toolUse": {"name": "look", "input": {"at": asked.text}}}
                return {"reply": call, "stop_reason": "max_tokens"}

            told = bedrock_script.reply(answer, times=2)
            bedrock_script.reply(lambda asked: {"error": "ModelTimeoutException"})
            found = [ask(word, make) for word in ("basalt", "gneiss")]
            calls = [it["output"]["message"]["content"][0]["toolUse"]["input"] for it in found]
            assert calls == [{"at": "basalt"}, {"at": "gneiss"}]
            assert [it["stopReason"] for it in found] == ["max_tokens"] * 2
            assert seen == [("Converse", "us-east-1", "user")] * 2
            assert [entry.status for entry in bedrock_script.entries(told)] == [200, 200]
            with pytest.raises(Exception, match="ModelTimeoutException"):
                ask("four", lambda name: outcrop.client(name, retries={"max_attempts": 1}))
    """).assert_outcomes(passed=2)


def test_what_a_function_raises_is_shown(run):
    done = run("""
        def test_it(bedrock_script):
            bedrock_script.reply(lambda asked: {}["rock"])
            with pytest.raises(Exception, match="the script's function raised KeyError"):
                ask("a secret")
    """)
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*for <Converse of us.amazon.nova-lite-v1:0*> the function raised KeyError*"])
    shown = [line for line in done.outlines if line.startswith("E ")]
    assert not [line for line in shown if "a secret" in line]


def test_errors_and_texts_come_in_the_order_in_which_they_were_written(run):
    run("""
        def test_it(bedrock_script):
            bedrock_script.reply("one")
            bedrock_script.reply(error="ModelTimeoutException")
            bedrock_script.reply("three", region="us-west-2")
            bedrock_script.reply("four", model="amazon.nova-lite*")
            once = lambda name, **more: outcrop.client(name, retries={"max_attempts": 1}, **more)
            words = lambda answer: answer["output"]["message"]["content"][0]["text"]
            assert words(ask("a", once)) == "one"
            with pytest.raises(Exception, match="ModelTimeoutException"):
                ask("b", once)
            assert words(ask("c", once)) == "four"
            assert words(ask("d", lambda name: once(name, region_name="us-west-2"))) == "three"
    """).assert_outcomes(passed=1)


@pytest.mark.parametrize("make", ["boto3.client", "outcrop.client"])
def test_usage_is_told_as_the_script_says(run, make):
    run(f"""
        def test_it(bedrock_script):
            counts = {{"inputTokens": 7, "outputTokens": 5, "cacheReadInputTokens": 100}}
            bedrock_script.reply("a", usage=counts)
            bedrock_script.reply(lambda asked: {{"stream": ["a", "b"], "usage": counts}})
            wanted = {{**counts, "totalTokens": 112}}
            assert wanted.items() <= ask("one", {make})["usage"].items()
            messages = [{{"role": "user", "content": [{{"text": "two"}}]}}]
            events = {make}("bedrock-runtime").converse_stream(modelId="us.amazon.nova-lite-v1:0", messages=messages)
            events = list(events["stream"])
            texts = [it["contentBlockDelta"]["delta"]["text"] for it in events if "contentBlockDelta" in it]
            assert texts == ["a", "b"]
            assert wanted.items() <= events[-1]["metadata"]["usage"].items()
    """).assert_outcomes(passed=1)


def test_calls_at_once_get_an_answer_each(run):
    run("""
        from concurrent.futures import ThreadPoolExecutor

        def test_it(bedrock_script):
            bedrock_script.reply(lambda asked: asked.text, times=32)
            client = outcrop.client("bedrock-runtime")
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda number: ask(f"rock {number}", lambda _: client), range(32)))
            texts = [it["output"]["message"]["content"][0]["text"] for it in found]
            assert texts == [f"rock {number}" for number in range(32)]
    """).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "a script needs one of"),
        ({"reply": "a", "drop": True}, "a script has one of"),
        ({"reply": "a", "times": 0}, "times must be at least 1, got 0"),
        ({"reply": "a", "operation": "ListInferenceProfiles"}, "use bedrock.fault for other operations"),
        ({"reply": "a", "usage": {"input": 1}}, "usage has no 'input'"),
        ({"reply": "a", "usage": {"inputTokens": -1}}, "must be a number of tokens, got -1"),
        ({"error": "ThrottlingException", "usage": {}}, "usage goes with reply or stream"),
        ({"reply": str, "stop_reason": "end_turn"}, "a function says all of it: give stop_reason in the dict"),
    ],
)
def test_answers_that_cannot_be_given_are_refused_when_they_are_written(bedrock_script, arguments, says):
    with pytest.raises(ValueError, match=says):
        bedrock_script.reply(**arguments)


def test_an_unknown_argument_is_named(bedrock_script):
    with pytest.raises(TypeError, match="a script's answer has no 'stopReason'"):
        bedrock_script.reply("a", stopReason="end_turn")


@pytest.mark.parametrize("kind", ["drop", "reset"])
def test_faults_beside_a_script_stay_what_they_are(bedrock_script, kind):
    import outcrop

    bedrock_script.bedrock.fault(kind, times=1)
    client = outcrop.client("bedrock-runtime", retries={"max_attempts": 1})
    messages = [{"role": "user", "content": [{"text": "one"}]}]
    with pytest.raises(outcrop.exceptions.OutcropError):
        client.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
    bedrock_script.reply("Igneous.")
    answer = client.converse(modelId="us.amazon.nova-lite-v1:0", messages=messages)
    assert answer["output"]["message"]["content"] == [{"text": "Igneous."}]
    assert [entry.outcome for entry in bedrock_script.bedrock.journal] == ["broken", "answered"]


def test_the_credentials_of_boto3s_default_session_do_not_come_along(run, monkeypatch):
    former = boto3.session.Session(aws_access_key_id="AKIDREAL", aws_secret_access_key="real", region_name="eu-west-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", former)
    run("""
        def test_it(bedrock_script):
            bedrock_script.reply("Igneous.")
            ask("one")
            assert boto3.DEFAULT_SESSION.get_credentials().access_key != "AKIDREAL"
    """).assert_outcomes(passed=1)
    assert boto3.DEFAULT_SESSION is former
