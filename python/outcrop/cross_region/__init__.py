"""Cross-Region inference: which profiles exist, where data goes, and a client that survives a Region that fails.

```python
import outcrop

print(outcrop.profiles("anthropic.claude-haiku-4-5-20251001-v1:0", sources=["us-east-1", "eu-west-1"]))
router = outcrop.CrossRegion(
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    sources=["us-east-1", "us-west-2"],
    geographies=["us"],
    residency="us",
)
print(router.plan())
router.converse(messages=[…])
```
"""

from __future__ import annotations

from outcrop.cross_region._measured import Measured
from outcrop.cross_region.benchmarking import Benchmark, benchmark
from outcrop.cross_region.catalogue import Profiles, async_profiles, profiles
from outcrop.cross_region.clock import HeldClock
from outcrop.cross_region.health import BreakerChange, Health, TargetHealth
from outcrop.cross_region.identifiers import Identifier, parse
from outcrop.cross_region.options import Breaker, Hedge, Limits
from outcrop.cross_region.planning import Plan, PlannedTarget
from outcrop.cross_region.policies import iam_policy, scp_policy
from outcrop.cross_region.profile import Profile
from outcrop.cross_region.residency import JURISDICTIONS, Residency
from outcrop.cross_region.resolving import async_resolve, plan, resolve
from outcrop.cross_region.router import AsyncCrossRegion, CrossRegion
from outcrop.cross_region.sources import Source

__all__ = [
    "JURISDICTIONS",
    "AsyncCrossRegion",
    "Benchmark",
    "Breaker",
    "BreakerChange",
    "CrossRegion",
    "Health",
    "Hedge",
    "HeldClock",
    "Identifier",
    "Limits",
    "Measured",
    "Plan",
    "PlannedTarget",
    "Profile",
    "Profiles",
    "Residency",
    "Source",
    "TargetHealth",
    "async_profiles",
    "async_resolve",
    "benchmark",
    "iam_policy",
    "parse",
    "plan",
    "profiles",
    "resolve",
    "scp_policy",
]
