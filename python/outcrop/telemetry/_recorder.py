"""What is recorded of a call: the attributes and instruments of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import json
import logging
import time
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry import propagate, trace
from opentelemetry.context import get_current
from opentelemetry.trace import SpanKind, Status, StatusCode

from outcrop import _native, _values
from outcrop._headers import count
from outcrop.telemetry._instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from typing_extensions import ParamSpec

    _P = ParamSpec("_P")

_log = logging.getLogger("outcrop.telemetry")

_SCHEMA = "https://opentelemetry.io/schemas/1.37.0"
#: Models, operations and endpoints whose attributes are kept; a program that has more makes them anew.
_MOST_SITES = 1000
_SETTINGS = {
    "maxTokens": "gen_ai.request.max_tokens",
    "temperature": "gen_ai.request.temperature",
    "topP": "gen_ai.request.top_p",
    "stopSequences": "gen_ai.request.stop_sequences",
}
_USAGE = {
    "inputTokens": "gen_ai.usage.input_tokens",
    "outputTokens": "gen_ai.usage.output_tokens",
    "cacheReadInputTokens": "gen_ai.usage.cache_read.input_tokens",
    "cacheWriteInputTokens": "gen_ai.usage.cache_creation.input_tokens",
}
_HEADERS = {
    "x-amzn-bedrock-input-token-count": "inputTokens",
    "x-amzn-bedrock-output-token-count": "outputTokens",
    "x-amzn-bedrock-cache-read-input-token-count": "cacheReadInputTokens",
    "x-amzn-bedrock-cache-write-input-token-count": "cacheWriteInputTokens",
}
#: What holds a prompt, by the names of all APIs.
_PROMPT = ("system", "instructions", "messages", "input", "body")
_NONE: Mapping[str, Any] = {}


class Recorder:
    """Makes the recordings of calls.

    Args:
        tracer_provider: Where spans go; the global provider by default.
        meter_provider: Where metrics go; the global provider by default.
        capture_content: Whether prompts and answers are recorded.
    """

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        meter_provider: MeterProvider | None,
        *,
        capture_content: bool,
    ) -> None:
        self.tracer = trace.get_tracer("outcrop", _native.__version__, tracer_provider, _SCHEMA)
        self.capture_content = capture_content
        self.instruments = Instruments(meter_provider, _SCHEMA)
        self._sites: dict[tuple[str, Any, str, str | None], Site] = {}

    def start(self, client: Any, operation: str, arguments: Mapping[str, Any], routed: str | None = None) -> Recording:
        """A call begins.

        Args:
            client: The client that makes it.
            operation: boto3's name of the operation.
            arguments: The call's.
            routed: The model of a router's calls.

        Returns:
            The recording, to be ended by one of its methods.
        """
        model, endpoint = _values.plain(arguments.get("modelId")), client.meta.endpoint_url
        # Whatever else it is, the client refuses it.
        model = model if isinstance(model, str) else None
        site = self._sites.get((operation, model, endpoint, routed))
        return Recording(self, site or self._site(client, operation, model, routed), arguments)

    def _site(self, client: Any, operation: str, model: str | None, routed: str | None) -> Site:
        text = model or routed or ""
        endpoint, kind = client.meta.endpoint_url, _kind(operation, text)
        attributes: dict[str, Any] = {
            "gen_ai.operation.name": kind,
            "gen_ai.provider.name": "aws.bedrock",
            "gen_ai.request.model": text,
        }
        # Where a router's call goes is known when it has been there.
        if routed is None:
            url = urlsplit(endpoint)
            attributes["server.address"] = url.hostname or ""
            attributes["server.port"] = url.port or (443 if url.scheme == "https" else 80)
            attributes["cloud.region"] = client.meta.region_name
        span = {**attributes, "rpc.method": operation}
        site = Site(f"{kind} {text}", attributes, span, routed=routed is not None)
        if len(self._sites) < _MOST_SITES:
            self._sites[operation, model, endpoint, routed] = site
        return site


class Site:
    """What the calls of one operation, model and endpoint have in common.

    Args:
        name: The spans' name.
        metric: Attributes of their measurements.
        span: Attributes of their spans.
        routed: Whether a router makes them.
    """

    __slots__ = ("metric", "name", "routed", "span")

    def __init__(self, name: str, metric: dict[str, Any], span: dict[str, Any], *, routed: bool) -> None:
        self.name = name
        self.metric = metric
        self.span = span
        self.routed = routed

    def metric_of(self, region: str) -> dict[str, Any]:
        """Attributes of a router's measurement that went to a Region."""
        return {**self.metric, "cloud.region": region}


def _complain(error: Exception) -> None:
    # Its text may hold anything.
    _log.warning("telemetry of a call failed with %s", type(error).__name__)


def _quiet(method: Callable[_P, None]) -> Callable[_P, None]:
    """The method, which ends no call: what telemetry runs into is logged."""

    @wraps(method)
    def quiet(*args: _P.args, **named: _P.kwargs) -> None:
        try:
            method(*args, **named)
        except Exception as error:  # noqa: BLE001  -- an answer is worth more than its span
            _complain(error)

    return quiet


class Recording:
    """One call while it is under way; it ends once.

    Args:
        recorder: Its maker.
        site: What it has in common with others.
        arguments: The call's.
    """

    __slots__ = (
        "_begun",
        "_content",
        "_context",
        "_ended",
        "_kept",
        "_metric",
        "_recorder",
        "_site",
        "_span",
        "_started",
        "answer",
    )

    def __init__(self, recorder: Recorder, site: Site, arguments: Mapping[str, Any]) -> None:
        self._recorder = recorder
        self._site = site
        self._metric = site.metric
        self._ended = False
        attributes = {**site.span, **_settings(arguments.get("inferenceConfig"))}
        current = get_current()
        self._span = recorder.tracer.start_span(site.name, current, SpanKind.CLIENT, attributes)
        self._context = trace.set_span_in_context(self._span, current)
        self._content = recorder.capture_content and self._span.is_recording()
        if self._content:
            self._span.set_attribute("gen_ai.input.messages", _content(arguments))
            self.answer: list[Any] = []
        self._kept = False
        self._started = time.time_ns()
        self._begun = time.perf_counter()

    @property
    def wants_content(self) -> bool:
        """Whether `answer` is to be filled with what arrives."""
        return self._content

    def trace(self, *, streams: bool = False) -> _native.Trace:
        """What goes along with the call. A stream tells the recording by itself how it went."""
        headers: dict[str, str] = {}
        try:
            propagate.inject(headers, self._context)
        except Exception as error:  # noqa: BLE001  -- of a propagator's, whichever that is
            _complain(error)
        return _native.Trace(list(headers.items()), self._streamed if streams else None)

    @_quiet
    def answered(self, response: Mapping[str, Any], trace: _native.Trace) -> None:
        """A whole answer is here."""
        metadata = response["ResponseMetadata"]
        usage = response.get("usage")
        if not isinstance(usage, dict):
            headers = metadata.get("HTTPHeaders", _NONE)
            counts = {name: count(headers, header) for header, name in _HEADERS.items()}
            usage = {name: number for name, number in counts.items() if number is not None}
        told = self._head(metadata, trace)
        if "stopReason" in response:
            told["gen_ai.response.finish_reasons"] = (response["stopReason"],)
        if self._content:
            output = response.get("output") or getattr(response.get("body"), "content", None)
            if output is not None:
                self.answer.append(output)
        self._end(told, usage)

    @_quiet
    def opened(self, response: Mapping[str, Any], trace: _native.Trace) -> None:
        """A stream began; what is told of it goes on when it ends."""
        told = self._head(response["ResponseMetadata"], trace)
        if told and self._span.is_recording():
            self._span.set_attributes(told)

    @_quiet
    def failed(self, error: BaseException, trace: _native.Trace) -> None:
        """The call failed, or nobody waits for it any more."""
        response = getattr(error, "response", None)
        response = response if isinstance(response, dict) else {}
        told = self._head(response.get("ResponseMetadata", {}), trace, failed=True)
        self._fail(error, told, _NONE)

    @_quiet
    def ended(self, trace: _native.Trace) -> None:
        """A whole answer is here, of which the trace tells all there is."""
        self._streamed(trace, None)

    @_quiet
    def left(self) -> None:
        """Nobody waits for the call any more."""
        self._end({"error.type": "Cancelled"}, _NONE, error="Cancelled")

    def _fail(
        self, error: BaseException, told: dict[str, Any], usage: Mapping[str, Any], first: float | None = None
    ) -> None:
        response = getattr(error, "response", None)
        code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
        told["error.type"] = kind = code or type(error).__qualname__
        if self._span.is_recording() and not self._ended:
            # The text may quote the prompt, as Bedrock's validation errors do; the code cannot.
            self._span.set_status(Status(StatusCode.ERROR, str(error) if self._content else None))
            self._span.add_event("exception", {"exception.type": type(error).__qualname__})
        self._end(told, usage, first, kind)

    @_quiet
    def _streamed(self, trace: _native.Trace, error: BaseException | None) -> None:
        first, counts, reason = trace.streamed()
        # What a cache gave or took is told where there is something to tell.
        usage = {name: count for name, count in zip(_USAGE, counts, strict=True) if count}
        told: dict[str, Any] = {}
        if first is not None:
            told["gen_ai.response.time_to_first_chunk"] = first
        if reason is not None:
            told["gen_ai.response.finish_reasons"] = (reason,)
        if error is None:
            self._end(told, usage, first)
        else:
            self._fail(error, told, usage, first)

    def _head(self, metadata: Mapping[str, Any], trace: _native.Trace, *, failed: bool = False) -> dict[str, Any]:
        """What is known with the head of an answer: its id, and where it came from after which attempts."""
        told: dict[str, Any] = {}
        if request_id := metadata.get("RequestId"):
            told["aws.request_id"] = request_id
        if cache := metadata.get("Cache"):
            self._kept = told["outcrop.cache.hit"] = cache["Hit"]
        if affinity := metadata.get("CrossRegion", _NONE).get("Affinity"):
            told["outcrop.affinity"] = affinity["State"]
        if failed or self._site.routed or metadata.get("RetryAttempts"):
            self._attempts(trace, told)
        return told

    def _attempts(self, trace: _native.Trace, told: dict[str, Any]) -> None:
        attempts = trace.attempts()
        if not attempts:
            return
        if self._site.routed:
            last = next((it for it in attempts if it[2] is None), attempts[-1])
            told["cloud.region"], told["outcrop.target.model"] = last[:2]
            self._metric = self._site.metric_of(last[0])
        if len(attempts) == 1 or not self._span.is_recording():
            return
        for number, (region, model, error, request_id, begun, duration, back_off) in enumerate(attempts, 1):
            attributes: dict[str, Any] = {
                "outcrop.attempt.number": number,
                "outcrop.attempt.duration": duration,
                "outcrop.attempt.back_off": back_off,
                "cloud.region": region,
                "gen_ai.request.model": model,
            }
            if error is not None:
                attributes["error.type"] = error
            if request_id is not None:
                attributes["aws.request_id"] = request_id
            self._span.add_event("attempt", attributes, self._started + round(begun * 1e9))

    def _end(
        self, told: dict[str, Any], usage: Mapping[str, Any], first: float | None = None, error: str | None = None
    ) -> None:
        if self._ended:
            return
        self._ended = True
        seconds = time.perf_counter() - self._begun
        # The tokens of an answer out of the cache were counted when it was made.
        taken = None if self._kept else _count(usage, "inputTokens")
        given = None if self._kept else _count(usage, "outputTokens")
        self._recorder.instruments.record(
            self._metric if error is None else {**self._metric, "error.type": error},
            self._context,
            seconds=seconds,
            first_chunk=first,
            input_tokens=taken,
            output_tokens=given,
        )
        span = self._span
        if span.is_recording():
            for name, attribute in _USAGE.items():
                if name in usage:
                    told[attribute] = usage[name]
            if self._content and self.answer:
                told["gen_ai.output.messages"] = json.dumps(self.answer, default=_plain)
            span.set_attributes(told)
        span.end()


def _count(usage: Mapping[str, Any], name: str) -> int | None:
    """A number of tokens. A server may say anything, and a histogram of tokens takes numbers from zero on."""
    said = usage.get(name)
    return said if isinstance(said, int) and said >= 0 else None


def _kind(operation: str, model: str) -> str:
    if operation.startswith(("converse", "create_")):
        return "chat"
    return "embeddings" if "embed" in model else "text_completion"


def _settings(given: Any) -> dict[str, Any]:
    # Whatever else it is, the client refuses it.
    if not isinstance(given, dict):
        return {}
    found = {attribute: _value(given[name]) for name, attribute in _SETTINGS.items() if name in given}
    return {attribute: value for attribute, value in found.items() if value is not None}


def _value(given: Any) -> Any:
    """A value of a kind that an attribute may have; none for one that the client refuses."""
    if isinstance(given, (list, tuple)):
        return tuple(_values.plain(each) for each in given if isinstance(each, str))
    found = _values.plain(given)
    return found if isinstance(found, (str, int, float)) else None


def _content(arguments: Mapping[str, Any]) -> str:
    found = {name: arguments[name] for name in _PROMPT if name in arguments}
    try:
        return json.dumps(found, default=_plain)
    except (TypeError, ValueError, RecursionError):
        return "(no JSON)"  # the client refuses it


def _plain(value: Any) -> Any:
    """What JSON cannot hold: bodies are text, anything else is told by its length."""
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"
