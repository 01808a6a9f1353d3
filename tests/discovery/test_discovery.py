"""What Tab, a question mark and the end of a cell show."""

from __future__ import annotations

import asyncio
import doctest
import inspect
import re

import pandas as pd
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter

import outcrop
from outcrop._pictures import _REGIONS, COLOURS, colour
from outcrop.cross_region import Measured
from outcrop.cross_region._picture import picture

MESSAGES = [{"role": "user", "content": [{"text": "a secret prompt"}]}]
CALL = {"modelId": "us.amazon.nova-lite-v1:0", "messages": MESSAGES}


@pytest.fixture
def runtime(bedrock):
    return bedrock.client("bedrock-runtime")


def test_tab_shows_every_public_name_and_nothing_else():
    assert dir(outcrop) == sorted(outcrop.__all__)
    for name in outcrop.__all__:
        assert getattr(outcrop, name) is not None


def test_a_method_shows_its_arguments(runtime):
    signature = inspect.signature(runtime.converse)
    assert list(signature.parameters)[:3] == ["modelId", "messages", "system"]
    assert signature.parameters["modelId"].default is inspect.Parameter.empty
    assert signature.return_annotation == "ConverseResponse"
    signature.bind(**CALL)
    with pytest.raises(TypeError, match="missing a required argument"):
        signature.bind(model="m")


def test_a_routers_method_may_leave_the_model_out(bedrock):
    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", **bedrock.connection)
    inspect.signature(router.converse).bind(messages=MESSAGES)


def test_ipython_completes_arguments(runtime):
    # jedi reads stubs, in processes of its own; without it IPython asks the object.
    completer = IPCompleter(namespace={"client": runtime}, use_jedi=False)
    with provisionalcompleter():
        found = {it.text for it in completer.completions("client.converse(mess", 20)}
    assert "messages=" in found


@pytest.mark.parametrize("name", ["converse", "converse_stream", "count_tokens"])
def test_the_example_of_a_method_runs(bedrock, name):
    for client in (bedrock.client("bedrock-runtime"), bedrock.async_client("bedrock-runtime")):
        text = getattr(type(client), name).__doc__
        [test] = doctest.DocTestFinder().find(type("it", (), {"__doc__": text}), name, globs={"client": client})
        assert test.examples
        if isinstance(client, outcrop.BedrockRuntimeClient):
            assert doctest.DocTestRunner().run(test).failed == 0
        else:
            code = "".join(f"    {line}\n" for it in test.examples for line in it.source.splitlines())
            scope = {"client": client}
            exec(f"async def main():\n{code}", scope)
            asyncio.run(scope["main"]())


def test_arguments_are_explained(runtime):
    assert "messages (list): Optional. The conversation: `[{'role': 'user'" in runtime.converse.__doc__


def test_what_a_notebook_shows(bedrock, runtime):
    runtime.converse(**CALL)
    session = outcrop.Session(**bedrock.connection)
    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", session=session)
    batch = runtime.batch("converse", [CALL])
    stream = runtime.converse_stream(**CALL)["stream"]
    things = (bedrock.journal, runtime, runtime.metrics(), router.plan(), session, router, router.health())
    things += (router.metrics(), batch, stream)
    shown = [thing._repr_html_() for thing in things]
    assert all(html.startswith("<table>") for html in shown)
    everything = "".join([*shown, repr(batch), repr(stream), repr(bedrock.journal[0])])
    assert bedrock.secret_access_key not in everything
    assert "a secret prompt" not in everything
    assert repr(batch) == "<Batch of converse: for number, answer in it, once>"
    assert repr(stream) == "<EventStream: for event in it, once; close() ends the request>"
    assert repr(runtime.metrics()) == "<Metrics: 1 call, 0 of them not ok>"
    stream.close()
    batch.close()


def test_what_a_notebook_shows_is_no_markup_of_somebody_else(bedrock, runtime):
    markup = "<img src=x onerror=alert(1)>"
    with pytest.raises(outcrop.exceptions.ValidationException):
        runtime.converse(modelId=markup, messages=MESSAGES)
    role = {"role_arn": "arn:aws:iam::123456789012:role/reader", "role_session_name": markup}
    session = outcrop.Session(**bedrock.connection, **role)
    for thing in (bedrock.journal, runtime.metrics(), session):
        assert "<img" not in thing._repr_html_()
    assert all("&lt;img" in thing._repr_html_() for thing in (bedrock.journal, session))


async def test_a_batch_shows_how_far_it_is(bedrock, runtime):
    with runtime.batch("converse", [CALL] * 3) as batch:
        assert "<td>0</td>" in _unstyled(batch._repr_html_())
        list(batch)
        shown = _unstyled(batch._repr_html_())
        assert "<td>read</td><td>3</td>" in shown
        assert "<td>more to come</td><td>no</td>" in shown
    many = bedrock.async_client("bedrock-runtime").batch("converse", [CALL] * 2)
    assert [number async for number, _ in many] in ([0, 1], [1, 0])
    assert "AsyncBatch of converse" in many._repr_html_()
    assert "<td>read</td><td>2</td>" in _unstyled(many._repr_html_())


def _unstyled(html):
    return re.sub(r' style="[^"]*"', "", html)


def test_a_routers_metrics_are_in_words(bedrock):
    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", sources="us-east-1", **bedrock.connection)
    router.converse(messages=MESSAGES)
    shown = router.metrics()._repr_html_()
    assert "us-east-1, us.amazon.nova-lite-v1:0: breaker state closed" in shown
    assert "retry budget tokens: 500" in shown
    assert "{" not in shown


def test_an_entry_is_a_line(bedrock, runtime):
    bedrock.fault("throttling", times=1)
    outcrop.client("bedrock-runtime", retries={"max_attempts": 2}, **bedrock.connection).converse(**CALL)
    refused, answered = bedrock.journal
    model = "Converse of us.amazon.nova-lite-v1:0 in us-east-1"
    assert repr(refused) == f"<0: {model}: 429 ThrottlingException>"
    tokens = f"{answered.input_tokens} tokens in, {answered.output_tokens} out"
    assert repr(answered) == f"<1: {model}: 200, served in us-east-1, {tokens}>"


def test_metrics_become_a_data_frame(runtime):
    runtime.converse(**CALL)
    frame = runtime.metrics().to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame[["operation", "outcome", "calls"]].to_numpy().tolist() == [["Converse", "ok", 1]]


def test_a_region_has_one_colour_in_every_picture():
    assert len({colour(region) for region in _REGIONS}) == len(_REGIONS) == len(COLOURS)
    assert colour("xx-new-1") == colour("xx-new-1")
    found = Measured("us-west-2", "m", calls=1, first_token=[0.1], last_token=[0.2], tokens_per_second=[5.0])
    drawn = picture([found])
    assert drawn.axes[0].lines[0].get_color() == colour("us-west-2")
    assert drawn._repr_png_().startswith(b"\x89PNG")


def test_a_table_in_words_is_text_in_a_notebook_too(bedrock, monkeypatch):
    # rich takes the process for a notebook's, where it shows what it draws by itself.
    shown = []
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    monkeypatch.setattr("rich.jupyter.display", lambda *_: shown.append(1))
    text = str(outcrop.profiles("amazon.nova-lite-v1:0", sources="us-east-1", **bedrock.connection))
    assert "us.amazon.nova-lite-v1:0" in text
    assert "\x1b" not in text
    assert not shown
