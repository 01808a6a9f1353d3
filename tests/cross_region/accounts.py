"""Two accounts, each a local Bedrock of its own that knows no other account's keys."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import outcrop
from outcrop.emulator import Emulator

if TYPE_CHECKING:
    from typing_extensions import Self

ONE, TWO = "111111111111", "222222222222"
PRIMARY, SECOND, THIRD = "us-east-1", "us-west-2", "us-east-2"
_WRONG_KEYS = {"UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException"}
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def key_of(account: str, rest: str = "ABCDEF") -> str:
    """An access key id that names an account, as AWS's do since 2019."""
    bits = (1 << 47 | int(account) << 7) << 2
    return "AKIA" + "".join(_DIGITS[bits >> shift & 31] for shift in range(45, -1, -5)) + rest


class Accounts:
    """The accounts, by their ids."""

    def __init__(self, *names: str) -> None:
        self.emulators = {
            name: Emulator(account_id=name, access_key_id=key_of(name), secret_access_key=f"secret-of-{name}")
            for name in names or (ONE, TWO)
        }
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for emulator in self.emulators.values():
            self._stack.enter_context(emulator)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __getitem__(self, name: str) -> Emulator:
        return self.emulators[name]

    def session(self, name: str, **settings: Any) -> outcrop.Session:
        """Who calls as an account."""
        return outcrop.Session(**{**self[name].connection, **settings})

    def sources(self, *places: tuple[str, str]) -> list[outcrop.Source]:
        """Sources of these accounts and Regions."""
        sessions = {name: self.session(name) for name in self.emulators}
        return [outcrop.Source(region, session=sessions[name]) for name, region in places]

    def sent(self) -> list[tuple[str, str]]:
        """The calls of models that each account got, in which Region; those that it refused are an error."""
        found = []
        for name, emulator in self.emulators.items():
            for entry in emulator.journal:
                assert entry.error_code not in _WRONG_KEYS, entry
                if entry.method == "POST":
                    found.append((name, entry.region))
        return found
