"""An answer is given again to the caller who got it, and to nobody else unless somebody says so."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

import outcrop
from tests.support.server import ANSWER, Server, json_answer

from .conftest import BASE, Side, cold, hit


@pytest.fixture
def server():
    with Server(json_answer(ANSWER)) as server:
        yield server


@pytest.fixture
def side(kind, server):
    """`side(cache, **settings)`: a client of one kind with credentials of its own."""

    def made(cache, **settings):
        make = outcrop.client if kind == "blocking" else outcrop.async_client
        return Side(
            kind,
            make("bedrock-runtime", region_name="us-east-1", endpoint_url=server.url, cache=cache, **settings),
        )

    return made


def keys(name, token=None):
    return {"aws_access_key_id": f"AKID{name}", "aws_secret_access_key": "s", "aws_session_token": token}


CALLERS = {
    "keys": (keys("ONE"), keys("TWO")),
    "temporary keys": (keys("ONE", "t"), keys("TWO", "t")),
    "bearer tokens": ({"bearer_token": "one"}, {"bearer_token": "two"}),
    "a key and a token": (keys("ONE"), {"bearer_token": "AKIDONE"}),
}


@pytest.mark.parametrize("callers", CALLERS.values(), ids=CALLERS)
def test_another_caller_gets_no_answer_of_mine(cache_of, side, server, callers):
    cache = cache_of()
    mine, other = (side(cache, **who) for who in callers)
    assert [hit(mine.call("converse", **cold())) for _ in range(2)] == [False, True]
    assert [hit(other.call("converse", **cold())) for _ in range(2)] == [False, True]
    assert hit(side(cache, **callers[0]).call("converse", **cold())) is True
    assert len(server.requests) == 2


def test_who_says_the_same_name_shares(cache_of, side, server):
    cache = cache_of(scope="geology")
    assert hit(side(cache, **keys("ONE")).call("converse", **cold())) is False
    assert hit(side(cache, **keys("TWO")).call("converse", **cold())) is True
    assert hit(side(cache, bearer_token="one").call("converse", **cold())) is True
    assert len(server.requests) == 1


def test_another_name_on_the_same_file_is_another_cache(tmp_path, side, server):
    path = tmp_path / "answers.sqlite"
    for scope in ("geology", "geography", None):
        assert hit(side(outcrop.Cache(path, scope=scope), **keys("ONE")).call("converse", **cold())) is False
    assert len(server.requests) == 3


def test_routers_of_two_callers_do_not_share(cache_of, kind, server):
    make = outcrop.CrossRegion if kind == "blocking" else outcrop.AsyncCrossRegion
    cache = cache_of()
    request = cold()
    del request["modelId"]
    hits = []
    for who in ("ONE", "TWO", "ONE"):
        router = make(
            BASE, sources=["us-east-1"], geographies=["us"], catalogue="snapshot", endpoint_url=server.url,
            cache=cache, **keys(who),
        )  # fmt: skip
        hits.append(hit(Side(kind, router).call("converse", **request)))
    assert hits == [False, False, True]


TENANT = contextvars.ContextVar("TENANT", default="ONE")
FUNCTIONS = {
    "keys": {"credentials": lambda: outcrop.Credentials(f"AKID{TENANT.get()}", "s", "t")},
    "bearer tokens": {"bearer_token": lambda: f"token-of-{TENANT.get()}"},
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("routed", [False, True], ids=["client", "router"])
def test_who_asks_is_whom_a_function_names_for_the_call(cache_of, side, server, function, routed):
    cache = cache_of()
    mine = side(cache, **function)
    if routed:
        make = outcrop.CrossRegion if mine.kind == "blocking" else outcrop.AsyncCrossRegion
        where = {"sources": ["us-east-1"], "geographies": ["us"], "catalogue": "snapshot", "endpoint_url": server.url}
        mine = Side(mine.kind, make(BASE, cache=cache, **where, **function))
    request = cold()
    hits = []
    for name in ("ONE", "ONE", "TWO", "TWO", "ONE"):
        token = TENANT.set(name)
        hits.append(hit(mine.call("converse", **request)))
        TENANT.reset(token)
    assert hits == [False, True, False, True, True]
    assert len(server.requests) == 2


def test_equal_requests_of_two_callers_at_the_same_time_are_two(cache_of, server):
    client = outcrop.async_client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=server.url, cache=cache_of(), **FUNCTIONS["keys"]
    )

    async def of(name):
        TENANT.set(name)
        return await client.converse(**cold())

    async def crowd():
        await asyncio.gather(*(asyncio.create_task(of(name)) for name in ("ONE", "TWO") * 5))

    asyncio.run(crowd())
    assert len(server.requests) == 2
    assert len({request.header("authorization").split("/")[0] for request in server.requests}) == 2


def test_who_gives_no_credentials_is_given_no_answer(cache_of, side, server):
    given = [outcrop.Credentials("AKIDONE", "s", None), None]
    mine = side(cache_of(), credentials=lambda: given.pop(0))
    assert hit(mine.call("converse", **cold())) is False
    with pytest.raises(outcrop.exceptions.NoCredentialsError):
        mine.call("converse", **cold())
    assert len(server.requests) == 1


def test_without_credentials_nothing_is_given(cache_of, side, server, monkeypatch):
    cache = cache_of()
    for _ in range(2):
        with pytest.raises(outcrop.exceptions.NoCredentialsError):
            side(cache).call("converse", **cold())
    assert cache.usage().entries == 0


def test_no_key_and_no_token_is_in_the_file(tmp_path, side, server):
    path = tmp_path / "answers.sqlite"
    side(outcrop.Cache(path), bearer_token="a-very-secret-token").call("converse", **cold())
    side(outcrop.Cache(path), **keys("NAME")).call("converse", **cold())
    # Behind the calls, files come and go with the handles.
    outcrop._native.flush_caches()
    content = b"".join(file.read_bytes() for file in (path, *tmp_path.glob("*-wal")) if file.exists())
    assert b"a-very-secret-token" not in content
    assert b"AKIDNAME" not in content


def test_a_scope_that_cannot_be():
    with pytest.raises(TypeError, match="scope must be a str or None, not int"):
        outcrop.Cache(scope=5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="scope must not be empty: leave it out"):
        outcrop.Cache(scope="")
    assert "scope='geology'" in repr(outcrop.Cache(scope="geology"))
