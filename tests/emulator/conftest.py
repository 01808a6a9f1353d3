"""boto3 as the witness: what it makes of the emulator, unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outcrop.emulator import Emulator


@pytest.fixture
def witness(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Makes boto3 clients of the emulator: `witness("bedrock", region_name=…, read_timeout=…)`."""
    # The waits between attempts are botocore's affair; how many attempts there are is seen in the journal.
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda _seconds: None, raising=False)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    made: list[Any] = []

    def client(service: str = "bedrock-runtime", **settings: Any) -> Any:
        config = {name: settings.pop(name) for name in ("read_timeout", "retries") if name in settings}
        made.append(
            boto3.session.Session().client(
                service, config=Config(connect_timeout=10, **config), **{**emulator.connection, **settings}
            )
        )
        return made[-1]

    yield client
    for made_client in made:
        made_client.close()
