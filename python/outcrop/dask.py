"""Rows of a Dask data frame, answered by Bedrock: callables for `DataFrame.map_partitions`.

    import outcrop
    import outcrop.dask

    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
    converse = outcrop.dask.Converse(router, prompt="question", id="id", journal="/shared/answers")
    answered = frame.map_partitions(converse, meta=converse.meta(frame))

Dask runs a task again when a worker dies; with a journal no row is paid for twice.
"""

from __future__ import annotations

import hashlib
import pickle
from typing import Any

from outcrop._engines import background, calls, rows
from outcrop._engines.installed import package

__all__ = ["Converse", "InvokeModel"]


class _DaskCalls(calls.Calls):
    def meta(self, frame: Any) -> Any:
        """What `map_partitions` has to know of the rows that come out.

        Args:
            frame: The Dask frame whose rows go in, or an empty one of pandas like its partitions.

        Returns:
            An empty frame of pandas.
        """
        empty = getattr(frame, "_meta", frame).iloc[:0]
        return rows.widened(empty, {name: (kind, []) for name, kind in self.columns().items()})

    def __call__(self, frame: Any, partition_info: dict[str, Any] | None = None) -> Any:
        """Answer a partition.

        Args:
            frame: A frame of pandas.
            partition_info: What Dask says of the partition.

        Returns:
            The same rows in the same order, with more columns.

        Raises:
            TypeError: Dask calls it with rows that it made up, to see what comes out.
        """
        if partition_info is None:
            raise TypeError(
                "without meta= Dask would send rows that it made up to the model: pass meta=converse.meta(frame), "
                "or call run(frame) for a frame of pandas"
            )
        return self.run(frame)

    def run(self, frame: Any) -> Any:
        """Answer a frame of pandas here and now.

        Args:
            frame: The frame.

        Returns:
            The same rows in the same order, with more columns.
        """
        return background.submit(self._number, self._open, frame).result()

    def __dask_tokenize__(self) -> tuple[str, ...]:
        """What Dask knows it by: its options."""
        # A function among the arguments goes by value where it is not in a module.
        dumps = getattr(package("cloudpickle", "dask"), "dumps", pickle.dumps)
        return type(self).__qualname__, hashlib.sha256(dumps(self._options)).hexdigest()


class Converse(_DaskCalls, calls.Converse):
    """Answers rows by Converse."""


class InvokeModel(_DaskCalls, calls.InvokeModel):
    """Answers rows by InvokeModel."""


for _cls in (Converse, InvokeModel):
    calls.documented(_cls)
