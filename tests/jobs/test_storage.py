"""Where jobs read and write: moto's S3 as the witness, stores, mappings; and that no output is held whole."""

from __future__ import annotations

import io
import json
import tracemalloc

import boto3
import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from outcrop._jobs.places import Place
from outcrop._jobs.storage import ClientStorage, MappingStorage, MissingObjectError, StoreStorage, lines
from tests.support.moto import moto_server

from .world import BUCKETS, DAY, jobs_of, made, requests_of

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def moto():
    with moto_server() as url:
        yield url


@pytest.fixture
def s3(moto):
    client = boto3.client(
        "s3", endpoint_url=moto, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    for region, uri in BUCKETS.items():
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=uri.split("/")[2], **place)
    yield client
    for uri in BUCKETS.values():
        bucket = uri.split("/")[2]
        for found in client.list_objects_v2(Bucket=bucket).get("Contents", ()):
            client.delete_object(Bucket=bucket, Key=found["Key"])
        client.delete_bucket(Bucket=bucket)
    client.close()


class Carried:
    """boto3's client, and between it and the local Bedrock somebody who carries files, since that serves no S3."""

    def __init__(self, client, objects):
        self._client, self._objects = client, objects

    def put_object(self, **arguments):
        answer = self._client.put_object(**arguments)
        place = {"Bucket": arguments["Bucket"], "Key": arguments["Key"]}
        self._objects["s3://{Bucket}/{Key}".format(**place)] = self._client.get_object(**place)["Body"].read()
        return answer

    def get_object(self, **arguments):
        uri = "s3://{Bucket}/{Key}".format(**arguments)
        if uri.endswith(".out") and uri in self._objects:
            place = {"Bucket": arguments["Bucket"], "Key": arguments["Key"]}
            self._client.put_object(**place, Body=self._objects[uri])
        return self._client.get_object(**arguments)

    def __getattr__(self, name):
        return getattr(self._client, name)


def test_a_bucket_says_which_key_it_encrypts_with(s3):
    storage, place = ClientStorage(s3), Place("rocks-east", "in")
    assert storage.key(place) is None
    key = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    for default, found in (
        ({"SSEAlgorithm": "AES256"}, None),
        ({"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, key),
    ):
        rules = [{"ApplyServerSideEncryptionByDefault": default}]
        s3.put_bucket_encryption(Bucket="rocks-east", ServerSideEncryptionConfiguration={"Rules": rules})
        assert storage.key(place) == found


def test_jobs_go_through_s3(emulator, s3):
    emulator.jobs.course(region="us-west-2", failing=0.5, times=1)
    jobs = jobs_of(emulator, storage=Carried(s3, emulator.objects), quotas={"minimum_records": 10})
    emulator.jobs.limit(minimum_records=10)
    jobs.submit(requests_of(200))
    errors = [
        it
        for it in dict(jobs.results(pause=lambda _: emulator.clock.advance(DAY))).values()
        if not isinstance(it, dict)
    ]
    rest = jobs.rest()
    assert rest.count() == len(errors) == len(list(rest)) > 10
    assert next(iter(rest))["messages"][0]["content"][0]["text"].startswith("Name rock ")
    jobs.submit(rest)
    results = list(jobs.results(pause=lambda _: emulator.clock.advance(DAY)))
    assert len(results) == len(dict(results)) == 200
    assert not any(isinstance(answer, Exception) for _, answer in results)
    assert [check.verdict for check in jobs.check()][-2:] == ["ok", "ok"]


def test_a_bucket_of_another_region_is_refused(emulator, s3):
    for options, says in [
        (
            {"buckets": {"us-east-1": "s3://rocks-west/in"}},
            "lies in us-west-2, and jobs of us-east-1 read and write in",
        ),
        ({"buckets": BUCKETS, "outputs": {**BUCKETS, "us-west-2": "s3://rocks-east/o"}}, "lies in us-east-1, and jobs"),
    ]:
        with pytest.raises(ValueError, match=says):
            jobs_of(emulator, storage=s3, **options).submit(requests_of(200))
    assert made(emulator) == []


def test_a_bucket_that_is_not_there_is_told(emulator, s3):
    with pytest.raises(ValueError, match="there is no bucket no-rocks: make it, or name another"):
        jobs_of(emulator, storage=s3, buckets={"us-east-1": "s3://no-rocks/in"}).submit(requests_of(100))


def test_a_bucket_that_may_not_be_looked_at_may_be_written(s3):
    with Stubber(s3) as told:
        told.add_client_error("head_bucket", "403", http_status_code=403)
        assert ClientStorage(s3).region(Place("rocks-east", "in")) is None


def test_a_bucket_outside_of_the_residency_is_refused(emulator, moto):
    client = boto3.client(
        "s3", endpoint_url=moto, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.create_bucket(Bucket="irish-rocks", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    with pytest.raises(ValueError, match="lies in eu-west-1, outside the residency: prompts and answers would lie"):
        jobs_of(emulator, storage=client, buckets={"us-east-1": "s3://irish-rocks/in"}).submit(requests_of(200))
    client.close()


@pytest.fixture(params=["s3", "mapping", "objects"])
def storage(request, emulator):
    if request.param == "s3":
        return ClientStorage(request.getfixturevalue("s3"))
    return MappingStorage({} if request.param == "mapping" else emulator.objects)


def test_every_storage_does_the_same(storage):
    place = Place("rocks-east", "in/a.jsonl")
    assert storage.size(place) is None
    with pytest.raises(MissingObjectError, match="there is no object s3://rocks-east/in/a"):
        list(storage.pieces(place))
    body = b"granite\n" + b"x" * (2 * MEGABYTE) + b"\nbasalt"
    storage.put(place, io.BytesIO(body), len(body))
    assert storage.size(place) == len(body)
    assert b"".join(storage.pieces(place)) == body
    assert [len(line) for line in lines(storage, place)] == [7, 2 * MEGABYTE, 6]
    storage.put(place, io.BytesIO(b""), 0)
    assert list(lines(storage, place)) == []


class Store:
    """The methods of obstore's stores that are used."""

    class Found:
        def __init__(self, body):
            self._body = body

        def stream(self, *, min_chunk_size):
            assert min_chunk_size > 0
            yield memoryview(self._body)

    def __init__(self, prefix=None):
        self.kept = {}
        self.prefix = prefix
        self.config = {"region": "us-east-1"}

    def put(self, path, body):
        self.kept[path] = body.read()

    def head(self, path):
        if path not in self.kept:
            raise FileNotFoundError(path)
        return {"size": len(self.kept[path])}

    def get(self, path):
        self.head(path)
        return self.Found(self.kept[path])


def test_stores_are_of_one_bucket(emulator):
    storage = StoreStorage(Store())
    place = Place("rocks", "in/a")
    assert storage.size(place) is None
    with pytest.raises(MissingObjectError):
        list(storage.pieces(place))
    storage.put(place, io.BytesIO(b"granite"), 7)
    assert (storage.size(place), list(storage.pieces(place)), storage.region(place)) == (7, [b"granite"], "us-east-1")
    with pytest.raises(ValueError, match="leave its prefix out"):
        jobs_of(emulator, storage=Store("in"), buckets={"us-east-1": "s3://rocks/in"})
    with pytest.raises(ValueError, match="is of one bucket: give storage="):
        jobs_of(emulator, storage=Store())


class Broken:
    """An S3 whose answers break off after so many bytes, as often as it is told to."""

    def __init__(self, body, breaks):
        self.body, self.breaks, self.asked = body, list(breaks), []

    class Body(io.BytesIO):
        def __init__(self, body, breaks_after):
            super().__init__(body if breaks_after is None else body[:breaks_after])
            self.breaks_after = breaks_after

        def read(self, size=-1):
            found = super().read(size)
            if not found and self.breaks_after is not None:
                raise OSError("the connection broke")
            return found

    def get_object(self, *, Bucket, Key, Range="bytes=0-", IfMatch=None):
        start = int(Range.removeprefix("bytes=").rstrip("-"))
        self.asked.append((start, IfMatch))
        if start and start >= len(self.body):
            error = ValueError("as S3 answers")
            error.response = {"Error": {"Code": "InvalidRange"}}
            raise error
        breaks_after = self.breaks.pop(0) if self.breaks else None
        return {"ETag": '"1"', "Body": self.Body(self.body[start:], breaks_after)}

    put_object = None


@given(body=st.binary(min_size=1, max_size=200), breaks=st.lists(st.integers(1, 40), max_size=6))
def test_an_answer_that_breaks_off_is_gone_on_with(body, breaks):
    client = Broken(body, breaks)
    assert b"".join(ClientStorage(client).pieces(Place("rocks", "a"))) == body
    assert client.asked[0] == (0, None)
    assert all(tag == '"1"' for start, tag in client.asked if start)


def test_an_answer_that_breaks_off_each_time_is_an_error():
    client = Broken(b"granite", [0, 0, 0, 0])
    with pytest.raises(OSError, match="the connection broke"):
        list(ClientStorage(client).pieces(Place("rocks", "a")))
    assert len(client.asked) == 3


class Huge:
    """An S3 with an output of any size, of which nothing is held."""

    def __init__(self, records, size):
        self.records, self.padding = records, "x" * size

    class Body:
        def __init__(self, huge):
            self.pieces = self._pieces(huge)
            self.rest = b""

        @staticmethod
        def _pieces(huge):
            for number in range(huge.records):
                answer = {"output": {"message": {"content": [{"text": huge.padding}]}}}
                yield json.dumps({"recordId": f"{number:011d}", "modelOutput": answer}).encode() + b"\n"

        def read(self, size):
            while len(self.rest) < size and (piece := next(self.pieces, None)) is not None:
                self.rest += piece
            found, self.rest = self.rest[:size], self.rest[size:]
            return found

        def close(self):
            pass

    def get_object(self, **_):
        return {"Body": self.Body(self)}

    put_object = None


def test_an_output_of_any_size_is_read_in_little_memory():
    from outcrop._jobs.records import result_of

    storage, count = ClientStorage(Huge(4_000, 40_000)), 0
    tracemalloc.start()
    try:
        for line in lines(storage, Place("rocks", "a.jsonl.out")):
            assert result_of("converse", line, {})[1]["output"]
            count += len(line)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count > 160 * 1_000_000
    assert peak < 8 * MEGABYTE
