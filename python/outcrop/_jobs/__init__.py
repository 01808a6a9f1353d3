"""Bedrock's batch jobs over several source Regions: `outcrop.BatchJobs`.

`records` makes lines of requests and answers of lines; `spool` holds the lines until `splitting` has said which job
each goes to; `rounds` is the plan that survives the program, and `state` keeps it in the buckets and a journal;
`driving` makes the jobs and waits for them, `outputs` reads what they wrote. `storage` is S3 or what stands for it,
`service` Bedrock's control plane in one source Region. `checks` asks AWS what the role may do.
"""

from __future__ import annotations

from outcrop._jobs.asynchronous import AsyncBatchJobs
from outcrop._jobs.blocking import BatchJobs

__all__ = ["AsyncBatchJobs", "BatchJobs"]
