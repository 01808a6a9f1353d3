"""Batch jobs for `for`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from outcrop._batch.progress import Progress
from outcrop._jobs import checks, permissions, status
from outcrop._jobs.arguments import ARGUMENTS, Shared, checked_poll
from outcrop._jobs.driving import Pause
from outcrop._jobs.outputs import Rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typing_extensions import Self

    from outcrop._jobs.plans import JobsPlan
    from outcrop._jobs.submitting import Reading


class BatchJobs(Shared):
    """Many requests as Bedrock's batch jobs, spread over the source Regions of a router; see `docs/batch_jobs.md`.

    The plan of each submission lies in the buckets before its first job is made, and jobs are known by tokens that
    follow from it: a program that was stopped anywhere takes up its jobs by the same name, and none is made twice.
    """

    def plan(self, requests: Iterable[Any]) -> JobsPlan:
        """What `submit` would do: the jobs, their Regions and sizes. Nothing is uploaded.

        Args:
            requests: As for `submit`. They are read, so give `submit` what can be read again.

        Returns:
            The plan, a table; `price` tells about what it costs.

        Raises:
            ValueError: A request cannot be a record of a job, or they do not fit the quotas.
            NoTargetError: The router allows none of the Regions that have a bucket.
        """
        reading = self._reading()
        try:
            reading.read(requests)
            return self._driver().plan(reading)
        finally:
            reading.close()

    def submit(self, requests: Iterable[Any] | Rest | None = None) -> JobsPlan:
        """Divide requests into jobs, upload them and make as many jobs as there are slots; `results` makes the others.

        What there is already of the same name is found: nothing is uploaded or made twice.

        Args:
            requests: The dicts of a call, as for `batch("converse", …)` or `batch("invoke_model", …)`, or pairs of a
                record id and such a dict; any iterable, read once. What `rest` gave is submitted in addition to what
                there is. Left out, what a program before this one submitted is taken up.

        Returns:
            The plan of what was submitted last.

        Raises:
            ValueError: A request cannot be a record of a job, they do not fit the quotas, or the jobs of this name have
                other requests.
            NoTargetError: The router allows none of the Regions that have a bucket.
            PermissionError: The role lacks a right, as far as `iam` could be asked.
            ClientError: Bedrock refuses a job.
        """
        if requests is None:
            return self._driver().take_up()
        if isinstance(requests, Rest):
            return self._driver().submit_rest(requests)
        reading = self._reading()
        try:
            reading.read(requests)
            return self._submitted(reading)
        finally:
            reading.close()

    def _submitted(self, reading: Reading) -> JobsPlan:
        driver = self._driver()
        if not driver.state.rounds:
            checks.of(self._setup, driver.targets(), self._iam).require()
        return driver.submit(reading)

    def results(
        self, *, poll: float = 60.0, pause: Callable[[float], object] = time.sleep, progress: bool = False
    ) -> Iterator[tuple[str, Any]]:
        """The results of each job as soon as it has ended, in whatever state; jobs that wait for a slot are made.

        Args:
            poll: Seconds between two looks at the jobs.
            pause: What waits for so long: of a local Bedrock `bedrock.clock.advance`, since its clock can be moved.
            progress: Show tqdm's bar, by Bedrock's counts (`pip install 'outcrop[progress]'`).

        Yields:
            Pairs of a record id and its answer, as a call would give it, or its error. A record whose error was sent
            again, by `submit(rest)`, has the result of that. The next program gets all of them again.

        Raises:
            ValueError: There are no jobs of this name.
            ImportError: tqdm is not installed.
        """
        poll = checked_poll(poll)
        driver = self._driver()
        bar = Progress(driver.standing()[0] or None, "record") if progress else None
        try:
            for event in driver.events(poll):
                if bar is not None:
                    bar.stand(*driver.standing()[1:])
                if isinstance(event, Pause):
                    pause(event.seconds)
                else:
                    yield event
        finally:
            if bar is not None:
                bar.stand(*driver.standing()[1:])
                bar.close()

    def rest(self, *, failed: bool = True) -> Rest:
        """The requests of jobs that have ended that have no answer: for `router.batch(…)`, or `submit` again.

        Args:
            failed: Whether those that ended with an error are among them. They will again, where the request is wrong.

        Returns:
            The requests, read from the buckets as they are needed; `rest.items()` gives their record ids, too.
        """
        driver = self._driver()
        driver.refresh()
        return driver.rest(failed=failed)

    def status(self) -> status.JobsStatus:
        """How each job fares now.

        Returns:
            A table: each job with its state, its records, and how many were answered and failed.
        """
        driver = self._driver()
        driver.refresh()
        return status.of(driver)

    def check(self) -> checks.Checks:
        """What lacks that jobs need, as far as AWS lets one ask: of the role, its trust, the buckets and their keys.

        Returns:
            A table with a verdict in each row, and the statement that is missing.
        """
        return checks.of(self._setup, self._driver().targets(), self._iam)

    def policies(self) -> dict[str, Any]:
        """The policies that jobs need: `trust` and `role` of the role, and `caller` of whoever calls.

        Returns:
            The documents by these names, for `json.dumps`; of the first Region's role where there are several.
        """
        return permissions.policies(self._setup, self._driver().targets())

    def stop(self) -> int:
        """Stop the jobs that are under way, and make no more. What they have done is paid for, and `results` gives it.

        Returns:
            How many were stopped.
        """
        return self._driver().stop()

    def close(self) -> None:
        """Close the journal; the jobs go on."""
        self._close()

    def __enter__(self) -> Self:
        """The jobs themselves."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the journal, and stop the jobs if an exception comes and that was asked for."""
        try:
            if kind is not None and self._stop_on_error:
                self.stop()
        finally:
            self.close()


_EXAMPLE = """
    Example:
        >>> from outcrop import BatchJobs, CrossRegion
        >>> router = CrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
        >>> jobs = BatchJobs(
        ...     router,
        ...     role_arn="arn:aws:iam::123456789012:role/batch",
        ...     storage=bedrock.objects,
        ...     buckets={"us-east-1": "s3://rocks-east/in", "us-west-2": "s3://rocks-west/in"},
        ...     name="rocks",
        ... )
        >>> requests = [{"messages": [{"role": "user", "content": [{"text": f"Name rock {n}."}]}]} for n in range(300)]
        >>> [job.records for job in jobs.submit(requests)]
        [150, 150]
        >>> answers = dict(jobs.results(pause=bedrock.clock.advance))
        >>> len(answers), answers["00000000007"]["stopReason"], bool(jobs.rest())
        (300, 'end_turn', False)
    """
BatchJobs.__doc__ = f"{(BatchJobs.__doc__ or '').rstrip()}{ARGUMENTS}{_EXAMPLE}"
