"""A stand-in for CloudWatch Logs Insights that understands the commands our query is made of.

It works on the text of records as the service does: fields are discovered up to the two-hundredth, what is parsed is
text, and sums take text for numbers. moto answers `stats` with the fields alone, so it is no judge of this query.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from datetime import datetime, timezone
from typing import Any

from tests.support.server import Answer, Request

FIELDS = 200
Row = dict[str, Any]


class Insights:
    """Answers StartQuery and GetQueryResults out of records; `answer` goes to a `Server`.

    Args:
        records: The records, as text.
        page: Rows a page.
        busy: How many StartQuery are refused first.
        running: How many times a query is not ready yet.
        limit: Rows that a query gives at most, in place of its own limit.
    """

    def __init__(
        self, records: list[str], *, page: int = 1000, busy: int = 0, running: int = 1, limit: int | None = None
    ) -> None:
        self.records = records
        self.page, self.busy, self.running, self.limit = page, busy, running, limit
        self.queries: list[dict[str, Any]] = []
        self.status = "Complete"

    def answer(self, request: Request) -> Answer:
        operation = (request.header("X-Amz-Target") or "").split(".")[1]
        asked = json.loads(request.body)
        if operation == "StartQuery":
            if self.busy:
                self.busy -= 1
                return _json({"__type": "LimitExceededException", "message": "too many queries"}, 400)
            if asked["logGroupName"] == "missing":
                return _json({"__type": "ResourceNotFoundException", "message": "no such log group"}, 400)
            assert len(asked["queryString"]) <= 10_000
            self.queries.append(asked)
            return _json({"queryId": str(len(self.queries) - 1)})
        if self.running:
            self.running -= 1
            return _json({"status": "Running", "results": []})
        query = self.queries[int(asked["queryId"])]
        rows = evaluate(query["queryString"], self.records, query["startTime"], query["endTime"], self.limit)
        start = int(asked.get("nextToken", 0))
        answer = {
            "status": self.status,
            "results": [
                [{"field": name, "value": str(value)} for name, value in row.items() if value is not None]
                for row in rows[start : start + self.page]
            ],
        }
        if start + self.page < len(rows):
            answer["nextToken"] = str(start + self.page)
        return _json(answer)


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(value).encode())


def evaluate(query: str, records: list[str], since: int, until: int, limit: int | None = None) -> list[Row]:
    """Runs a query; times are seconds, and both ends are inside."""
    rows: list[Row] = []
    for text in records:
        fields = dict(list(_discovered(json.loads(text)))[:FIELDS])
        seconds = datetime.fromisoformat(json.loads(text)["timestamp"].replace("Z", "+00:00")).timestamp()
        if since <= int(seconds) <= until:
            rows.append({**fields, "@message": text, "@timestamp": seconds})
    for command in query.split("\n| "):
        name, _, rest = command.partition(" ")
        if name == "parse":
            source, _, pattern = rest.partition(" ")
            assert source == "@message"
            compiled = re.compile(pattern.strip("/").replace("(?<", "(?P<"))
            for row in rows:
                found = compiled.search(row["@message"])
                row.update(found.groupdict() if found else {})
        elif name == "filter":
            source, _, pattern = rest.partition(" like ")
            assert source == "@message"
            rows = [row for row in rows if re.search(pattern.strip("/"), row["@message"])]
        elif name == "stats":
            rows = _stats(rest, rows)
        elif name == "limit":
            rows = rows[: limit or int(rest)]
        else:
            assert name == "fields", command
            _made(rest, rows)
    return rows


def _made(rest: str, rows: list[Row]) -> None:
    """Gives the rows the fields that `fields` makes out of others."""
    for part in _parts(rest):
        expression, made, alias = part.rpartition(" as ")
        for row in rows if made else ():
            row[alias] = _value(expression, row)


def _discovered(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _discovered(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from _discovered(element, f"{path}.{number}")
    else:
        yield path, value


def _stats(rest: str, rows: list[Row]) -> list[Row]:
    sums, _, groups = rest.partition(" by ")
    # Functions belong into fields; AWS documents bin() alone beside names.
    assert all(re.fullmatch(r"\w+|bin\(\d+s\) as \w+", part) for part in _parts(groups)), groups
    keys = [part.rpartition(" as ")[::2] for part in _parts(groups)]
    keys = [(expression or alias, alias) for expression, alias in keys]
    grouped: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[tuple(_value(expression, row) for expression, _ in keys)].append(row)
    made = []
    for key, members in grouped.items():
        row = dict(zip((alias for _, alias in keys), key, strict=True))
        for expression, alias in (part.rsplit(" as ", 1) for part in _parts(sums)):
            if expression == "count(*)":
                row[alias] = len(members)
            else:
                summed = re.fullmatch(r"sum\((\w+)\)", expression)
                assert summed, expression
                row[alias] = sum(float(member.get(summed[1]) or 0) for member in members)
        made.append(row)
    return made


def _value(expression: str, row: Row) -> Any:
    call = re.fullmatch(r"(\w+)\((.*)\)( \* (\d+))?", expression)
    if not call:
        plus = re.fullmatch(r"(.*) \+ (\d+)", expression)
        if plus:
            value = _value(plus[1], row)
            return None if value is None else float(value) + float(plus[2])
        return row.get(expression)
    name, inner, factor = call[1], call[2], float(call[4] or 1)
    if name == "coalesce":
        return next((value for part in _parts(inner) if (value := _value(part, row)) is not None), None)
    if name == "bin":
        seconds = int(inner.removesuffix("s"))
        moment = datetime.fromtimestamp(row["@timestamp"] // seconds * seconds, tz=timezone.utc)
        return moment.strftime("%Y-%m-%d %H:%M:%S.000")
    value = _value(inner, row)
    functions = {"floor": math.floor, "log": math.log}
    return None if value is None else functions[name](float(value)) * factor


def _parts(text: str) -> list[str]:
    """Cut at the commas that are outside parentheses."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]
