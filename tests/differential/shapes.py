"""Hypothesis strategies made from botocore's service model: arguments that are valid, and answers on the wire."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

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


def _not_in_itself(shape: Any, make: Callable[[Any], SearchStrategy[Any]]) -> dict[str, SearchStrategy[Any]]:
    """The members of a structure, but for those that hold structures of its own kind, such as a filter's filters."""
    _within.append(shape.name)
    try:
        members = shape.members.items()
        return {name: make(it) for name, it in members if getattr(it, "member", it).name not in _within}
    finally:
        _within.pop()


_within: list[str] = []


def _argument(shape: Shape) -> SearchStrategy[Any]:
    if getattr(shape, "is_document_type", False):
        return st.none() | st.dictionaries(_TEXT, _JSON, max_size=3) if shape.type_name == "structure" else _JSON
    return _ARGUMENTS[shape.type_name](shape)


def _structure(shape: Any) -> SearchStrategy[Any]:
    members = _not_in_itself(shape, _argument)
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
    low = shape.metadata.get("min", 0)
    # Of those that have 32 bits, since no other form of one is the same on both sides.
    return st.floats(0, 1000, width=32).filter(lambda number: number >= low) | st.integers(1, 3)


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


def least(shape: Shape | None) -> Any:
    """The least arguments that both clients take: what is required, and of it no more than must be."""
    return {} if shape is None else _LEAST.get(shape.type_name, _least_number)(shape)


def _least_structure(shape: Any) -> dict[str, Any]:
    if getattr(shape, "is_tagged_union", False):
        name, member = next(iter(shape.members.items()))
        return {name: least(member)}
    return {name: least(shape.members[name]) for name in shape.required_members}


def _least_number(shape: Any) -> int:
    return max(shape.metadata.get("min", 0), 1)


def _least_string(shape: Any) -> str:
    return (shape.enum or ["x".ljust(shape.metadata.get("min", 0), "x")])[0]


_LEAST: dict[str, Any] = {
    "structure": _least_structure,
    "list": lambda shape: [least(shape.member)] * shape.metadata.get("min", 0),
    "map": lambda shape: {least(shape.key): least(shape.value)} if shape.metadata.get("min") else {},
    "string": _least_string,
    "blob": lambda _: b"x",
    "boolean": lambda _: True,
    "timestamp": lambda _: datetime(2026, 1, 1, tzinfo=timezone.utc),
}


def least_answer(shape: StructureShape) -> bytes:
    """The body of the least answer that is one."""
    whole = shape.members.get(shape.serialization.get("payload"))
    if whole is not None and whole.type_name == "blob":
        return b'{"an": "answer"}'

    def on_the_wire(value: Any) -> str:
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()

    return json.dumps(least(whole or shape), default=on_the_wire).encode()


def answers(shape: StructureShape) -> SearchStrategy[dict[str, Any]]:
    """A JSON body that a service could send: members left out, nulls, and members added later.

    One member that AWS's model requires is there, of Converse the output: without it, it would be no answer.
    """
    whole = shape.members.get(shape.serialization.get("payload"))
    if whole is not None and whole.type_name == "structure":
        shape = whole
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
    members = _not_in_itself(shape, _wire)
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
