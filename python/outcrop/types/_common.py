"""What the generated types share."""

from __future__ import annotations

from typing import Literal

from outcrop.types._typing import NotRequired, TypedDict

__all__ = [
    "CacheRecord",
    "CrossRegionAffinity",
    "CrossRegionAttempt",
    "CrossRegionPassedOver",
    "CrossRegionRecord",
    "CrossRegionTarget",
    "PaginatorConfig",
    "ResponseMetadata",
]


class PaginatorConfig(TypedDict, total=False):
    """How much a paginator fetches."""

    MaxItems: int
    """The most rows in all."""
    PageSize: int
    """The most rows of a page."""
    StartingToken: str
    """Where an earlier list ended."""


class CrossRegionTarget(TypedDict):
    """A model or profile in a source Region."""

    SourceRegion: str
    Account: NotRequired[str]
    ModelId: str
    Project: NotRequired[str]


class CrossRegionAttempt(TypedDict):
    """One request that a router sent; times are in seconds."""

    Target: CrossRegionTarget
    Error: str | None
    RequestId: str | None
    Duration: float
    BackOff: float


class CrossRegionAffinity(TypedDict):
    """Whether a conversation is where it was."""

    State: Literal["new", "kept", "moved"]
    """`new`: it was nowhere, or was quiet for longer than the prompt cache keeps it."""
    From: NotRequired[CrossRegionTarget]
    """Where it was before it moved."""
    Reason: NotRequired[str]
    """Why it moved."""


class CrossRegionPassedOver(TypedDict):
    """A target of a next model that a request was not for, and why."""

    Target: CrossRegionTarget
    Reason: str


class CrossRegionRecord(TypedDict):
    """What a router did for a call; times are in seconds."""

    Target: CrossRegionTarget
    Attempts: list[CrossRegionAttempt]
    TimeToFirstEvent: float | None
    Waited: float
    Hedged: bool
    Stopped: str | None
    Affinity: NotRequired[CrossRegionAffinity]
    """What became of the call's conversation; there for routers with `affinity=`."""
    Model: NotRequired[str]
    """The model that answered, as the router's user named it, where there are several."""
    PassedOver: NotRequired[list[CrossRegionPassedOver]]
    """The targets of next models that the request was not for; there if the call went on to next models."""


class CacheRecord(TypedDict):
    """Whether an answer was kept, and since how many seconds."""

    Hit: bool
    Age: NotRequired[float]


class ResponseMetadata(TypedDict, total=False):
    """What comes with every answer. `CrossRegion` is there when a router called, `Cache` with `cache=`."""

    RequestId: str
    HostId: str
    HTTPStatusCode: int
    HTTPHeaders: dict[str, str]
    RetryAttempts: int
    MaxAttemptsReached: bool
    CrossRegion: CrossRegionRecord
    Cache: CacheRecord
