"""Quotas read from Service Quotas: by code, the applied value before the default, at the side of the calls."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop._urls import is_loopback
from outcrop.cross_region.profile import DIRECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from outcrop import _native
    from outcrop._session import Session
    from outcrop.cross_region.profile import Profile

AGE = 3600.0
"""Seconds for which a value is taken as it is. Raises take effect without notice."""
AGAIN = 60.0
"""Seconds after which what could not be had is asked for again."""
SOON = 1.0
KINDS = ("tokens", "requests")


class Codes(NamedTuple):
    """The codes of the quotas that a target draws on; `None` where nobody knows one."""

    tokens: str | None
    requests: str | None

    @property
    def key(self) -> str | None:
        """What stands for both: targets that have it in common draw on the same quotas of their source."""
        return self.tokens or self.requests


class Wish(NamedTuple):
    """What a user wants read.

    Attributes:
        numbers: For each kind that is to be read the number to take where it is not known, or `None`.
        share: The part of each quota that is this router's.
    """

    numbers: Mapping[str, int | None]
    share: float


class Drawn(NamedTuple):
    """A target of a source, and the codes of what it draws on."""

    source: int
    region: str
    model_id: str
    codes: Codes


class Place(NamedTuple):
    """A quota's code in a source, which is an account's in a Region."""

    source: int
    region: str
    code: str


# Read with the module: a call finds no file to be opened, which a process at its limit could not.
_TABLE: dict[str, dict[str, list[str | None]]] = json.loads(
    Path(__file__).with_name("quota_codes.json").read_text("utf-8")
)


def codes_of(profile: Profile) -> Codes:
    """The codes of a profile.

    Those of all geographies of a model are one, `global` has its own, and a model that is called itself a third, which
    the facts of the release do not have. An application profile draws on what it was copied from.
    """
    if profile.type == "FOUNDATION_MODEL" or profile.geography == DIRECT:
        return Codes(None, None)
    scope = "global" if "global" in (profile.scope, profile.geography) else "geographies"
    known = _TABLE.get(profile.base_model or "", {}).get(scope, [None, None])
    return Codes(*known)


def check_known(wish: Wish, profiles: Iterable[Profile]) -> None:
    """See that each target's quotas can be read, or have a number.

    Raises:
        ValueError: A code is not known. A model of which one code is known has no quota of the other kind.
    """
    for profile in profiles:
        codes = codes_of(profile)
        for kind, number in wish.numbers.items():
            if number is None and codes.key is None:
                raise ValueError(
                    f'limits["{kind}_per_minute"] is "quota", but the code of that quota is not known for '
                    f'{profile.model_id}: give a number, or ("quota", number) to take it where the quota is not known'
                )


class Quotas:
    """The quotas of a router's targets, kept for an hour.

    Args:
        router: The native half, which takes them.
        sessions: Whose quotas they are, for each source.
        wish: What is read.
    """

    def __init__(self, router: _native.Router, sessions: Sequence[Session], wish: Wish) -> None:
        self._router = router
        self._sessions = sessions
        self._wish = wish
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._done: threading.Event | None = None
        self._values: dict[Place, tuple[float | None, str]] = {}
        self._until = 0.0

    def look(self, drawn: Sequence[Drawn], patience: float | None) -> float:
        """Read them where they are old, and wait for them for so long.

        Args:
            drawn: The targets.
            patience: Seconds; `None` waits for what the service says in any case.

        Returns:
            For how many seconds nobody needs to look again.
        """
        if self._process != os.getpid():
            self._begin_anew()
        wanted = {Place(it.source, it.region, code) for it in drawn for code in self._codes(it) if code is not None}
        with self._lock:
            old = time.monotonic() >= self._until or not wanted <= self._values.keys()
            if old and self._done is None:
                self._done = threading.Event()
                threading.Thread(target=self._read, args=[wanted, list(drawn), self._done], daemon=True).start()
            done = self._done
        if done is not None and not done.wait(patience):
            return SOON
        return max(SOON, self._until - time.monotonic())

    def told(self, drawn: Drawn) -> str:
        """Where the limits of a target come from, for a report."""
        told = []
        for kind, code in zip(KINDS, drawn.codes, strict=True):
            if kind in self._wish.numbers:
                told.append(f"{kind}: {self._origin(drawn, code)}")
        return ", ".join(told)

    def _origin(self, drawn: Drawn, code: str | None) -> str:
        if code is None:
            return "no quota" if drawn.codes.key is not None else "the code is not known"
        value, origin = self._values.get(Place(drawn.source, drawn.region, code), (None, "not read yet"))
        return f"{code} {origin}" if value is not None else f"{code} is not known, {origin}"

    def _codes(self, drawn: Drawn) -> list[str | None]:
        return [code for kind, code in zip(KINDS, drawn.codes, strict=True) if kind in self._wish.numbers]

    def _read(self, wanted: set[Place], drawn: list[Drawn], done: threading.Event) -> None:
        """On a thread of its own: calls go on meanwhile."""
        failed = True
        try:
            found = _ask_for(self._sessions, wanted)
            failed = any(value is None for value, _ in found.values())
            for place, (value, origin) in found.items():
                # What was known stays in force where the service does not answer.
                if value is not None or self._values.get(place, (None,))[0] is None:
                    self._values[place] = value, origin
            self._hand_over(drawn)
        finally:
            with self._lock:
                self._until = time.monotonic() + (AGAIN if failed else AGE)
                self._done = None
            done.set()

    def _hand_over(self, drawn: list[Drawn]) -> None:
        quotas: dict[tuple[int, str], tuple[float | None, float | None]] = {}
        for it in drawn:
            if it.codes.key is not None:
                values = (self._value(it, kind, code) for kind, code in zip(KINDS, it.codes, strict=True))
                tokens, requests = values
                quotas[it.source, it.codes.key] = (tokens, requests)
        self._router.take_quotas([(source, code, *values) for (source, code), values in quotas.items()])

    def _value(self, drawn: Drawn, kind: str, code: str | None) -> float | None:
        value = self._values.get(Place(drawn.source, drawn.region, code or ""), (None, ""))[0]
        return None if value is None or kind not in self._wish.numbers else value * self._wish.share


def _ask_for(sessions: Sequence[Session], wanted: Iterable[Place]) -> dict[Place, tuple[float | None, str]]:
    """The values of codes in sources, and where each comes from, or why there is none."""
    asking: dict[int, Callable[[str, str], tuple[float | None, str]]] = {}
    found: dict[Place, tuple[float | None, str]] = {}
    for place in sorted(wanted):
        session = sessions[place.source]
        try:
            ask = asking[id(session)] = asking.get(id(session)) or _asking(session)
            found[place] = ask(place.region, place.code)
        except Exception as error:  # noqa: BLE001  -- whatever it is, it is told, and calls go on
            found[place] = None, f"since it could not be asked for: {error}"
    return found


def _asking(session: Session) -> Callable[[str, str], tuple[float | None, str]]:
    """What asks the service for the value of a code in a Region, and says where that comes from or why there is none.

    Raises:
        ImportError: boto3 is not installed.
        ValueError: Whom to ask is not known.
    """
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise ImportError("quotas are read with boto3: pip install 'outcrop[monitoring]'") from error
    keys = session.get_credentials()
    if keys is None:
        raise ValueError("the session has no keys, and Service Quotas takes no Bedrock API key")
    asker = boto3.Session(
        aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key, aws_session_token=keys.token
    )
    config = Config(connect_timeout=3.1, read_timeout=10, retries={"total_max_attempts": 3, "mode": "standard"})
    clients: dict[str, Any] = {}

    def client(region: str) -> Any:
        made = clients[region] = clients.get(region) or asker.client("service-quotas", region, config=config)
        if is_loopback(session.endpoint_url or "") and not is_loopback(made.meta.endpoint_url):
            raise ValueError("Bedrock is a local one: AWS_ENDPOINT_URL_SERVICE_QUOTAS names a Service Quotas beside it")
        return made

    def ask(region: str, code: str) -> tuple[float | None, str]:
        try:
            asked = client(region)
            try:
                answer, origin = asked.get_service_quota(ServiceCode="bedrock", QuotaCode=code), "applied"
            except ClientError as error:
                if error.response["Error"]["Code"] != "NoSuchResourceException":
                    raise
                answer = asked.get_aws_default_service_quota(ServiceCode="bedrock", QuotaCode=code)
                origin = "default"
            value = float(answer["Quota"]["Value"])
        except (BotoCoreError, ClientError, ValueError, KeyError, TypeError) as error:
            return None, f"since it could not be read: {error}"
        return (value, origin) if value > 0 else (None, f"since its value is {value:g}")

    return ask
