"""A batch for `for`: calls on the background thread, results on the caller's."""

from __future__ import annotations

import contextlib
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from outcrop import _credentials
from outcrop._batch import options
from outcrop._streams import StreamingBody, streaming_body

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from typing_extensions import Self

    from outcrop import _native
    from outcrop._batch.schedule import Schedule, Start
    from outcrop.telemetry._recorder import Recording

Result = TypeVar("Result")
"""An answer; or an answer or an error."""


class Batch(Generic[Result]):
    """The results of many requests, to be iterated once: pairs of a request's number and its answer or error.

    Args:
        client: The client that calls.
        name: boto3's name of the operation.
        requests: Dicts of keyword arguments.
        **arguments: As `Client.batch` takes them.
    """

    def __init__(self, client: Any, name: str, requests: Iterable[dict[str, Any]], **arguments: Any) -> None:
        operation = options.operation_of(client, name)
        self._operation = name
        schedule = options.schedule(client, name, requests, StreamingBody, **arguments)
        self._standing = schedule.standing
        self._work = _Work(client, name, operation, iter(requests), schedule)
        # A generator of this object would keep it alive, and with it the calls, when the loop over it is left.
        self._results = self._work.results()

    def __repr__(self) -> str:
        """The operation, and how it is read."""
        return f"<Batch of {self._operation}: for number, answer in it, once>"

    def _repr_html_(self) -> str:
        """How far it is."""
        return self._standing(f"{type(self).__name__} of {self._operation}").to_html()

    def __iter__(self) -> Self:
        """The results that have not been taken."""
        return self

    def __next__(self) -> tuple[int, Result]:
        """The next result, as soon as there is one."""
        return next(self._results)

    def __enter__(self) -> Self:
        """The batch itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End what is under way."""
        self.close()

    def close(self) -> None:
        """End what is under way, or wait for it (`on_stop`); what has arrived is in the journal."""
        self._results.close()
        self._work.close()


class _Work:
    """What a batch does; it knows nothing of the batch."""

    def __init__(
        self, client: Any, name: str, operation: _native.Operation, requests: Iterator[Any], schedule: Schedule
    ) -> None:
        self._client = client
        self._name = name
        self._recordings: dict[int, tuple[Recording, _native.Trace]] = {}
        self._operation = operation.name
        self._payload = operation.payload
        self._requests = requests
        self._schedule = schedule
        self._calls = _credentials.calls(client._native)  # noqa: SLF001  -- the clients' own room

    def close(self) -> None:
        schedule = self._schedule
        try:
            while schedule.finishes_when_left and schedule.under_way and self._take(None, schedule.keep):
                pass
        finally:
            # What has arrived was paid for. A child of the process has none of its calls.
            try:
                with contextlib.suppress(RuntimeError):
                    while self._take(0.0, schedule.keep):
                        pass
            finally:
                self._calls.close()
                while self._recordings:
                    recording, _ = self._recordings.popitem()[1]
                    recording.left()
                schedule.close()

    def results(self) -> Generator[tuple[int, Any], None, None]:
        schedule = self._schedule
        try:
            while True:
                self._start_what_may()
                while self._take(0.0, schedule.finish):
                    pass
                yield from schedule.ready()
                if schedule.done:
                    return
                if not schedule.wants_request():
                    self._take(schedule.pause(), schedule.finish)
        finally:
            self.close()

    def _start_what_may(self) -> None:
        """Starts what was put back, and requests: for a moment at most, since results may wait to be given back."""
        schedule = self._schedule
        while (start := schedule.put_back()) is not None:
            self._start(start)
        until = monotonic() + schedule.FILLING
        waits = False
        while schedule.wants_request() and monotonic() < until:
            self._read()
            if not waits and (schedule.has_results or self._take(0.0, schedule.finish)):
                waits, until = True, min(until, monotonic() + schedule.GRACE)

    def _read(self) -> None:
        schedule = self._schedule
        try:
            start = schedule.admit(next(self._requests))
        except StopIteration:
            schedule.exhausted = True
        except Exception as error:  # noqa: BLE001  -- the program's own, raised when what is under way has ended
            schedule.fail(error)
        else:
            if start is not None:
                self._start(start)

    def _start(self, start: Start) -> None:
        recorder, trace = self._client._recorder, None  # noqa: SLF001  -- the clients' own room
        try:
            if recorder is not None and self._operation in ("Converse", "InvokeModel"):
                model = getattr(self._client, "model", None)
                recording = recorder.start(self._client, self._name, start.request, model)
                trace = recording.trace()
                self._recordings[start.number] = recording, trace
            self._client._prepare()  # noqa: SLF001  -- the clients' own room
            self._calls.start(start.number, self._operation, start.request, trace)
        except Exception as error:  # noqa: BLE001  -- what is wrong with one request is that request's result
            self._record(start.number, error)
            self._schedule.refuse(start.number, error)

    def _take(self, timeout: float | None, into: Callable[[int, Any], None]) -> bool:
        """Takes a call that has ended, if there is one in time."""
        taken = self._calls.take(timeout)
        if taken is None:
            return False
        number, result = taken
        result = self._dressed(result)
        self._record(number, result)
        self._client._tell()  # noqa: SLF001  -- the clients' own room
        into(number, result)
        return True

    def _record(self, number: int, result: Any) -> None:
        """Ends the recording of a call, if there is one."""
        if number not in self._recordings:
            return
        recording, trace = self._recordings.pop(number)
        if isinstance(result, BaseException):
            recording.failed(result, trace)
        else:
            recording.answered(result, trace)

    def _dressed(self, result: Any) -> Any:
        if self._payload is not None and isinstance(result, dict):
            result[self._payload] = streaming_body(result[self._payload])
        return result
