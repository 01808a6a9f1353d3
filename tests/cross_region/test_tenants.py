"""Tenants of one process never meet: not in breakers, not in limits, not in what is known of Regions."""

from __future__ import annotations

import functools
import gc
import weakref

import pytest

import outcrop
from outcrop._principal import _numbers, principal
from outcrop.cross_region import _store

from .conftest import MODEL, ask

PRIMARY = "us-east-1"
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


class Provider:
    def __init__(self, keys):
        self.keys = keys

    def __call__(self):
        return self.keys

    def get(self):
        return self.keys


def credentials(emulator):
    return outcrop.Credentials(emulator.access_key_id, emulator.secret_access_key, None)


def test_a_provider_at_the_address_of_another_is_another(emulator):
    """One tenant's used-up day leaves the next one's breakers alone, however often an address is used again."""
    options = {
        "sources": [PRIMARY],
        "geographies": ["us"],
        "catalogue": "snapshot",
        "endpoint_url": emulator.endpoint_url,
    }
    emulator.fault("throttling", message="Too many tokens per day, please wait before trying again.", times=20)
    for _ in range(20):
        router = outcrop.CrossRegion(MODEL, credentials=Provider(credentials(emulator)), **options)
        assert router.health()[0].state == "closed"
        with pytest.raises(outcrop.exceptions.ThrottlingException):
            router.converse(**ask())
        assert router.health()[0].state == "open"
        del router
        gc.collect()


def test_the_same_provider_is_the_same_principal():
    provider = Provider(None)
    assert principal({"credentials": provider}) == principal({"credentials": provider})
    # A bound method is another object each time.
    assert principal({"credentials": provider.get}) == principal({"credentials": provider.get})
    assert principal({"credentials": provider.get}) != principal({"credentials": Provider(None).get})
    assert principal({"credentials": functools.partial(provider)}) != principal({"credentials": provider})


def test_providers_are_let_go_of():
    before = len(_numbers)
    provider = Provider(None)
    principal({"credentials": provider})
    assert len(_numbers) == before + 1
    gone = weakref.ref(provider)
    del provider
    gc.collect()
    assert gone() is None
    assert len(_numbers) == before


@pytest.mark.parametrize(
    "other",
    [
        {"aws_session_token": "another"},
        {"aws_secret_access_key": "another"},
        {"role_arn": "arn:aws:iam::123456789012:role/another"},
        {"endpoint_url": "http://127.0.0.1:1"},
        {"default_headers": {"x-tenant": "another"}},
        {"a_setting_of_tomorrow": "another"},
    ],
)
def test_settings_tell_principals_apart(other):
    assert principal({**KEYS, **other}) != principal(KEYS)


@pytest.mark.parametrize(
    "variable",
    [
        "AWS_SESSION_TOKEN",
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_CONFIG_FILE",
        "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "HOME",
    ],
)
def test_the_environment_tells_principals_apart(variable, monkeypatch):
    before = principal({})
    monkeypatch.setenv(variable, "another")
    assert principal({}) != before


def test_how_is_called_says_nothing_of_who_calls(monkeypatch):
    before = principal(KEYS)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    again = {**KEYS, "region_name": "eu-west-1", "timeouts": {"total": 5.0}, "retries": {"max_attempts": 1}}
    assert principal(again) == before


def test_no_secret_is_in_a_principal():
    assert KEYS["aws_secret_access_key"] not in principal(KEYS)
    assert len(principal(KEYS)) == 32


def test_what_is_known_of_regions_stays_bounded(emulator, monkeypatch):
    monkeypatch.setattr(_store, "_KEPT", 4)
    for number in range(12):
        session = outcrop.Session(
            region_name=PRIMARY, default_headers={"x-tenant": str(number)}, **_connection(emulator)
        )
        _store.facts(session, [PRIMARY], source="live", max_age=60)
        assert len(_store._entries) <= 5
    asked = len(emulator.journal)
    _store.facts(session, [PRIMARY], source="live", max_age=60)
    assert len(emulator.journal) == asked


def _connection(emulator):
    return {name: value for name, value in emulator.connection.items() if name != "region_name"}
