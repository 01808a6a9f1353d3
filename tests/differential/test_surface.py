"""What programs touch of a client beside its calls is there, and is what boto3's has."""

from __future__ import annotations

import weakref

import boto3
import pytest

import outcrop

from .conftest import KEYS, REGION

# A POST whose body is signed cannot be presigned; a client of `outcrop.boto3` has botocore's method.
_MISSING = {"generate_presigned_url"}


@pytest.fixture(scope="module")
def clients():
    where = {"region_name": REGION, **KEYS}
    theirs = boto3.session.Session().client("bedrock-runtime", **where)
    ours = outcrop.client("bedrock-runtime", **where)
    yield ours, theirs
    ours.close()
    theirs.close()


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


@pytest.mark.parametrize("make", [outcrop.client, outcrop.async_client])
def test_every_name_of_boto3s_client_is_there(clients, make):
    _, theirs = clients
    ours = make("bedrock-runtime", region_name=REGION, **KEYS)
    assert public(theirs) - public(ours) == _MISSING
    assert public(theirs.meta) <= public(ours.meta)
    assert not [name for name in public(theirs.exceptions) if not hasattr(ours.exceptions, name)]


def test_what_it_says_of_itself_is_the_same(clients):
    ours, theirs = clients
    assert ours.meta.method_to_api_mapping.items() <= theirs.meta.method_to_api_mapping.items()
    # botocore lists it, and takes its method away.
    more = theirs.meta.method_to_api_mapping.keys() - ours.meta.method_to_api_mapping.keys()
    assert more == {"invoke_model_with_bidirectional_stream"}
    for name in ("region_name", "endpoint_url", "partition"):
        assert getattr(ours.meta, name) == getattr(theirs.meta, name)
    assert ours.meta.service_model.service_id.hyphenize() == theirs.meta.service_model.service_id.hyphenize()
    assert ours.meta.service_model.operation_names == theirs.meta.service_model.operation_names
    for client in clients:
        assert client._client_config is client.meta.config
        assert client._get_credentials().get_frozen_credentials().access_key == KEYS["aws_access_key_id"]


def test_a_method_may_be_replaced_and_a_client_held_weakly(clients):
    for client in clients:
        original = client.converse
        client.converse = lambda **_: "replaced"
        assert client.converse() == "replaced"
        client.converse = original
        assert weakref.ref(client)() is client
        with pytest.raises(TypeError, match=r"converse\(\) only accepts keyword arguments"):
            client.converse("m")


def test_a_session_says_what_it_is():
    ours, theirs = (make(region_name=REGION, **KEYS) for make in (outcrop.Session, boto3.Session))
    assert ours.region_name == theirs.region_name
    assert ours.profile_name == theirs.profile_name == "default"
    assert set(ours.get_available_services()) <= set(theirs.get_available_services())
    for name in ("access_key", "secret_key", "token"):
        frozen = [session.get_credentials().get_frozen_credentials() for session in (ours, theirs)]
        assert getattr(frozen[0], name) == getattr(frozen[1], name)
