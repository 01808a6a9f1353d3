"""Connections are kept, shared, and replaced when they have gone stale."""

from __future__ import annotations

import asyncio
import threading

import pytest

import outcrop
from outcrop import exceptions
from tests.support.sides import KEYS
from tests.support.stalling import Handled, read_request
from tests.support.waiting import PATIENCE

from .conftest import REQUEST, serving, whole_answer


def url(server):
    return f"http://127.0.0.1:{server.port}"


def ok(answer):
    return answer["output"]["message"]["content"] == [{"text": "ok"}]


def test_one_connection_serves_call_after_call(make):
    with Handled(serving) as server:
        side = make(endpoint_url=url(server))
        assert all(ok(side.call("converse", **REQUEST)) for _ in range(10))
        assert server.connections == 1


def test_clients_of_a_session_share_their_connections():
    with Handled(serving) as server:
        session = outcrop.Session(endpoint_url=url(server), **KEYS)
        for _ in range(3):
            assert ok(session.client("bedrock-runtime").converse(**REQUEST))
        assert server.connections == 1


def test_a_connection_that_the_server_closed_is_replaced_unnoticed(make):
    """With a single attempt: nothing of the second request was answered, so this is no retry."""
    closed = threading.Semaphore(0)

    def once(connection):
        read_request(connection)
        connection.sendall(whole_answer())
        connection.close()
        closed.release()

    with Handled(once) as server:
        side = make(endpoint_url=url(server))
        for _ in range(5):
            assert ok(side.call("converse", **REQUEST))
            assert closed.acquire(timeout=PATIENCE)
        assert server.connections == 5


def test_a_server_that_says_close_gets_a_new_connection(make):
    def polite(connection):
        read_request(connection)
        connection.sendall(whole_answer("Connection: close\r\n"))
        connection.close()

    with Handled(polite) as server:
        side = make(endpoint_url=url(server))
        assert all(ok(side.call("converse", **REQUEST)) for _ in range(3))


def test_an_idle_connection_is_dropped_in_time(make):
    with Handled(serving) as server:
        side = make(endpoint_url=url(server), pool_idle_timeout=1e-6)
        for _ in range(3):
            assert ok(side.call("converse", **REQUEST))
        assert server.connections == 3


@pytest.mark.parametrize("kept", [1, 2, None])
async def test_no_more_connections_are_kept_than_allowed(kept):
    """Of four that calls needed at once; by both sides."""
    for work in (at_once_in_threads, at_once_in_tasks):
        everybody = threading.Barrier(4)

        def together(connection, everybody=everybody):
            while read_request(connection):
                everybody.wait(PATIENCE)
                connection.sendall(whole_answer())

        with Handled(together) as server:
            settings = {} if kept is None else {"max_pool_connections": kept}
            await work({"endpoint_url": url(server), **KEYS, **settings})
            assert server.connections == 4 + (4 - (kept or 4))


async def at_once_in_threads(where):
    client = outcrop.client("bedrock-runtime", **where)
    for _ in range(2):
        await asyncio.gather(*(asyncio.to_thread(client.converse, **REQUEST) for _ in range(4)))


async def at_once_in_tasks(where):
    client = outcrop.async_client("bedrock-runtime", **where)
    for _ in range(2):
        await asyncio.gather(*(client.converse(**REQUEST) for _ in range(4)))


async def test_asynchronous_clients_of_a_session_share_their_connections():
    with Handled(serving) as server:
        session = outcrop.Session(endpoint_url=url(server), **KEYS)
        for _ in range(3):
            assert ok(await session.async_client("bedrock-runtime").converse(**REQUEST))
        await session.async_client("bedrock").list_inference_profiles()
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 2",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_an_answer_that_breaks_off_is_an_error_of_ours(make, answer):
    def broken(connection):
        read_request(connection)
        connection.sendall(answer)
        connection.close()

    with Handled(broken) as server, pytest.raises(exceptions.BotoCoreError):
        make(endpoint_url=url(server)).call("converse", **REQUEST)


def test_nobody_there_says_so(make):
    with Handled(serving) as server:
        address = url(server)
    with pytest.raises(exceptions.EndpointConnectionError, match=f'Could not connect to the endpoint URL: "{address}'):
        make(endpoint_url=address).call("converse", **REQUEST)


def test_threads_share_a_client_each_idle_in_turn():
    """No call may take a connection that only an idle thread could drive."""
    with Handled(serving) as server:
        client = outcrop.client("bedrock-runtime", endpoint_url=url(server), **KEYS)
        turns = [threading.Event() for _ in range(9)]
        answers = []

        def work(number):
            for _ in range(3):
                turns[number].wait(PATIENCE)
                turns[number].clear()
                answers.append(ok(client.converse(**REQUEST)))
                turns[(number + 1) % 8 if len(answers) < 24 else 8].set()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        turns[0].set()
        assert turns[8].wait(PATIENCE)
        for thread in threads:
            thread.join()
        assert answers == [True] * 24


def test_http2_without_tls_is_spoken_on_request(emulator, make):
    where = {name: value for name, value in emulator.connection.items() if name != "region_name"}
    side = make(http_version="2", **where)
    request = REQUEST | {"modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0"}
    assert side.call("converse", **request)["stopReason"] == "end_turn"
    assert side.call("converse_stream", **request)["stream"][-1].keys() == {"metadata"}
    assert {entry.http_version for entry in emulator.journal} == {"2"}


def test_a_proxy_is_asked(make):
    """An http endpoint's requests are handed to it, as boto3 hands them to a proxy of its `Config`."""
    seen = []

    def proxy(connection):
        while request := read_request(connection):
            seen.append(request.decode())
            connection.sendall(whole_answer())

    with Handled(proxy) as server:
        where = f"http://somebody:secret@127.0.0.1:{server.port}"
        side = make(endpoint_url="http://bedrock.invalid", proxy=where)
        assert ok(side.call("converse", **REQUEST))
        assert "secret" not in repr(side.client)
    assert seen[0].startswith("POST http://bedrock.invalid/model/m/converse HTTP/1.1\r\n")
    assert "Basic c29tZWJvZHk6c2VjcmV0" in seen[0]


def test_http2_goes_through_a_proxy_unseen(make):
    """Proxies speak HTTP/1.1, so one is asked for a way to the endpoint even without TLS."""
    seen = []

    def proxy(connection):
        seen.append(read_request(connection).decode())
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with Handled(proxy) as server:
        where = f"http://somebody:secret@127.0.0.1:{server.port}"
        side = make(endpoint_url="http://bedrock.invalid", proxy=where, http_version="2")
        with pytest.raises(exceptions.ProxyConnectionError):
            side.call("converse", **REQUEST)
    assert seen[0].startswith("CONNECT bedrock.invalid:80 HTTP/1.1\r\n")


def test_the_environment_names_a_proxy_unless_told_not_to_use_it(make, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Handled(serving) as server:
        assert ok(make(endpoint_url=url(server), proxy=False).call("converse", **REQUEST))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert ok(make(endpoint_url=url(server)).call("converse", **REQUEST))
