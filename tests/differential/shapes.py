"""Hypothesis strategies made from botocore's service model: arguments that are valid, and answers on the wire."""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from botocore.model import Shape, StringShape, StructureShape
    from hypothesis.strategies import SearchStrategy

UNKNOWN = "zzAddedLater"
"""A member that no model knows: Bedrock adds one every few weeks."""

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_SEGMENT = st.text("abcXYZ019:/-_.~ ü+%&=?#", min_size=1, max_size=24).filter(lambda text: set(text) - {"."})
# A path of nothing but dots would be folded away by any URL library.
_HEADER = st.from_regex(r"[!-~]([ -~]{0,10}[!-~])?", fullmatch=True)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(timezone.utc))  # noqa: DTZ001  -- bounds are naive
_MILLISECONDS = _MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
_INTEGERS = {"integer": 2**31 - 1, "long": 2**53}


def arguments(shape: StructureShape | None) -> SearchStrategy[dict[str, Any]]:
    """Keyword arguments that botocore accepts: every required member, and some of the others."""
    return st.just({}) if shape is None else _argument(shape)


def _argument(shape: Shape) -> SearchStrategy[Any]:
    if getattr(shape, "is_document_type", False):
        return st.none() | st.dictionaries(_TEXT, _JSON, max_size=3) if shape.type_name == "structure" else _JSON
    return _ARGUMENTS[shape.type_name](shape)


def _structure(shape: Any) -> SearchStrategy[Any]:
    members = {name: _argument(member) for name, member in shape.members.items()}
    if getattr(shape, "is_tagged_union", False):
        return st.one_of([value.map(lambda made, name=name: {name: made}) for name, value in members.items()])
    required = {name: members.pop(name) for name in shape.required_members}
    return _few_of(required, members)


def _few_of(required: dict[str, Any], optional: dict[str, Any]) -> SearchStrategy[dict[str, Any]]:
    """At most three optional members at once: enough to meet every one, few enough to stay small."""
    chosen = st.lists(st.sampled_from(sorted(optional)), max_size=3, unique=True) if optional else st.just([])
    return chosen.flatmap(lambda names: st.fixed_dictionaries(required | {name: optional[name] for name in names}))


def _list(shape: Any) -> SearchStrategy[Any]:
    low = shape.metadata.get("min", 0)
    lists = st.lists(_argument(shape.member), min_size=low, max_size=max(low, 2))
    return lists | lists.map(tuple)


def _map(shape: Any) -> SearchStrategy[Any]:
    return st.dictionaries(
        _argument(shape.key), _argument(shape.value), min_size=shape.metadata.get("min", 0), max_size=2
    )


def _string(shape: StringShape) -> SearchStrategy[str]:
    location = shape.serialization.get("location")
    if shape.enum:
        return st.sampled_from(shape.enum)
    if location == "header":
        return _HEADER
    low = shape.metadata.get("min", 0)
    if location == "uri":
        return _SEGMENT.map(lambda text: text.ljust(low, "x"))
    return _TEXT.map(lambda text: text.ljust(low, "x"))


def _integer(shape: Any) -> SearchStrategy[int]:
    return st.integers(shape.metadata.get("min", 0), _INTEGERS[shape.type_name])


def _number(shape: Any) -> SearchStrategy[float]:
    return st.floats(shape.metadata.get("min", 0), 1000, width=32) | st.integers(1, 3)


def _blob(_: Any) -> SearchStrategy[bytes | bytearray]:
    return st.binary(min_size=1, max_size=12) | st.binary(min_size=1, max_size=12).map(bytearray)


_ARGUMENTS = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "double": _number,
    "boolean": lambda _: st.booleans(),
    "blob": _blob,
    "timestamp": lambda _: _MILLISECONDS,
}


def answers(shape: StructureShape) -> SearchStrategy[dict[str, Any]]:
    """A JSON body that a service could send: members left out, nulls, and members added later.

    One member that AWS's model requires is there, of Converse the output: without it, it would be no answer.
    """
    members = {
        name: _wire(member) for name, member in shape.members.items() if not member.serialization.get("location")
    }
    required = sorted((name for name in shape.required_members if name in members), key="output".__ne__)
    first = {name: members.pop(name) for name in required[:1]}
    return _few_of(first, {**members, UNKNOWN: _JSON})


def _wire(shape: Shape) -> SearchStrategy[Any]:
    if getattr(shape, "is_document_type", False):
        return _JSON
    return _ON_THE_WIRE[shape.type_name](shape)


def _wire_structure(shape: Any) -> SearchStrategy[Any]:
    members = {name: _wire(member) for name, member in shape.members.items()}
    if getattr(shape, "is_tagged_union", False):
        # botocore breaks on a union whose one member is null.
        told = {name: value.filter(lambda made: made is not None) for name, value in members.items()}
        return st.one_of([value.map(lambda made, name=name: {name: made}) for name, value in told.items()])
    nullable = {name: value | st.none() for name, value in members.items()}
    return _few_of({}, {**nullable, UNKNOWN: _JSON})


_ON_THE_WIRE = {
    "structure": _wire_structure,
    "list": lambda shape: st.lists(_wire(shape.member), max_size=2),
    "map": lambda shape: st.dictionaries(_TEXT, _wire(shape.value), max_size=2),
    "string": lambda _: _TEXT,
    "integer": lambda _: st.integers(-(2**31), 2**31 - 1),
    "long": lambda _: st.integers(-(2**63), 2**63 - 1),
    "float": lambda _: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3),
    "double": lambda _: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3),
    "boolean": lambda _: st.booleans(),
    "blob": lambda _: st.binary(max_size=12).map(lambda data: base64.b64encode(data).decode()),
    "timestamp": lambda _: _MOMENTS.map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
}
