"""Requests as the records of a job, and what a job wrote as answers and errors."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from outcrop import _errors, _values
from outcrop._streams import streaming_body

if TYPE_CHECKING:
    from collections.abc import Callable

Operation = Literal["converse", "invoke_model"]

AWS_NAMES: dict[Operation, str] = {"converse": "Converse", "invoke_model": "InvokeModel"}
"""AWS's name of each, which is the job's `modelInvocationType`."""

_LONGEST_ID = 256
_INVOKED = {"body", "modelId", "contentType", "accept"}
# Where a user's own JSON stands, in which nothing is Bedrock's.
_DOCUMENTS = {"input", "json", "additionalModelRequestFields", "additionalModelResponseFields"}
_CODES = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}


class Writer:
    """Makes lines of requests, which are all of one operation.

    Args:
        models: What a request may name as its model: the router's.
        check: Refuses arguments that Bedrock's API does not have, as for a call.
    """

    def __init__(self, models: tuple[str, ...], check: Callable[[str, dict[str, Any]], None]) -> None:
        self._models = models
        self._check = check
        self.operation: Operation | None = None
        """`converse` or `invoke_model`, as the first request says."""
        self.output_tokens: int | None = 0
        """What all answers together may have at most; `None` when a request sets no limit."""

    def line(self, number: int, record_id: str, request: Mapping[str, Any]) -> bytes:
        """The line of a request.

        Args:
            number: Which one it is, for errors.
            record_id: What its answer is found by.
            request: The keyword arguments of a call.

        Raises:
            TypeError: It is no dict, or holds what JSON cannot say.
            ValueError: A job cannot carry it.
            ParamValidationError: A call could not carry it either.
        """
        if not isinstance(request, Mapping):
            raise TypeError(
                f"request {number} must be a dict of keyword arguments, such as {{'messages': …}}, "
                f"not {type(request).__name__}"
            )
        operation: Operation = "invoke_model" if "body" in request else "converse"
        if self.operation not in (None, operation):
            raise ValueError(
                f"request {number} is one for {operation}, and those before it are for {self.operation}: "
                "one submit takes one kind, so give each kind a name of its own"
            )
        self.operation = operation
        model = request.get("modelId")
        if model is not None and _values.plain(model) not in self._models:
            raise ValueError(f"request {number} names the model {_values.shown(model)}, and the router's is another")
        body = self._invoked(number, request) if operation == "invoke_model" else self._conversed(number, request)
        self._count(body)
        record = {"recordId": record_id, "modelInput": body}
        try:
            return json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"
        except (TypeError, ValueError) as error:
            raise TypeError(f"request {number} cannot be written as JSON: {error}") from None

    def _conversed(self, number: int, request: Mapping[str, Any]) -> dict[str, Any]:
        if request.get("toolConfig") is not None:
            raise ValueError(
                f"request {number} has toolConfig, and batch jobs take tools in the model's own form alone: give it as "
                "for invoke_model, with body="
            )
        arguments = {name: value for name, value in request.items() if value is not None}
        self._check("Converse", {"modelId": self._models[0], **arguments})
        return {name: value for name, value in arguments.items() if name != "modelId"}

    def _invoked(self, number: int, request: Mapping[str, Any]) -> dict[str, Any]:
        if strange := sorted(set(request) - _INVOKED):
            raise ValueError(f"request {number} has {strange[0]}, which a record of a batch job has no place for")
        body = request["body"]
        body = body.read() if hasattr(body, "read") else body
        try:
            found = json.loads(body)
        except (TypeError, ValueError):
            found = None
        if isinstance(found, dict):
            return found
        raise ValueError(f"the body of request {number} is no JSON object, and batch jobs take nothing else")

    def _count(self, body: Mapping[str, Any]) -> None:
        limits = body.get("inferenceConfig")
        places = [(limits, "maxTokens"), (limits, "max_new_tokens"), (body, "max_tokens"), (body, "max_gen_len")]
        most = next((place[name] for place, name in places if isinstance(place, Mapping) and name in place), None)
        known = self.output_tokens is not None and isinstance(most, int)
        self.output_tokens = (self.output_tokens or 0) + most if known else None  # pyright: ignore[reportOperatorIssue]


def taken_apart(number: int, given: Any) -> tuple[str | None, Any]:
    """The record id of what was given, where it came with one, and the request.

    Raises:
        TypeError: It is a tuple and no pair, or the record id is no text.
        ValueError: The record id is empty or too long.
    """
    if not isinstance(given, tuple):
        return None, given
    if len(given) != 2:  # noqa: PLR2004  -- a pair
        raise TypeError(f"request {number} must be a dict, or a pair of a record id and a dict")
    record_id = _values.text(f"the record id of request {number}", given[0])
    if not 0 < len(record_id) <= _LONGEST_ID:
        raise ValueError(f"the record id of request {number} must have 1 to {_LONGEST_ID} characters")
    return record_id, given[1]


def usual_id(number: int) -> str:
    """The record id of a request that came without one: its number, in 11 digits."""
    return f"{number:011d}"


def request_of(operation: Operation, line: bytes) -> tuple[str, dict[str, Any]]:
    """The record id and the request of a line that a `Writer` made."""
    record = json.loads(line)
    body = record["modelInput"]
    if operation == "invoke_model":
        return record["recordId"], {"body": json.dumps(body, ensure_ascii=False).encode()}
    return record["recordId"], _with_bytes(body)


def written_id(line: bytes) -> str:
    """The record id of a line that a `Writer` made."""
    return json.loads(line)["recordId"]


def id_of(line: bytes) -> str | None:
    """The record id of a line of a job's output; `None` when it is no such line."""
    record = _record(line)
    return None if record is None else record["recordId"]


def answered(line: bytes) -> tuple[str, bool] | None:
    """The record id, and whether there is an answer; `None` when it is no line of a job's output."""
    record = _record(line)
    return None if record is None else (record["recordId"], "modelOutput" in record)


def result_of(operation: Operation, line: bytes, origin: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The record id and its answer or error; `None` when it is no line of a job's output.

    Args:
        operation: What was asked for.
        line: The line.
        origin: What `ResponseMetadata` is to say.
    """
    record = _record(line)
    if record is None:
        return None
    metadata = {"BatchJob": {**origin, "RecordId": record["recordId"]}}
    if "modelOutput" not in record:
        return record["recordId"], _error(record["error"], AWS_NAMES[operation], metadata)
    answer = record["modelOutput"]
    if operation == "invoke_model":
        body = json.dumps(answer, ensure_ascii=False).encode()
        whole = {"body": streaming_body(body), "contentType": "application/json"}
        return record["recordId"], {**whole, "ResponseMetadata": metadata}
    return record["recordId"], {**_with_bytes(answer), "ResponseMetadata": metadata}


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("recordId"), str):
        return None
    whole = isinstance(record.get("modelOutput"), dict) or isinstance(record.get("error"), dict)
    return record if whole else None


def _error(error: Mapping[str, Any], operation: str, metadata: dict[str, Any]) -> Exception:
    status = error.get("errorCode")
    code = _CODES.get(status, "ValidationException") if isinstance(status, int) else "ValidationException"
    told = {"Code": code, "Message": str(error.get("errorMessage", ""))}
    response = {"Error": told, "ResponseMetadata": {"HTTPStatusCode": status, **metadata}}
    return _errors.client_error(response, operation, [code], None)


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if hasattr(value, "read"):
        return base64.b64encode(value.read()).decode("ascii")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"it holds a {type(value).__name__}")


def _with_bytes(value: Any) -> Any:
    """Converse's members with bytes where JSON has base64."""
    if isinstance(value, list):
        return [_with_bytes(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: each
        if name in _DOCUMENTS
        else _bytes(each)
        if name in {"bytes", "redactedContent"}
        else _with_bytes(each)
        for name, each in value.items()
    }


def _bytes(value: Any) -> Any:
    return base64.b64decode(value) if isinstance(value, str) else _with_bytes(value)
