"""Servers that answer what none should: nothing goes out twice or elsewhere, and the error names the rule.

The first of three Regions is such a server, on a raw socket that counts; the others would answer well.
"""

from __future__ import annotations

import contextlib
import gzip
import json
from typing import TYPE_CHECKING, NamedTuple

import anthropic
import httpx2
import openai
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import outcrop.httpx2
from tests.apis import wire
from tests.apis.asking import Asking, arguments, method
from tests.apis.conftest import routed
from tests.apis.wire import APIS, MODELS, PATHS, Region

if TYPE_CHECKING:
    from collections.abc import Callable

EACH = pytest.mark.parametrize("api", APIS)
FAILURES = openai.OpenAIError, anthropic.AnthropicError, httpx2.HTTPError
SSE, JSON, HTML = "text/event-stream", "application/json", "text/html"


def head(kind: str, extra: str = "", status: int = 200) -> bytes:
    said = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nx-amzn-RequestId: r-1\r\nConnection: close\r\n"
    return f"{said}{extra}\r\n".encode()


def whole(api: str) -> bytes:
    return json.dumps(wire.whole(api)).encode()


def stream(api: str) -> bytes:
    return wire.streamed(api, ["gra", "nite"])


def begun(api: str) -> bytes:
    return b"".join([*wire.opening(api), *wire.content(api, ["gra"])])


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


class Odd(NamedTuple):
    """What a server says, and what is to become of it."""

    play: Callable[[str], bytes]
    stream: bool
    says: str
    #: What a client makes of it where the transport gives it an answer; `None` where a stream breaks.
    status: int | None = 502


UNREADABLE = b'event: content_block_delta\ndata: {"MARKER\n\n'
ODD = {
    "an answer cut in its JSON": Odd(lambda api: head(JSON) + whole(api)[:40], False, "its end too early at byte 40"),
    "an answer shorter than it says": Odd(
        lambda api: head(JSON, "Content-Length: 9999\r\n") + whole(api)[:40],
        False,
        "the connection ended inside the answer",
        503,
    ),
    "an answer of two lengths": Odd(
        lambda api: head(JSON, "Content-Length: 5\r\nContent-Length: 7\r\n") + whole(api),
        False,
        "conflicting content-length headers",
        503,
    ),
    "an answer of no HTTP": Odd(lambda _: b"garbage\r\n\r\n", False, "the answer is no HTTP/1.1", 503),
    "no answer": Odd(lambda _: b"", False, "the connection ended before the answer", 503),
    "an empty answer": Odd(lambda _: head(JSON), False, "its body is empty"),
    "an answer without content": Odd(lambda _: b"HTTP/1.1 204 x\r\n\r\n", False, "status 204 came without an answer"),
    "an answer that is no object": Odd(lambda _: head(JSON) + b"[1]", False, "its body is JSON but no object"),
    "an answer that is a message": Odd(
        lambda _: head(JSON) + b'{"message":"Endpoint request timed out"}', False, "nothing but a message"
    ),
    "an answer that is no UTF-8": Odd(
        lambda api: head(JSON) + whole(api).replace(b"granite", b"gra\xffnite"), False, "bytes that are no UTF-8"
    ),
    "a page": Odd(lambda _: head(HTML) + b"<html>MARKER</html>", False, "a page of a server in between"),
    "a page for a stream": Odd(lambda _: head(HTML) + b"<html>MARKER</html>", True, "that of no event stream"),
    "a packed answer": Odd(
        lambda api: head(JSON, "Content-Encoding: gzip\r\n") + gzip.compress(whole(api)), False, "encoded as gzip"
    ),
    "a packed stream": Odd(
        lambda api: head(SSE, "Content-Encoding: gzip\r\n") + gzip.compress(stream(api)), True, "encoded as gzip"
    ),
    "a stream for an answer": Odd(lambda api: head(SSE) + stream(api), False, "its body is no JSON"),
    "an answer for a stream": Odd(lambda api: head(JSON) + whole(api), True, "that of no event stream"),
    "an empty stream": Odd(lambda _: head(SSE), True, "the stream ended without", 503),
    "a switch of protocols": Odd(
        lambda _: b"HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", False, "no answer of Bedrock's"
    ),
    "an event that cannot be read, at first": Odd(
        lambda api: head(SSE) + b"".join([*wire.opening(api), UNREADABLE]), True, "is no JSON"
    ),
    "an event that cannot be read, later": Odd(
        lambda api: head(SSE) + begun(api) + UNREADABLE, True, "is no JSON", None
    ),
    "an event that is no UTF-8": Odd(
        lambda api: head(SSE) + stream(api).replace(b"nite", b"\xffite"), True, "bytes that are no UTF-8", None
    ),
    "a stream cut in a chunk": Odd(
        lambda api: head(SSE, "Transfer-Encoding: chunked\r\n") + chunked(begun(api)) + b"ff\r\ndata",
        True,
        "the connection ended inside the answer",
        None,
    ),
    "a stream of chunks without length": Odd(
        lambda api: head(SSE, "Transfer-Encoding: chunked\r\n") + chunked(begun(api)) + b"zz\r\n",
        True,
        "chunk length cannot be read",
        None,
    ),
}


@EACH
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_no_answer_is_an_error_that_says_so_and_is_sent_once(asking, regions, api, odd):
    regions[0].play = lambda _: odd.play(api)
    router = asking.router(MODELS[api], **routed(regions))
    with pytest.raises(FAILURES) as caught:
        asking.run(router, api, lambda client: told(asking, client, api, odd), max_retries=2)
    error = caught.value
    assert odd.says in f"{error} {error.__cause__}"
    assert "MARKER" not in f"{error} {error.__cause__}"
    assert [region.posts for region in regions] == [1, 0, 0]
    if odd.status is not None:
        assert (error.status_code, error.response.headers["x-should-retry"]) == (odd.status, "false")


def told(asking, client, api, odd):
    """What a client says, whole or from its stream."""
    asked = arguments(api, stream=odd.stream)
    if asking.kind == "sync":
        answer = method(client, api)(**asked)
        return list(answer) if odd.stream else answer

    async def gathered():
        answer = await method(client, api)(**asked)
        return [event async for event in answer] if odd.stream else answer

    return gathered()


FINE = {
    "line ends of the web": lambda api: stream(api).replace(b"\n", b"\r\n"),
    "line ends of old": lambda api: stream(api).replace(b"\n", b"\r"),
    "a byte order mark": lambda api: b"\xef\xbb\xbf" + stream(api),
    "comments": lambda api: b": hello\n\n: x\n" + stream(api).replace(b"\n\n", b"\n\n: keep-alive\n\n"),
    "events without data": lambda api: b"retry: 5\n\nid: 7\n\nevent: ping\n\n" + stream(api),
    "data in lines": lambda api: (
        stream(api).replace(b'{"id"', b'{\ndata: "id"').replace(b'{"type"', b'{\ndata: "type"')
    ),
    "no last empty line": lambda api: stream(api).rstrip(b"\n"),
    "a space at the end": lambda api: stream(api).replace(b"[DONE]", b"[DONE] "),
    "garbage after the end": lambda api: stream(api) + b"garbage\x00\xff\n\n{",
    "an error after the end": lambda api: stream(api) + wire.data(wire.error(api), "error") + wire.data("{"),
    "a long line": lambda api: b"".join(
        [*wire.opening(api), *wire.content(api, ["granite" * 300_000]), *wire.end(api)]
    ),
}


@EACH
@pytest.mark.parametrize("events", FINE.values(), ids=FINE)
def test_a_stream_that_is_laid_out_otherwise_is_read_as_well(asking, regions, api, events):
    regions[0].play = lambda _: wire.sse(events(api))
    router = asking.router(MODELS[api], **routed(regions))
    said = asking.ask(router, api, stream=True)
    assert (said.text.removeprefix("granite" * 299_999), said.input_tokens, said.output_tokens) == ("granite", 9, 3)
    assert [region.posts for region in regions] == [1, 0, 0]
    [series] = router.metrics()
    assert (series.labels["outcome"], series.output_tokens) == ("ok", 3)


@EACH
def test_answers_before_the_answer_are_passed_over(asking, regions, api):
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    regions[0].play = lambda request: early + wire.answer(request)
    router = asking.router(MODELS[api], **routed(regions))
    for streamed in (False, True):
        assert asking.ask(router, api, stream=streamed).text == "granite"
    assert [region.posts for region in regions] == [2, 0, 0]


@EACH
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(asking, regions, api, status, streamed):
    with Region("elsewhere") as elsewhere:
        place = f"{elsewhere.endpoint_url}{PATHS[api]}"
        regions[0].play = lambda _: head(JSON, f"Location: {place}\r\nRefresh: 0; url={place}\r\n", status)
        router = asking.router(MODELS[api], **routed(regions))
        # As those that the clients make by default.
        follow = {"follow_redirects": True}
        transport = outcrop.httpx2.Transport if asking.kind == "sync" else outcrop.httpx2.AsyncTransport
        web = (httpx2.Client if asking.kind == "sync" else httpx2.AsyncClient)(transport=transport(router), **follow)
        odd = Odd(lambda _: b"", streamed, "")
        with pytest.raises(FAILURES, match="sends the request elsewhere") as caught:
            asking.run(router, api, lambda it: told(asking, it, api, odd), max_retries=2, http_client=web)
        assert caught.value.status_code == 502
        assert "location" not in caught.value.response.headers
        assert elsewhere.posts == 0
    assert [region.posts for region in regions] == [1, 0, 0]


@EACH
@pytest.mark.parametrize("wish", ["99999999", "-5", "x", "1e400", "9" * 400])
def test_no_wish_to_wait_is_taken_for_longer_than_a_caller_waits(asking, regions, api, wish):
    names = ("Retry-After", "Retry-After-Ms", "x-amz-retry-after")
    extra = "".join(f"{name}: {wish}\r\n" for name in names)
    body = json.dumps(wire.error(api, "rate_limit_error", "slower")).encode()
    regions[0].play = regions[1].play = lambda _: wire.http(429, body, extra=extra)
    router = asking.router(MODELS[api], **routed(regions))
    assert asking.ask(router, api).text == "granite"
    assert [region.posts for region in regions] == [1, 1, 1]
    regions[2].play = regions[0].play
    with pytest.raises(FAILURES, match="slower") as caught:
        asking.run(router, api, lambda it: method(it, api)(**arguments(api)), max_retries=2)
    assert caught.value.status_code == 429


SECRETS = "sk-MARKER-of-mine"


@EACH
@pytest.mark.parametrize("value", [f"{SECRETS}\r\nX-Other: 1", f"{SECRETS}\x00", f"{SECRETS}\x7f"])
def test_a_header_that_cannot_be_sent_is_named_without_its_value(regions, api, value):
    router = outcrop.CrossRegion(MODELS[api], **routed(regions))
    transport = outcrop.httpx2.Transport(router)
    content = json.dumps(arguments(api)).encode()
    request = httpx2.Request("POST", f"https://bedrock.example{PATHS[api]}", headers={"X-Key": value}, content=content)
    answer = transport.handle_request(request)
    answer.read()
    assert answer.status_code == 400
    assert "MARKER" not in answer.text
    assert "x-key" in answer.text.lower()
    assert sum(region.posts for region in regions) == 0


@EACH
def test_what_a_server_says_of_the_request_is_no_part_of_what_is_logged(regions, api, caplog):
    def play(request):
        return wire.http(400, json.dumps(wire.error(api, "invalid_request_error", request.decode("latin-1"))).encode())

    regions[0].play = play
    router = outcrop.CrossRegion(MODELS[api], **routed(regions))
    caplog.set_level("DEBUG", "outcrop")
    asking = Asking("sync")
    with pytest.raises(FAILURES):
        asking.ask(router, api, extra_headers={"X-Team-Key": SECRETS})
    assert SECRETS not in caplog.text
    assert SECRETS not in repr(router)
    assert "Name a rock" not in caplog.text


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["sync", "async"]),
    api=st.sampled_from(APIS),
    streamed=st.booleans(),
    status=st.sampled_from([101, 200, 201, 204, 206, 302, 307, 400, 404, 408, 409, 418, 429, 500, 503, 529, 599, 999]),
    kind_of_body=st.sampled_from([SSE, JSON, HTML, "", "application/vnd.amazon.eventstream"]),
    body=st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"{}", b"data: {}\n\n", b"data: [DONE]\n\n", b'{"error":{}}', b'data: {"error":1}\n\n', b"null"]
        ),
    ),
)
@example(kind="sync", api="chat", streamed=True, status=200, kind_of_body=SSE, body=b"data: [DONE]\n\n")
@example(kind="async", api="messages", streamed=True, status=200, kind_of_body=SSE, body=b"event: error\n\n")
def test_whatever_comes_is_an_answer_or_an_error_of_the_client_and_is_sent_once(
    *, kind, api, streamed, status, kind_of_body, body
):
    """No other exception: Anthropic's client takes any for a reason to send the request again."""
    asking = Asking(kind)
    with Region("us-east-1") as region:
        region.play = lambda _: head(kind_of_body or "x/x", f"Content-Length: {len(body)}\r\n", status) + body
        router = asking.router(MODELS[api], **routed([region], retries={"max_attempts": 1}))
        odd = Odd(lambda _: b"", streamed, "")
        with contextlib.suppress(FAILURES):
            asking.run(router, api, lambda client: told(asking, client, api, odd), max_retries=2)
        assert region.posts == 1
        assert router.metrics().attempts[0].calls == 1
