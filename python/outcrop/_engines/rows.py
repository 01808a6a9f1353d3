"""The engines' batches: read as rows, and given back with more columns. No engine is imported to tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcrop._engines.installed import package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def names(batch: Any) -> list[str]:
    """The columns of a batch: a dict of arrays, a frame of pandas, or a table or record batch of Arrow.

    Raises:
        TypeError: It is none of them.
    """
    if isinstance(batch, dict):
        return list(batch)
    if _is_arrow(batch):
        return list(batch.schema.names)
    if type(batch).__module__.startswith("pandas"):
        return list(batch.columns)
    raise TypeError(
        f"a batch is a dict of arrays, a pandas.DataFrame or a pyarrow.Table or RecordBatch, not {type(batch).__name__}"
    )


def read(batch: Any, wanted: Iterable[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a batch, each as a dict of plain values.

    Args:
        batch: As `names` takes it.
        wanted: The columns to read; all, if left out.
    """
    columns = names(batch) if wanted is None else list(wanted)
    if _is_arrow(batch):
        values = [batch.column(name).to_pylist() for name in columns]
    else:
        values = [[plain(value) for value in batch[name]] for name in columns]
    if not columns:
        return iter([{}] * count(batch))
    return (dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True))


def count(batch: Any) -> int:
    """How many rows a batch has."""
    if isinstance(batch, dict):
        return len(next(iter(batch.values()), ()))
    return int(batch.num_rows) if _is_arrow(batch) else len(batch)


def widened(batch: Any, columns: Mapping[str, tuple[type, list[Any]]]) -> Any:
    """The batch with more columns behind its own, or in the place of those that have their names.

    Args:
        batch: As `names` takes it; it stays as it is.
        columns: By name, the type of the values and the values.
    """
    if isinstance(batch, dict):
        return {**batch, **{name: values for name, (_, values) in columns.items()}}
    if _is_arrow(batch):
        return _wider_table(batch, columns)
    import pandas as pd

    series = {
        name: pd.Series(values, index=batch.index, dtype=_PANDAS[kind]) for name, (kind, values) in columns.items()
    }
    return batch.assign(**series)


_PANDAS = {str: "str", int: "int64", bool: "bool"}


def _wider_table(batch: Any, columns: Mapping[str, tuple[type, list[Any]]]) -> Any:
    pa = package("pyarrow", "spark")
    kinds = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
    for name, (kind, values) in columns.items():
        array, at = pa.array(values, kinds[kind]), batch.schema.get_field_index(name)
        field = pa.field(name, kinds[kind])
        batch = batch.append_column(field, array) if at < 0 else batch.set_column(at, field, array)
    return batch


def plain(value: Any) -> Any:
    """A value without numpy's classes, at any depth; what stands for nothing in a column is None."""
    if value is None or isinstance(value, (str, bytes, bool, int)):
        return value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    # What pandas has for nothing is not even itself, or is its own class.
    if type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return None
    return value


def without_nulls(value: Any) -> Any:
    """A value without what is null in it: in a column of structs, all have all members that one of them has."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    return value


def _is_arrow(batch: Any) -> bool:
    return type(batch).__module__.startswith("pyarrow")
