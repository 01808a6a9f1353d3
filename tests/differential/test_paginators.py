"""The same pages give the same results, whole and resumed."""

from __future__ import annotations

import json
import sys

import pytest
from botocore.exceptions import OperationNotPageableError, PaginationError

import outcrop
from tests.support.server import json_answer

from .comparison import meaning
from .conftest import KEYS, REGION
from .operations import EVERY, PAGED, method
from .test_answers import needed

WITHOUT_A_SIZE = ("bedrock", "ListEnforcedGuardrailsConfiguration")
"""Its pages are as long as Bedrock likes."""


def result_key(pair, operation):
    return pair.theirs.get_paginator(method(operation)).result_keys[0].expression


def pages(pair, operation):
    """Two full pages and an empty one. The entries need no content: pagination does not look inside."""
    key = result_key(pair, operation)
    bodies = [{key: [{}, {}], "nextToken": "two"}, {key: [{}, {}], "nextToken": "three"}, {key: []}]
    return [json_answer(json.dumps(body).encode()) for body in bodies]


@pytest.mark.parametrize(("service", "operation"), EVERY)
def test_the_same_operations_page(pairs, service, operation):
    pair = pairs(service)
    assert pair.ours.can_paginate(method(operation)) == pair.theirs.can_paginate(method(operation))


@pytest.mark.parametrize(("service", "operation"), PAGED)
@pytest.mark.parametrize(
    "config",
    [{}, {"MaxItems": 3}, {"PageSize": 2}, {"MaxItems": 1, "PageSize": 5}, {"StartingToken": "two"}],
    ids=str,
)
def test_pages_results_and_requests(pairs, service, operation, config):
    pair = pairs(service)
    if (service, operation) == WITHOUT_A_SIZE and "PageSize" in config:
        refused = []
        for client in (pair.ours, pair.theirs):
            with pytest.raises(PaginationError) as caught:
                client.get_paginator(method(operation)).paginate(**needed(service, operation), PaginationConfig=config)
            refused.append(str(caught.value))
        assert refused[0] == refused[1]
        return
    pair.play(*pages(pair, operation))
    told = []
    for client in (pair.ours, pair.theirs):
        paginator = client.get_paginator(method(operation))
        iterator = paginator.paginate(**needed(service, operation), PaginationConfig=config)
        seen = [{key: value for key, value in page.items() if key != "ResponseMetadata"} for page in iterator]
        requests = [meaning(request) for request in pair.server.requests]
        pair.play(*pages(pair, operation))
        whole = paginator.paginate(**needed(service, operation), PaginationConfig=config).build_full_result()
        pair.play(*pages(pair, operation))
        told.append((seen, requests, whole, iterator.resume_token))
    assert told[0] == told[1]


@pytest.mark.parametrize("token", [5, 1.5, True, b"two", ["two"]])
def test_a_token_that_is_no_text_is_named(pairs, token):
    pages = (
        pairs("bedrock")
        .ours.get_paginator("list_inference_profiles")
        .paginate(PaginationConfig={"StartingToken": token})
    )
    with pytest.raises(TypeError, match="StartingToken of PaginationConfig must be a str, not"):
        list(pages)


@pytest.mark.parametrize(("service", "operation"), PAGED)
@pytest.mark.parametrize("config", [{}, {"MaxItems": 3}, {"MaxItems": 1}], ids=str)
async def test_pages_awaited_are_the_same(pairs, service, operation, config):
    pair = pairs(service)
    retries = {"max_attempts": 1}
    client = outcrop.async_client(service, region_name=REGION, endpoint_url=pair.server.url, retries=retries, **KEYS)
    ours = pair.ours.get_paginator(method(operation)).paginate(**needed(service, operation), PaginationConfig=config)
    awaited = client.get_paginator(method(operation)).paginate(**needed(service, operation), PaginationConfig=config)
    wanted = f"{result_key(pair, operation)}[]"
    pair.play(*pages(pair, operation))
    assert [page async for page in awaited] == told(pair, operation, lambda: list(ours))
    assert awaited.resume_token == ours.resume_token
    pair.play(*pages(pair, operation))
    assert await awaited.build_full_result() == told(pair, operation, ours.build_full_result)
    pair.play(*pages(pair, operation))
    found = [each async for each in awaited.search(wanted)]
    assert found == told(pair, operation, lambda: list(ours.search(wanted)))


def told(pair, operation, ask):
    pair.play(*pages(pair, operation))
    return ask()


def test_without_jmespath_search_says_what_to_install(pairs, monkeypatch):
    monkeypatch.setitem(sys.modules, "jmespath", None)
    pages = pairs("bedrock").ours.get_paginator("list_inference_profiles").paginate()
    with pytest.raises(ImportError, match="pip install jmespath"):
        next(pages.search("x"))


def test_search(pairs):
    pair = pairs("bedrock")
    body = json.dumps({"inferenceProfileSummaries": [{"inferenceProfileId": "us.a"}, {"inferenceProfileId": "eu.b"}]})
    pair.play(json_answer(body.encode()))
    wanted = "inferenceProfileSummaries[].inferenceProfileId"
    found = [
        list(client.get_paginator("list_inference_profiles").paginate().search(wanted))
        for client in (pair.ours, pair.theirs)
    ]
    assert found[0] == found[1] == ["us.a", "eu.b"]


def test_what_does_not_page_says_so(pairs):
    pair = pairs("bedrock")
    texts = []
    for client in (pair.ours, pair.theirs):
        with pytest.raises(OperationNotPageableError) as caught:
            client.get_paginator("get_inference_profile")
        texts.append(str(caught.value))
    assert texts[0] == texts[1]
