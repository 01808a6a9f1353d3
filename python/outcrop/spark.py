"""Rows of a Spark data frame, answered by Bedrock: callables for `DataFrame.mapInArrow`.

    import outcrop
    import outcrop.spark

    router = outcrop.CrossRegion("us.amazon.nova-lite-v1:0", sources=["us-east-1", "us-west-2"], residency="us")
    converse = outcrop.spark.Converse(router, prompt="question", id="id", journal="/shared/answers")
    answered = frame.mapInArrow(converse, converse.schema(frame.schema))

Spark runs a task again as a whole when it fails, and twice where it speculates; with a journal no row is paid for
twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._engines import background, calls
from outcrop._engines.installed import package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Converse", "InvokeModel"]

ROUND = 256
"""Rows that are answered together: Spark's batches have 10,000."""


class _SparkCalls(calls.Calls):
    def schema(self, of: Any) -> Any:
        """What `mapInArrow` has to know of the rows that come out.

        Args:
            of: The schema of the rows that go in.

        Returns:
            A `pyspark.sql.types.StructType`.

        Raises:
            ImportError: pyspark is not installed.
        """
        types = package("pyspark.sql.types", "spark")
        kinds = {str: types.StringType, int: types.LongType, bool: types.BooleanType}
        made = {name: types.StructField(name, kinds[kind](), nullable=True) for name, kind in self.columns().items()}
        # A stage before this one may have had errors, too: their column stays where it is.
        before = [made.pop(field.name) if field.name in made else field for field in of.fields]
        return types.StructType([*before, *made.values()])

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Answer the batches of a partition.

        Args:
            batches: `pyarrow.RecordBatch`es.

        Returns:
            The same rows in the same order, with more columns.
        """
        pieces = (batch.slice(at, ROUND) for batch in batches for at in range(0, batch.num_rows, ROUND))
        return background.stream(pieces, lambda piece: background.submit(self._number, self._open, piece))


class Converse(_SparkCalls, calls.Converse):
    """Answers rows by Converse."""


class InvokeModel(_SparkCalls, calls.InvokeModel):
    """Answers rows by InvokeModel."""


for _cls in (Converse, InvokeModel):
    calls.documented(_cls)
