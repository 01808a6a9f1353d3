"""Rows of the user's engine: one picklable callable behind `outcrop.ray`, `outcrop.spark` and `outcrop.dask`.

`rows` reads and widens the engines' batches, `asking` makes a row's request, `columns` lays out what becomes of it.
`calls` is the callable: its options, and no more, are its pickle. `running` is what a process has of it: `lanes`,
one for each source Region, that take rows from one `row_queue` as `quotas` and `leases` let them; `prefixes` says which
rows share a prompt cache. `outcrop._batch` paces the calls of a lane and keeps the answers.
"""
