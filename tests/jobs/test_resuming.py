"""A driver that is killed at any step: whoever takes up its jobs answers every record once, and pays for each once."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcrop._jobs import service, targets
from outcrop.emulator import Emulator

from .world import all_rounds, jobs_of, made, paid, requests_of, router_of


class Killed(BaseException):
    """As the process would end."""


class Countdown:
    """Ends the driver before or after the effect of a step."""

    def __init__(self, steps: int, *, after: bool) -> None:
        self.left = steps
        self.after = after

    def around(self, effect):
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Killed
        result = effect()
        if self.left < 0:
            raise Killed
        return result


class Objects(dict):
    """The local Bedrock's objects, of which each use is a step."""

    def __init__(self, objects, countdown):
        super().__init__()
        self._objects, self._countdown = objects, countdown

    def __setitem__(self, uri, body):
        self._countdown.around(lambda: self._objects.__setitem__(uri, body))

    def __getitem__(self, uri):
        return self._countdown.around(lambda: self._objects[uri])

    def get(self, uri, default=None):
        return self._objects.get(uri, default)

    def __contains__(self, uri):
        return uri in self._objects


class Control:
    """A client of the control plane, of which each call is a step."""

    def __init__(self, client, countdown):
        self._client, self._countdown = client, countdown

    def __getattr__(self, name):
        method = getattr(self._client, name)
        if name == "get_paginator":
            return method
        return lambda **arguments: self._countdown.around(lambda: method(**arguments))


COUNT = 400
KILL = st.tuples(st.integers(0, 45), st.booleans(), st.booleans())


@settings(max_examples=25)
@given(kills=st.lists(KILL, min_size=1, max_size=3), journal=st.booleans(), shuffled=st.booleans())
def test_a_driver_that_is_killed_at_any_step_pays_nothing_twice(kills, journal, shuffled, tmp_path_factory):
    path = tmp_path_factory.mktemp("journals") / "rocks.jsonl" if journal else None
    usual = service.Service
    with Emulator() as bedrock, pytest.MonkeyPatch.context() as patch:
        bedrock.jobs.limit(slots=2, minimum_records=20)
        bedrock.jobs.course(region="us-west-2", failing=0.5, times=2, shuffled=shuffled)
        bedrock.jobs.course("Expired", region="us-east-1", times=1)
        router = router_of(bedrock)

        def run(storage, requests):
            jobs = jobs_of(
                bedrock,
                router,
                storage=storage,
                journal=path,
                quotas={"records": 100, "slots": 2, "minimum_records": 20},
            )
            try:
                # Only a program that knows that all was uploaded may do without the requests.
                jobs.submit(requests)
                return all_rounds(jobs, bedrock)
            finally:
                # The end of a process closes its files.
                jobs.close()

        for steps, after, _ in kills:
            countdown = Countdown(steps, after=after)
            patch.setattr(targets, "Service", lambda client, making, it=countdown: usual(Control(client, it), making))
            with contextlib.suppress(Killed):
                run(Objects(bedrock.objects, countdown), requests_of(COUNT))
        patch.undo()
        results = run(bedrock.objects, requests_of(COUNT))
        assert sorted(results) == [f"{number:011d}" for number in range(COUNT)]
        assert all("output" in answer for answer in results.values())
        asked = {f"{number:011d}": f"Name rock {number}." for number in range(COUNT)}
        assert all(asked[name] in str(answer["output"]["message"]["content"]) for name, answer in results.items())
        assert paid(bedrock) == COUNT
        names = [job["jobName"] for job in made(bedrock)]
        assert len(names) == len(set(names))


def test_the_same_requests_find_their_jobs_and_others_are_refused(emulator):
    jobs_of(emulator).submit(requests_of(200))
    again = jobs_of(emulator)
    again.submit(iter(requests_of(200)))
    assert len(made(emulator)) == 2
    with pytest.raises(ValueError, match="the jobs 'rocks' have other requests than these"):
        jobs_of(emulator).submit(requests_of(201))
    jobs_of(emulator, name="minerals").submit(requests_of(201))
    assert len(made(emulator)) == 4


def test_other_quotas_do_not_divide_again_what_was_divided(emulator):
    jobs_of(emulator).submit(requests_of(400))
    jobs_of(emulator, quotas={"records": 100}).submit(requests_of(400))
    assert sorted(job["totalRecordCount"] for job in made(emulator)) == [200, 200]


def test_jobs_are_taken_up_without_their_requests(emulator):
    jobs_of(emulator).submit(requests_of(200))
    results = dict(jobs_of(emulator).results(pause=emulator.clock.advance))
    assert len(results) == 200
    with pytest.raises(ValueError, match="there are no jobs 'gems' yet"):
        jobs_of(emulator, name="gems").submit()
    with pytest.raises(ValueError, match="there are no jobs 'gems' yet"):
        next(jobs_of(emulator, name="gems").results())


def test_an_upload_that_was_not_finished_needs_the_requests(emulator):
    jobs_of(emulator, quotas={"slots": 1, "records": 100}).submit(requests_of(400))
    waiting = max(uri for uri in emulator.objects.below("s3://rocks-east/") if uri.endswith(".jsonl"))
    del emulator.objects[waiting]
    with pytest.raises(ValueError, match="give submit\\(\\) the same requests again"):
        jobs_of(emulator, quotas={"slots": 1, "records": 100}).submit()
    jobs_of(emulator, quotas={"slots": 1, "records": 100}).submit(requests_of(400))
    assert waiting in emulator.objects


def test_a_region_that_is_not_allowed_any_more_gets_no_job(emulator):
    from outcrop.exceptions import NoTargetError

    options = {"quotas": {"slots": 1, "records": 100}}
    jobs_of(emulator, **options).submit(requests_of(400))
    before = len(made(emulator))
    router = router_of(emulator, sources=["us-east-1", "us-west-2"], residency={"eu-west-1"})
    with pytest.raises(NoTargetError, match="outside the residency"):
        jobs_of(emulator, router, **options).submit()
    assert len(made(emulator)) == before


def test_what_was_made_before_a_residency_became_narrower_is_read(emulator):
    jobs_of(emulator).submit(requests_of(200))
    narrow = router_of(emulator, residency={"eu-west-1"})
    results = dict(jobs_of(emulator, narrow).results(pause=emulator.clock.advance))
    assert len(results) == 200


def test_what_was_planned_lies_in_every_bucket_and_holds_no_prompt(emulator):
    jobs_of(emulator).submit(requests_of(200))
    for region in ("east", "west"):
        plan = emulator.objects[f"s3://rocks-{region}/in/rocks/plan-1.json"]
        assert b"Name rock" not in plan
        assert b"rocks-r1-0001-" in plan


def test_the_journal_is_nobody_elses_and_holds_no_prompt(emulator, tmp_path):
    path = tmp_path / "rocks.jsonl"
    with jobs_of(emulator, journal=path) as jobs:
        jobs.submit(requests_of(200))
        assert len(list(jobs.results(pause=emulator.clock.advance))) == 200
        with pytest.raises(RuntimeError, match="is open in another run of jobs"):
            jobs_of(emulator, journal=path).submit()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Name rock" not in path.read_text()
    with pytest.raises(ValueError, match="is of the jobs 'rocks', and these are 'gems'"):
        jobs_of(emulator, journal=path, name="gems").submit()
    path.write_text("not json\n")
    with pytest.raises(ValueError, match=r"line 1 of .* is not from the journal of a run of jobs"):
        jobs_of(emulator, journal=path).submit()
