"""The local Bedrock under its strictest rules, asked whether it takes what chat models send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop.exceptions import ClientError

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

REGION = "us-west-2"


class Strict:
    """Holds requests against the local Bedrock; models are added when they are met."""

    def __init__(self, bedrock: Emulator) -> None:
        self._bedrock = bedrock
        self._runtime = bedrock.client("bedrock-runtime", region_name=REGION)
        self._offered: set[str] = set()

    def refusal(self, request: dict[str, Any], operation: str = "converse") -> str | None:
        """Why a request is refused, or `None` if it is taken."""
        name = request["modelId"]
        if name not in self._offered:
            self._offer(name)
            self._offered.add(name)
        try:
            getattr(self._runtime, operation)(**request)
        except ClientError as error:
            return error.response["Error"]["Message"]
        return None

    def _offer(self, name: str) -> None:
        geography, _, base = name.partition(".")
        reads = ["TEXT", "IMAGE", "VIDEO"]
        if geography in {"us", "xx"}:
            self._bedrock.add_model(base, input_modalities=reads)
            self._bedrock.add_profile(name, model=base, sources={REGION: [REGION]})
        else:
            self._bedrock.add_model(name, regions=[REGION], input_modalities=reads)
