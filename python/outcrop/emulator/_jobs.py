"""Batch jobs of the local Bedrock: what they may hold, how long they take, and what goes wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _values
from outcrop.emulator import _arguments, _rules

if TYPE_CHECKING:
    from outcrop import _native
    from outcrop.emulator._rules import Rule

Ending = Literal["Completed", "PartiallyCompleted", "Failed", "Expired"]

# Where a right on the key is missing, the service speaks of its requests to S3 all the same.
_DENIED = "Access to S3 was denied: {role} must be allowed s3:GetObject on the input and s3:PutObject on the output."
_MESSAGES = {
    "role": _DENIED.format(role="the role"),
    "kms": _DENIED.format(role="the role"),
    "expired": "The job did not begin before its timeout.",
}


class Jobs:
    """How batch jobs fare. They go through their states by the emulator's clock.

    Example:
        >>> from outcrop.emulator import Emulator
        >>> bedrock = Emulator()
        >>> bedrock.jobs.limit(minimum_records=10, running=3600)
        >>> bedrock.jobs.course("Expired", region="us-west-2", times=1)
        <Rule 0: job for region='us-west-2'>
    """

    def __init__(self, native: _native.Emulator) -> None:
        self._native = native

    def limit(
        self,
        *,
        minimum_records: int = 100,
        records: int = 50_000,
        slots: int = 20,
        queued: float = 15.0,
        running: float = 45.0,
    ) -> None:
        """Sets what jobs may hold, and how long those take that are made from now on.

        Args:
            minimum_records: Fewer records than this, and the job fails.
            records: More records than this, and the job fails.
            slots: How many jobs of a model a Region takes that have not ended; one more is refused.
            queued: Seconds until a job begins.
            running: Seconds that it takes then.

        Raises:
            ValueError: One of them cannot be.
        """
        limits: dict[str, Any] = {
            "minimum_records": _arguments.count("minimum_records", minimum_records),
            "records": _arguments.count("records", records),
            "slots": _arguments.count("slots", slots),
            "queued": _arguments.span("queued", queued),
            "running": _arguments.span("running", running),
        }
        self._native.set_job_limits(json.dumps(limits))

    def course(
        self,
        status: Ending = "Completed",
        *,
        region: str | None = None,
        model: str | None = None,
        times: int | None = None,
        failing: float = 0.0,
        done: float = 0.5,
        shuffled: bool = False,
        denied: Literal["role", "kms"] | None = None,
        message: str | None = None,
    ) -> Rule:
        """Says what becomes of jobs that are made from now on.

        Args:
            status: How they end. `Expired` never began before the timeout, `PartiallyCompleted` began and was not done.
            region: Only jobs of this source Region.
            model: Only jobs of this model or profile, by id; `*` stands for anything.
            times: Only the next so many jobs; all until removed if left out.
            failing: The share of their records that fail: always the same ones of a Region, by their ids.
            done: The share of their records that a `PartiallyCompleted` job has done.
            shuffled: Whether answers come in another order than the records.
            denied: What the role lacks: its rights on S3, or those on the key, which the service tells in the same
                words. The job fails.
            message: What a job that fails or expires says.

        Returns:
            The rule, which counts its hits and can be removed.

        Raises:
            ValueError: There is no such ending, or a share is none.
        """
        if status not in ("Completed", "PartiallyCompleted", "Failed", "Expired"):
            raise ValueError(
                f"a job ends Completed, PartiallyCompleted, Failed or Expired, not {_values.shown(status)}; "
                "it is Stopped by StopModelInvocationJob"
            )
        if denied not in (None, "role", "kms"):
            raise ValueError(f'denied must be "role", "kms" or None, not {_values.shown(denied)}')
        ending = "Failed" if denied else status
        usual = _MESSAGES[denied] if denied else _MESSAGES["expired"] if status == "Expired" else None
        effect = {
            "kind": "job",
            "status": ending,
            "failing": _share("failing", failing),
            "done": _share("done", done),
            "shuffled": _values.flag("shuffled", shuffled),
            "message": usual if message is None else _values.text("message", message),
        }
        return _rules.add(self._native, {"region": region, "model": model}, [effect], times)


def _share(name: str, value: float) -> float:
    found = _values.number(name, value)
    if not 0 <= found <= 1:
        raise ValueError(f"{name} is a share of the records, from 0 to 1, not {_values.shown(found)}")
    return found
