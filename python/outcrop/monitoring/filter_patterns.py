"""JSON filter patterns of CloudWatch Logs: writing them safely, and judging a record by one without asking AWS.

The grammar is that of metric filters for JSON events: `{ ($.a = "x*") && ($.b.c != 3 || $.d NOT EXISTS) }`, with `=`,
`!=`, `<`, `>`, `<=`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE`, `NOT EXISTS`, `*` in strings, and parentheses.

AWS does not say what `!=` makes of a field that is absent. So patterns here never depend on it, and
[`FilterPattern.matches`] can be asked with either reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from outcrop import _values
from outcrop.monitoring.errors import FilterPatternError

TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<selector>\$(?:\.[\w\-]+|\[\d+\]|\['[^']+'\]|\["[^"]+"\])*)
      | (?P<operator>&&|\|\||!=|<=|>=|=|<|>|\(|\)|\{|\})
      | (?P<word>[^\s(){}&|=!<>"]+)
    )""",
    re.VERBOSE,
)
STEP = re.compile(r"\.([\w\-]+)|\[(\d+)\]|\['([^']+)'\]|\[\"([^\"]+)\"\]")
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")

_ABSENT: Any = object()
Test = Callable[[Any, bool], bool]


class FilterPattern:
    """A parsed pattern.

    Args:
        text: The pattern, as PutMetricFilter takes it.

    Raises:
        FilterPatternError: It is not valid; says where.

    Example:
        ```python
        assert FilterPattern('{ $.inferenceRegion = "us-*" }').matches({"inferenceRegion": "us-west-2"})
        ```
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._expect("{")
        self._test = self._any_of()
        self._expect("}")
        if self._next != len(self._tokens):
            raise self._wrong("the pattern to end")

    def __repr__(self) -> str:
        return f"FilterPattern({self.text!r})"

    def matches(self, record: Mapping[str, Any] | str, *, absent_differs: bool = False) -> bool:
        """Whether a record matches.

        Args:
            record: The record, parsed or as JSON. What is no JSON object never matches.
            absent_differs: Whether `!=` holds for a field that is absent.
        """
        if isinstance(record, str):
            try:
                record = json.loads(record)
            except ValueError:
                return False
        return isinstance(record, Mapping) and self._test(record, absent_differs)

    def _any_of(self) -> Test:
        tests = [self._all_of()]
        while self._take("||"):
            tests.append(self._all_of())
        return tests[0] if len(tests) == 1 else lambda record, absent: any(test(record, absent) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._take("&&"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda record, absent: all(test(record, absent) for test in tests)

    def _one(self) -> Test:
        if self._take("("):
            test = self._any_of()
            self._expect(")")
            return test
        kind, text = self._peek()
        if kind != "selector":
            raise self._wrong("a selector such as $.inferenceRegion")
        self._next += 1
        path = [name or quoted or double or int(index) for name, index, quoted, double in STEP.findall(text)]
        kind, word = self._peek()
        self._next += 1
        if kind == "word" and word.upper() == "NOT":
            self._expect_word("EXISTS")
            return lambda record, _: select(record, path) is _ABSENT
        if kind == "word" and word.upper() == "IS":
            constant = self._expect_word("NULL", "TRUE", "FALSE")
            wanted = {"NULL": None, "TRUE": True, "FALSE": False}[constant]
            return lambda record, _: select(record, path) is wanted
        if word not in COMPARISONS:
            self._next -= 1
            raise self._wrong("an operator, IS or NOT EXISTS")
        kind, value = self._peek()
        if kind not in {"string", "word"}:
            raise self._wrong("a value")
        self._next += 1
        return _comparison(path, word, json.loads(value) if kind == "string" else value, quoted=kind == "string")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("end", "the end")

    def _take(self, operator: str) -> bool:
        found = self._peek() == ("operator", operator)
        self._next += found
        return found

    def _expect(self, operator: str) -> None:
        if not self._take(operator):
            raise self._wrong(f"{_values.shown(operator)}")

    def _expect_word(self, *words: str) -> str:
        kind, text = self._peek()
        if kind != "word" or text.upper() not in words:
            raise self._wrong(" or ".join(words))
        self._next += 1
        return text.upper()

    def _wrong(self, expected: str) -> FilterPatternError:
        return FilterPatternError(
            f"filter pattern {_values.shown(self.text)}: expected {expected}, found {_values.shown(self._peek()[1])}"
        )


def select(record: Any, path: list[str | int]) -> Any:
    """The value at a path of a record; a marker of its own where it is absent."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(record, list) or step >= len(record):
                return _ABSENT
            record = record[step]
        elif isinstance(record, Mapping) and step in record:
            record = record[step]
        else:
            return _ABSENT
    return record


def selected(record: Any, selector: str) -> Any:
    """The value that a selector such as `$.output.outputTokenCount` names; None where it is absent."""
    path = [name or quoted or double or int(index) for name, index, quoted, double in STEP.findall(selector)]
    value = select(record, path)
    return None if value is _ABSENT else value


def rerouted_pattern(region: str) -> str:
    """Records of calls that were served elsewhere; holds however an absent `inferenceRegion` is read."""
    return f'{{ ($.inferenceRegion = "*") && ($.inferenceRegion != "{_region(region)}") }}'


def sample_pattern(region: str) -> str:
    """The pattern of AWS's sample notebook."""
    return f'{{ $.inferenceRegion != "{_region(region)}" }}'


def served_here_pattern() -> str:
    """Records of calls that were served in the source Region without being re-routed: they lack `inferenceRegion`."""
    return "{ ($.inferenceRegion NOT EXISTS) && ($.errorCode NOT EXISTS) }"


def served_pattern() -> str:
    """Records of calls that were answered. A failed call has an `errorCode`."""
    return '{ ($.modelId = "*") && ($.errorCode NOT EXISTS) }'


def named_pattern() -> str:
    """Records that name where the call was served."""
    return '{ $.inferenceRegion = "*" }'


def outside_pattern(allowed: list[str]) -> str:
    """Records of calls that were served outside the allowed Regions.

    Raises:
        FilterPatternError: No Region was given, or one is not spelled like a Region.
    """
    if not allowed:
        message = "no allowed Region was given: name those that may serve"
        raise FilterPatternError(message)
    others = "".join(f' && ($.inferenceRegion != "{_region(region)}")' for region in allowed)
    return f'{{ ($.inferenceRegion = "*"){others} }}'


def request_pattern(request_id: str) -> str:
    """The record of one request.

    Raises:
        FilterPatternError: The id holds what no request id holds.
    """
    if not re.fullmatch(r"[\w\-]{1,128}", request_id):
        message = f"{_values.shown(request_id)} is no request id: take ResponseMetadata.RequestId of an answer"
        raise FilterPatternError(message)
    return f'{{ $.requestId = "{request_id}" }}'


def _region(region: str) -> str:
    # What goes into a pattern is checked, so that nothing can end the string early.
    if not REGION.fullmatch(region):
        message = f"{_values.shown(region)} is not spelled like a Region, such as us-east-1"
        raise FilterPatternError(message)
    return region


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = TOKEN.match(stripped, position)
        if match is None or match.lastgroup is None:
            message = f"filter pattern {_values.shown(text)}: cannot read {_values.shown(stripped[position:])}"
            raise FilterPatternError(message)
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _comparison(path: list[str | int], operator: str, wanted: str, *, quoted: bool) -> Test:
    number = None if quoted else _number(wanted)

    def test(record: Any, absent_differs: bool) -> bool:  # noqa: FBT001 - called by position, millions of times
        value = select(record, path)
        if value is _ABSENT:
            return operator == "!=" and absent_differs
        if number is not None:
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            return COMPARISONS[operator](value, number) if numeric else operator == "!="
        if operator not in {"=", "!="}:
            return False
        same = isinstance(value, str) and fnmatchcase(value, wanted.replace("[", "[[]").replace("?", "[?]"))
        return same == (operator == "=")

    return test


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
