# What type checkers see of the types that both services share. See bedrock_runtime.pyi about `ResponseMetadata`.

# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false
from typing import Any, Literal, TypeVar, overload

from typing_extensions import NotRequired, TypedDict

T = TypeVar("T")  # noqa: PYI001

class Nothing(TypedDict): ...

class PaginatorConfig(TypedDict, total=False):
    MaxItems: int
    PageSize: int
    StartingToken: str

class CrossRegionTarget(TypedDict):
    SourceRegion: str
    Account: NotRequired[str]
    ModelId: str
    Project: NotRequired[str]

class CrossRegionAttempt(TypedDict):
    Target: CrossRegionTarget
    Error: str | None
    RequestId: str | None
    Duration: float
    BackOff: float

class CrossRegionAffinity(TypedDict):
    State: Literal["new", "kept", "moved"]
    From: NotRequired[CrossRegionTarget]
    Reason: NotRequired[str]

class CrossRegionPassedOver(TypedDict):
    Target: CrossRegionTarget
    Reason: str

class CrossRegionRecord(TypedDict):
    Target: CrossRegionTarget
    Attempts: list[CrossRegionAttempt]
    TimeToFirstEvent: float | None
    Waited: float
    Hedged: bool
    Stopped: str | None
    Affinity: NotRequired[CrossRegionAffinity]
    Model: NotRequired[str]
    PassedOver: NotRequired[list[CrossRegionPassedOver]]

class CacheRecord(TypedDict):
    Hit: bool
    Age: NotRequired[float]

class ResponseMetadata(dict[str, Any]):
    @overload
    def __getitem__(self, key: Literal["RequestId"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["HostId"], /) -> str: ...
    @overload
    def __getitem__(self, key: Literal["HTTPStatusCode"], /) -> int: ...
    @overload
    def __getitem__(self, key: Literal["HTTPHeaders"], /) -> dict[str, str]: ...
    @overload
    def __getitem__(self, key: Literal["RetryAttempts"], /) -> int: ...
    @overload
    def __getitem__(self, key: Literal["MaxAttemptsReached"], /) -> bool: ...
    @overload
    def __getitem__(self, key: Literal["CrossRegion"], /) -> CrossRegionRecord: ...
    @overload
    def __getitem__(self, key: Literal["Cache"], /) -> CacheRecord: ...
    @overload
    def get(self, key: Literal["RequestId"], default: None = None, /) -> str | None: ...
    @overload
    def get(self, key: Literal["RequestId"], default: T, /) -> str | T: ...
    @overload
    def get(self, key: Literal["HostId"], default: None = None, /) -> str | None: ...
    @overload
    def get(self, key: Literal["HostId"], default: T, /) -> str | T: ...
    @overload
    def get(self, key: Literal["HTTPStatusCode"], default: None = None, /) -> int | None: ...
    @overload
    def get(self, key: Literal["HTTPStatusCode"], default: T, /) -> int | T: ...
    @overload
    def get(self, key: Literal["HTTPHeaders"], default: None = None, /) -> dict[str, str] | None: ...
    @overload
    def get(self, key: Literal["HTTPHeaders"], default: Nothing, /) -> dict[str, str]: ...
    @overload
    def get(self, key: Literal["HTTPHeaders"], default: T, /) -> dict[str, str] | T: ...
    @overload
    def get(self, key: Literal["RetryAttempts"], default: None = None, /) -> int | None: ...
    @overload
    def get(self, key: Literal["RetryAttempts"], default: T, /) -> int | T: ...
    @overload
    def get(self, key: Literal["MaxAttemptsReached"], default: None = None, /) -> bool | None: ...
    @overload
    def get(self, key: Literal["MaxAttemptsReached"], default: T, /) -> bool | T: ...
    @overload
    def get(self, key: Literal["CrossRegion"], default: None = None, /) -> CrossRegionRecord | None: ...
    @overload
    def get(self, key: Literal["CrossRegion"], default: Nothing, /) -> CrossRegionRecord: ...
    @overload
    def get(self, key: Literal["CrossRegion"], default: T, /) -> CrossRegionRecord | T: ...
    @overload
    def get(self, key: Literal["Cache"], default: None = None, /) -> CacheRecord | None: ...
    @overload
    def get(self, key: Literal["Cache"], default: Nothing, /) -> CacheRecord: ...
    @overload
    def get(self, key: Literal["Cache"], default: T, /) -> CacheRecord | T: ...
