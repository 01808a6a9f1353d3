"""Jobs under way: slots, stopping, what is left, statuses, and the same from an event loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

import outcrop
from outcrop._jobs.targets import Targets

from .world import BUCKETS, DAY, ROLE, jobs_of, made, paid, request_of, requests_of, router_of


def test_no_more_jobs_are_made_than_there_are_slots(emulator):
    emulator.jobs.limit(slots=2)
    jobs = jobs_of(emulator, quotas={"records": 100, "slots": 2})
    jobs.submit(requests_of(1_000))
    assert len(made(emulator)) == 4
    assert len(dict(jobs.results(pause=emulator.clock.advance))) == 1_000
    assert len(made(emulator)) == 10


def test_quotas_are_read_once_a_region_however_long_it_takes(emulator):
    from .test_splitting import ServiceQuotas

    asked = []
    jobs = jobs_of(emulator, quotas=lambda region: asked.append(region) or ServiceQuotas())
    emulator.jobs.limit(slots=1, minimum_records=10)
    jobs.submit(requests_of(400))
    assert len(dict(jobs.results(pause=emulator.clock.advance))) == 400
    assert sorted(asked) == sorted(BUCKETS)


def test_a_region_that_is_full_is_asked_again(emulator):
    emulator.jobs.limit(slots=1)
    jobs = jobs_of(emulator, quotas={"records": 100})
    jobs.submit(requests_of(400))
    assert len(made(emulator)) == 2
    assert [row.status for row in jobs.status()].count("Waiting") == 2
    assert len(dict(jobs.results(pause=emulator.clock.advance))) == 400


def test_results_come_job_by_job_and_can_be_read_again(emulator):
    emulator.jobs.limit(slots=1)
    jobs = jobs_of(emulator, quotas={"records": 100, "slots": 1})
    jobs.submit(requests_of(400))
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        emulator.clock.advance(seconds)

    results = jobs.results(poll=60, pause=pause)
    first = [next(results)[0] for _ in range(200)]
    assert pauses == [60]
    assert len(set(first)) == 200
    assert len(list(results)) == 200
    assert len(list(jobs.results())) == 400
    with pytest.raises(ValueError, match="poll must be a number of seconds that is not negative"):
        next(jobs.results(poll=-1))


def test_what_was_stopped_is_read_and_the_rest_goes_on(emulator):
    emulator.clock.hold()
    jobs = jobs_of(emulator, quotas={"records": 100, "slots": 1, "minimum_records": 10})
    emulator.jobs.limit(minimum_records=10)
    jobs.submit(requests_of(400))
    emulator.clock.advance(15 + 9)
    assert jobs.stop() == 2
    results = dict(jobs.results(pause=emulator.clock.advance))
    assert len(results) == 40
    assert [row.status for row in jobs.status()] == ["Stopped", "NotSubmitted", "Stopped", "NotSubmitted"]
    # Another program knows that, too.
    again = jobs_of(emulator, quotas={"records": 100, "minimum_records": 10})
    assert again.rest().count() == 360
    assert len(dict(again.results(pause=emulator.clock.advance))) == 40
    again.submit(again.rest())
    assert len(dict(again.results(pause=emulator.clock.advance))) == 400
    assert paid(emulator) == 400
    assert not again.rest()


def test_an_exception_stops_the_jobs_where_that_is_asked_for(emulator):
    for asked, states in ((False, {"Submitted"}), (True, {"Stopping"})):
        emulator.clock.hold()
        jobs = jobs_of(emulator, name=f"rocks-{asked}", stop_on_error=asked)
        jobs.submit(requests_of(200))
        with pytest.raises(ZeroDivisionError), jobs:
            raise ZeroDivisionError
        assert {job["status"] for job in made(emulator) if f"rocks-{asked}" in job["jobName"]} == states


def test_the_rest_may_leave_out_what_failed(emulator):
    emulator.jobs.course(region="us-east-1", failing=0.5, times=1)
    emulator.jobs.course("Expired", region="us-west-2", times=1)
    emulator.jobs.limit(minimum_records=10)
    jobs = jobs_of(emulator, quotas={"minimum_records": 10})
    jobs.submit(requests_of(400))
    failed = [it for _, it in jobs.results(pause=lambda _: emulator.clock.advance(DAY)) if isinstance(it, Exception)]
    assert jobs.rest().count() == 200 + len(failed)
    only = jobs.rest(failed=False)
    assert only.count() == 200
    jobs.submit(only)
    results = dict(jobs.results(pause=emulator.clock.advance))
    assert len(results) == 400
    assert sum(isinstance(it, Exception) for it in results.values()) == len(failed)
    assert jobs.rest(failed=False).count() == 0
    assert sorted(name for name, _ in jobs.rest().items()) == sorted(
        name for name, it in results.items() if isinstance(it, Exception)
    )
    jobs.submit(jobs.rest())
    results = dict(jobs.results(pause=emulator.clock.advance))
    assert not any(isinstance(it, Exception) for it in results.values())
    assert paid(emulator) == 400


def test_too_little_for_a_job_goes_as_calls(emulator):
    emulator.jobs.course(failing=0.1)
    router = router_of(emulator)
    jobs = jobs_of(emulator, router)
    jobs.submit(requests_of(400))
    list(jobs.results(pause=emulator.clock.advance))
    rest = jobs.rest()
    with pytest.raises(ValueError, match=r"a job takes 100 at least: send them as calls, with router.batch\(…\)"):
        jobs.submit(rest)
    answers = dict(router.batch("converse", rest))
    assert len(answers) == rest.count() > 0
    assert all("output" in answer for answer in answers.values())


def test_an_old_rest_is_refused(emulator):
    emulator.jobs.course("Failed", times=4)
    jobs = jobs_of(emulator)
    jobs.submit(requests_of(200))
    list(jobs.results(pause=emulator.clock.advance))
    old = jobs.rest()
    jobs.submit(jobs.rest())
    with pytest.raises(ValueError, match="this rest is older than the last submission: ask rest"):
        jobs.submit(old)
    with pytest.raises(ValueError, match="there is nothing to submit"):
        jobs.submit(jobs.rest())


def test_jobs_are_of_the_first_model_alone(emulator):
    emulator.add_model("example.rock-v1:0", regions=["us-east-1"])
    router = router_of(emulator, ["example.rock-v1:0", "us.amazon.nova-pro-v1:0"])
    assert {row.source_region for row in router.plan().allowed} == set(BUCKETS)
    plan = jobs_of(emulator, router).submit(requests_of(200))
    assert {(job.source_region, job.model_id) for job in plan} == {("us-east-1", "example.rock-v1:0")}
    assert len(made(emulator)) == 1


def test_jobs_are_made_with_the_keys_of_the_roles_account(emulator):
    def session(key):
        emulator.add_key(key, "secret")
        return outcrop.Session(
            endpoint_url=emulator.endpoint_url,
            aws_access_key_id=key,
            aws_secret_access_key="secret",
            region_name="us-east-1",
        )

    one, two = session("AKIAEAST000000000001"), session("AKIAWEST000000000001")
    sources = [outcrop.Source("us-east-1", session=one), outcrop.Source("us-west-2", session=two)]
    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", sources=sources)
    jobs = jobs_of(emulator, router)
    jobs.submit(requests_of(200))
    assert len(dict(jobs.results(pause=emulator.clock.advance))) == 200
    keys = {
        (entry.region, entry.principal) for entry in emulator.journal if "ModelInvocationJob" in str(entry.operation)
    }
    assert keys == {("us-east-1", "AKIAEAST000000000001"), ("us-west-2", "AKIAWEST000000000001")}


@pytest.mark.parametrize(
    ("accounts", "chosen"),
    [
        ((None, None), 0),
        (("account 1", "account 2"), 0),
        (("210987654321", "123456789012"), 1),
        (("210987654321", None), 1),
    ],
)
def test_a_regions_source_is_that_of_the_roles_account(emulator, accounts, chosen):
    targets = Targets(jobs_of(emulator)._setup)
    rows = [replace(row, source=number, account=of) for number, of in enumerate(accounts) for row in _row(emulator)]
    assert targets._source("us-east-1", rows) == chosen
    with pytest.raises(ValueError, match="is of account 123456789012, and the router's source there of 210987654321"):
        targets._source("us-east-1", [replace(row, account="210987654321") for row in rows])


def _row(emulator):
    return router_of(emulator, sources=["us-east-1"]).plan()


def test_jobs_under_way_are_no_rest(emulator):
    jobs = jobs_of(emulator)
    jobs.submit(requests_of(200))
    assert not jobs.rest()


def test_a_failure_of_rights_is_told_with_what_else_it_may_be(emulator):
    emulator.jobs.course(denied="kms", times=1)
    jobs = jobs_of(emulator, buckets={"us-east-1": "s3://rocks/in"})
    jobs.submit(requests_of(100))
    assert list(jobs.results(pause=emulator.clock.advance)) == []
    status = jobs.status()
    assert status[0].status == "Failed"
    assert "GetObject" in status[0].message
    assert "where a KMS key is used, a right that lacks on the key reads like this, too" in status.notes


def test_a_refusal_is_the_services(emulator):
    emulator.fault(
        "error", code="ValidationException", message="No batch for you.", operation="CreateModelInvocationJob"
    )
    with pytest.raises(outcrop.exceptions.ValidationException, match="No batch for you"):
        jobs_of(emulator).submit(requests_of(200))


def test_a_look_may_fail_a_few_times(emulator):
    jobs = jobs_of(emulator, router_of(emulator, retries={"max_attempts": 1}))
    jobs.submit(requests_of(200))
    emulator.fault("error", code="InternalServerException", operation="GetModelInvocationJob", times=3)
    assert len(dict(jobs.results(pause=emulator.clock.advance))) == 200
    other = jobs_of(emulator, router_of(emulator, retries={"max_attempts": 1}), name="gems")
    other.submit(requests_of(200))
    emulator.fault("error", code="InternalServerException", operation="GetModelInvocationJob")
    with pytest.raises(outcrop.exceptions.InternalServerException):
        list(other.results(pause=emulator.clock.advance))


def test_files_that_hold_less_than_bedrock_counts_are_told(emulator, caplog):
    jobs = jobs_of(emulator, buckets={"us-east-1": "s3://rocks/in"})
    jobs.submit(requests_of(100))
    emulator.clock.advance(60)
    [output] = [uri for uri in emulator.objects if uri.endswith(".jsonl.out")]
    emulator.objects[output] = b"".join(emulator.objects[output].splitlines(keepends=True)[:-1]) + b'{"recordId": "0'
    assert len(dict(jobs.results())) == 99
    assert "hold 99 answers and 0 errors, and Bedrock counts 100 and 0" in caplog.text
    assert "hold fewer results than Bedrock counts" in jobs.status().notes[0]
    assert jobs.rest().count() == 1


def test_progress_goes_by_bedrocks_counts(emulator, capsys):
    jobs = jobs_of(emulator)
    jobs.submit(requests_of(200))
    list(jobs.results(pause=emulator.clock.advance, progress=True))
    assert "200/200" in capsys.readouterr().err


def test_an_event_loop_does_the_same(emulator):
    async def some():
        for number in range(400):
            yield request_of(number)

    async def main():
        connection = {name: value for name, value in emulator.connection.items() if name != "region_name"}
        router = outcrop.AsyncCrossRegion("us.amazon.nova-lite-v1:0", sources=list(BUCKETS), **connection)
        options = {"role_arn": ROLE, "storage": emulator.objects, "buckets": BUCKETS, "name": "rocks"}
        async with outcrop.AsyncBatchJobs(router, **options) as jobs:
            assert "AsyncBatchJobs rocks" in repr(jobs)
            assert (await jobs.plan(some())).records == (await jobs.plan(requests_of(400))).records == 400
            emulator.jobs.course(failing=0.5, times=2)
            await jobs.submit(some())
            waiting = asyncio.ensure_future(_collected(jobs.results(poll=0.01)))
            await asyncio.sleep(0)
            emulator.clock.advance(60)
            first = await waiting
            rest = await jobs.rest()
            failed = [name for name, it in first.items() if isinstance(it, Exception)]
            assert len([request async for request in rest]) == len(failed)
            await jobs.submit(rest)
            results = await _collected(jobs.results(pause=emulator.clock.advance))
            assert len(results) == 400
            assert not await jobs.rest()
            assert {row.status for row in await jobs.status()} == {"Completed"}
            assert await jobs.stop() == 0
            assert (await jobs.policies())["trust"]
            assert await jobs.check()
        assert paid(emulator) == 400

    asyncio.run(main())


async def _collected(results):
    return {name: answer async for name, answer in results}
