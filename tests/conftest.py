"""What every test stands on: an environment that names no account, and a local Bedrock on request."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from outcrop.emulator import Emulator

# How long an example takes says what else the machine does: no property has a deadline. Fixtures are shared by a
# property's examples on purpose: a local Bedrock is started once for all of them.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
# What CI runs is the same for the same code; HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("same", _UNTIMED, derandomize=True)
settings.register_profile("explore", _UNTIMED, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Read once, before any test: a proxy would carry loopback requests away, and a bundle hide the system's authorities.
_FOREIGN = ("AWS_", "BEDROCK_", "OUTCROP_", "LANGCHAIN_", "LANGSMITH_", "OTEL_")
_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle"}


@pytest.fixture(autouse=True)
def environment_without_aws(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No credentials, profiles or endpoints of the machine reach a test; returns an empty home folder."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "credentials"))
    # Otherwise a client without credentials asks the instance metadata address, which is not loopback.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return home


@pytest.fixture(autouse=True, scope="module")
def leaks_show_where_they_are_made() -> Iterator[None]:
    """What a module left open is collected, and warned of, before the next one begins."""
    yield
    gc.collect()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A local Bedrock of this test's own."""
    from outcrop.emulator import Emulator

    with Emulator() as bedrock:
        yield bedrock
