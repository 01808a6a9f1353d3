"""The retry quota of one caller is nobody else's; and a signature is corrected once."""

from __future__ import annotations

from email.utils import formatdate
from time import time

import pytest

import outcrop
from outcrop import exceptions
from tests.support.server import Server, json_answer
from tests.support.sides import KEYS

from .conftest import REQUEST

UNAVAILABLE = json_answer(b"{}", 503, x_amzn_ErrorType="ServiceUnavailableException")


def fails(client):
    """How many attempts a failing call took."""
    with pytest.raises(exceptions.ClientError) as caught:
        client.converse(**REQUEST)
    return caught.value.response["ResponseMetadata"]["RetryAttempts"] + 1


def exhaust(client):
    while fails(client) == 3:
        pass


def test_one_clients_outage_is_not_anothers():
    with Server(UNAVAILABLE) as one, Server(UNAVAILABLE) as two:
        client = outcrop.client("bedrock-runtime", endpoint_url=one.url, **KEYS)
        exhaust(client)
        others = KEYS | {"aws_access_key_id": "AKIDOTHER"}
        assert fails(outcrop.client("bedrock-runtime", endpoint_url=one.url, **others)) == 3
        assert fails(outcrop.client("bedrock-runtime", endpoint_url=two.url, **KEYS)) == 3
        assert fails(client) < 3


def test_clients_of_a_session_share_theirs_by_endpoint():
    with Server(UNAVAILABLE) as server:
        session = outcrop.Session(endpoint_url=server.url, **KEYS)
        exhaust(session.client("bedrock-runtime"))
        assert fails(session.client("bedrock-runtime")) < 3


def test_tenants_of_a_client_do_not_share_theirs():
    asks = ["AKIDONE"]

    def keys():
        return outcrop.Credentials(asks[-1], "secret", None)

    with Server(UNAVAILABLE) as server:
        where = {"endpoint_url": server.url, "region_name": "us-east-1"}
        client = outcrop.client("bedrock-runtime", credentials=keys, **where)
        exhaust(client)
        asks.append("AKIDTWO")
        assert fails(client) == 3
        asks.append("AKIDONE")
        assert fails(client) < 3


def test_a_signature_that_is_refused_by_the_servers_own_clock_is_wrong(make):
    ahead = json_answer(
        b'{"message": "Signature not yet current"}',
        403,
        x_amzn_ErrorType="InvalidSignatureException",
        Date=formatdate(time() + 3600, usegmt=True),
    )
    with Server(ahead) as server:
        with pytest.raises(exceptions.ClientError, match="InvalidSignatureException"):
            make(endpoint_url=server.url, retries={"max_attempts": 3}).call("converse", **REQUEST)
        assert len(server.requests) == 2
