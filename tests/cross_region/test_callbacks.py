"""What a program's own functions can do to a call: nothing."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading

import pytest

import outcrop
from outcrop.cross_region.health import BreakerChange, Listener
from tests.support.waiting import PATIENCE, wait_until

from .conftest import MODEL, ask

PRIMARY, SECOND = "us-east-1", "us-west-2"


@pytest.fixture
def made(emulator):
    """Makes a router of a kind whose first Region fails for good, from its first failure on."""
    emulator.fault("error", region=PRIMARY, code="ServiceUnavailableException")
    connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}

    def make(kind, **options):
        cls = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
        usual = {"sources": [PRIMARY, SECOND], "geographies": ["us"], "catalogue": "snapshot", "shared": False}
        return cls(MODEL, **{**usual, "breaker": {"consecutive_failures": 1}, **connection, **options})

    return make


@pytest.fixture(params=["blocking", "async"])
def kind(request):
    return request.param


def call(kind, router):
    return router.converse(**ask()) if kind == "blocking" else asyncio.run(router.converse(**ask()))


def changed(number):
    return BreakerChange(PRIMARY, str(number), "closed", "open", "", None)


def test_a_listener_that_fails_costs_no_answer(made, kind, caplog):
    heard = []

    def on_change(change):
        heard.append(change)
        raise RuntimeError("my own bug")

    answer = call(kind, made(kind, on_change=on_change))
    assert answer["output"]
    wait_until(lambda: [record for record in caplog.records if "on_change failed" in record.message])
    assert [change.state for change in heard] == ["open"]


def test_a_slow_listener_does_not_stop_the_loop(made):
    going, release = threading.Event(), threading.Event()

    def on_change(_):
        going.set()
        assert release.wait(PATIENCE)

    async def main():
        router = made("async", on_change=on_change)
        assert (await router.converse(**ask()))["output"]
        # The listener is still busy, and calls go on.
        assert await asyncio.to_thread(going.wait, 60)
        assert (await router.converse(**ask()))["output"]
        release.set()

    asyncio.run(main())


def test_a_listener_may_call_the_router_itself(made):
    answers = []

    def on_change(_):
        answers.append(router.converse(**ask()))

    router = made("blocking", on_change=on_change)
    router.converse(**ask())
    router.force(SECOND, "closed")
    router.force(SECOND, None)
    assert len(answers) == 3


@pytest.mark.parametrize("side", ["batch", "awaited batch"])
def test_batches_tell_too(made, side):
    heard = []

    async def awaited(router):
        return [result async for result in router.batch("converse", [ask()])]

    if side == "batch":
        ((_, answer),) = made("blocking", on_change=heard.append).batch("converse", [ask()])
    else:
        ((_, answer),) = asyncio.run(awaited(made("async", on_change=heard.append)))
    assert answer["output"]
    assert [change.state for change in heard] == ["open"]


async def _awaited(_):
    """Never awaited."""


class _Late:
    def __call__(self, _):
        return _awaited(_)


class _Object:
    async def __call__(self, _):
        """Never awaited."""


@pytest.mark.parametrize("function", [_awaited, _Object(), functools.partial(_awaited)])
def test_what_would_have_to_be_awaited_is_refused(made, function):
    with pytest.raises(TypeError, match="on_change must be a plain function"):
        made("blocking", on_change=function)


def test_what_cannot_be_called_is_refused(made):
    with pytest.raises(TypeError, match="on_change must be a function of a BreakerChange, not str"):
        made("blocking", on_change="log")


def test_what_is_given_to_be_awaited_is_said(made, caplog):
    router = made("blocking", on_change=_Late())
    assert router.converse(**ask())["output"]
    assert "which nobody awaits" in caplog.text


def test_a_log_handler_that_fails_costs_no_answer(made, kind):
    class Broken(logging.Filter):
        def filter(self, record):
            raise RuntimeError("my own bug")

    broken = Broken()
    logger = logging.getLogger("outcrop.cross_region")
    logger.addFilter(broken)
    try:
        heard = []
        assert call(kind, made(kind, on_change=heard.append))["output"]
        wait_until(lambda: heard)
    finally:
        logger.removeFilter(broken)


def test_changes_come_one_after_the_other_in_their_order():
    """Whatever threads bring them, and whatever the listener does meanwhile."""
    heard, busy = [], threading.Lock()

    def on_change(change):
        assert busy.acquire(blocking=False), "two at once"
        heard.append(int(change.model_id))
        busy.release()
        if int(change.model_id) % 7 == 0:
            raise RuntimeError("my own bug")

    listener = Listener(on_change)
    numbers, lock = iter(range(200)), threading.Lock()

    def bring():
        for _ in range(50):
            with lock:
                listener.hear(changed(next(numbers)))

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == list(range(200))
