"""One row of the catalogue: what can be called from one source Region, and where it may be served."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Type = Literal["SYSTEM_DEFINED", "APPLICATION", "FOUNDATION_MODEL"]
Scope = Literal["regions", "global", "unknown"]
Origin = Literal["live", "snapshot"]

DIRECT = "direct"
"""The geography of a model that is called itself, in its source Region, without a profile."""


@dataclass(frozen=True)
class Profile:
    """An inference profile as it is called from one source Region; or a model called there itself.

    Attributes:
        id: The profile's id; the model's for a model called itself.
        arn: Its ARN in the source Region; `None` where only the bundled facts speak.
        geography: What stands before the first dot of the id, `direct` for a model called itself; `None` for an
            application profile.
        base_model: The id of the model behind it; `None` where AWS does not say.
        type: `SYSTEM_DEFINED`, `APPLICATION`, or `FOUNDATION_MODEL` for a model called itself.
        source_region: The Region whose endpoint is called; it owns the quota, the price and the logs.
        scope: `regions` (served in `destination_regions` only), `global` (in any commercial Region, those to come
            too) or `unknown`.
        destination_regions: Where it may be served. Of a global profile only those that are named.
        status: `ACTIVE`, or what AWS says of the model's life.
        name: AWS's name of it.
        model_name: AWS's name of the model.
        provider: The model's provider.
        tags: An application profile's tags, where they were asked for.
        origin: `live`, or `snapshot` for the bundled facts.
        account: In a list of `outcrop.profiles`, the account that calls it from there: its id, or what stands for one
            of several; `None` where nobody knows.
    """

    id: str
    geography: str | None
    base_model: str | None
    type: Type
    source_region: str
    scope: Scope
    destination_regions: tuple[str, ...]
    arn: str | None = None
    status: str = "ACTIVE"
    name: str = ""
    model_name: str = ""
    provider: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    origin: Origin = "snapshot"
    account: str | None = None

    @property
    def model_id(self) -> str:
        """What is given to Bedrock as `modelId`: the id, or the ARN of an application profile."""
        return self.arn if self.type == "APPLICATION" and self.arn else self.id

    @property
    def destinations(self) -> str:
        """Where it may be served, in words."""
        if self.scope == "global":
            return "any commercial Region"
        if self.scope == "unknown":
            return "not known"
        return ", ".join(self.destination_regions)

    @property
    def reach(self) -> frozenset[str]:
        """Every Region that data is known to reach: the source Region and the destinations."""
        return frozenset({self.source_region, *self.destination_regions})
