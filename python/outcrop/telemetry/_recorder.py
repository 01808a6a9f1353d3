"""What is recorded of a call: the attributes and instruments of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from outcrop._native import __version__
from outcrop.telemetry._instruments import Instruments, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, TracerProvider

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
        self.tracer = trace.get_tracer("outcrop", __version__, tracer_provider, _SCHEMA)
        self.capture_content = capture_content
        self.instruments = Instruments(meter_provider, _SCHEMA)
        self._sites: dict[tuple[str, Any, str], tuple[str, dict[str, Any]]] = {}

    def start(self, client: Any, operation: str, arguments: Mapping[str, Any]) -> Recording:
        """A call begins."""
        model, endpoint = arguments.get("modelId"), client.meta.endpoint_url
        name, attributes = self._sites.get((operation, model, endpoint)) or self._site(client, operation, model)
        return Recording(self, operation, name, attributes, arguments)

    def _site(self, client: Any, operation: str, model: Any) -> tuple[str, dict[str, Any]]:
        endpoint, text = client.meta.endpoint_url, str(model or "")
        url, kind = urlsplit(endpoint), _kind(operation, text)
        attributes = {
            "gen_ai.operation.name": kind,
            "gen_ai.provider.name": "aws.bedrock",
            "gen_ai.request.model": text,
            "server.address": url.hostname or "",
            "server.port": url.port or (443 if url.scheme == "https" else 80),
            "cloud.region": client.meta.region_name,
        }
        site = (f"{kind} {text}", attributes)
        if isinstance(model, str) and len(self._sites) < _MOST_SITES:
            self._sites[operation, model, endpoint] = site
        return site


class Recording:
    """One call while it is under way; it ends once."""

    def __init__(
        self, recorder: Recorder, operation: str, name: str, attributes: dict[str, Any], arguments: Mapping[str, Any]
    ) -> None:
        self._recorder = recorder
        self._attributes = attributes
        self._span: Span = recorder.tracer.start_span(
            name, kind=SpanKind.CLIENT, attributes={**attributes, **_settings(arguments), "rpc.method": operation}
        )
        self._content = recorder.capture_content and self._span.is_recording()
        if self._content:
            self._span.set_attribute("gen_ai.input.messages", _content(arguments))
        self._usage: Mapping[str, Any] = {}
        self._kept = False
        self._answer: list[Any] = []
        self._told: dict[str, Any] = {}
        self._ended = False
        self._begun = time.perf_counter()
        self._first: float | None = None

    def headers(self) -> list[tuple[str, str]]:
        """The trace's context as headers."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier, trace.set_span_in_context(self._span))
        return list(carrier.items())

    def answered(self, response: Mapping[str, Any]) -> None:
        """The answer, or how a stream began, is here."""
        metadata = response["ResponseMetadata"]
        span = self._span
        if cache := metadata.get("Cache"):
            # The tokens of an answer out of the cache were counted when it was made.
            self._kept = self._told["outcrop.cache.hit"] = cache["Hit"]
        if span.is_recording():
            self._told["aws.request_id"] = metadata.get("RequestId", "")
            for number in range(metadata.get("RetryAttempts", 0)):
                span.add_event("retry", {"attempt": number + 2})
        if "usage" in response:
            self._usage = response["usage"]
        else:
            headers = metadata.get("HTTPHeaders", {})
            self._usage = {name: int(headers[header]) for header, name in _HEADERS.items() if header in headers}
        if "stopReason" in response:
            self._told["gen_ai.response.finish_reasons"] = [response["stopReason"]]
        if self._content:
            output = response.get("output") or getattr(response.get("body"), "content", None)
            if output is not None:
                self._answer.append(output)

    def arrived(self, event: Mapping[str, Any]) -> None:
        """An event of a stream is here."""
        if self._first is None:
            self._first = time.perf_counter()
        if "metadata" in event:
            self._usage = event["metadata"].get("usage", {})
        elif "messageStop" in event:
            self._told["gen_ai.response.finish_reasons"] = [event["messageStop"].get("stopReason", "")]
        elif "chunk" in event:
            self._measured(event["chunk"].get("bytes", b""))
        if self._content:
            self._answer.append(event)

    def _measured(self, chunk: bytes) -> None:
        if b"amazon-bedrock-invocationMetrics" in chunk:
            found = json.loads(chunk)["amazon-bedrock-invocationMetrics"]
            self._usage = {"inputTokens": found["inputTokenCount"], "outputTokens": found["outputTokenCount"]}

    def failed(self, error: BaseException) -> None:
        """The call failed, or nobody waits for it any more."""
        response = getattr(error, "response", None)
        code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
        kind = code or type(error).__qualname__
        if self._span.is_recording():
            # The text may quote the prompt, as Bedrock's validation errors do; the code cannot.
            said = str(error) if self._content else None
            self._span.set_status(Status(StatusCode.ERROR, said))
            self._span.set_attribute("error.type", kind)
            self._span.add_event("exception", {"exception.type": type(error).__qualname__})
            metadata = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
            if metadata.get("RequestId"):
                self._span.set_attribute("aws.request_id", metadata["RequestId"])
            for number in range(metadata.get("RetryAttempts", 0)):
                self._span.add_event("retry", {"attempt": number + 2})
        self.end(kind)

    def end(self, error: str | None = None) -> None:
        """The call is over."""
        if self._ended:
            return
        self._ended = True
        ended = time.perf_counter()
        first = None if self._first is None else self._first - self._begun
        span = self._span
        used = {} if self._kept else self._usage
        self._recorder.instruments.leave(Note(self._attributes, error, ended - self._begun, first, used))
        if span.is_recording():
            told = {_USAGE[name]: value for name, value in self._usage.items() if name in _USAGE}
            if first is not None:
                told["gen_ai.response.time_to_first_chunk"] = first
            told |= self._told
            if self._answer:
                told["gen_ai.output.messages"] = json.dumps(self._answer, default=_plain)
            span.set_attributes(told)
        span.end()


def _kind(operation: str, model: str) -> str:
    if operation.startswith("converse"):
        return "chat"
    return "embeddings" if "embed" in model else "text_completion"


def _settings(arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = arguments.get("inferenceConfig")
    # Whatever else it is, the client refuses it.
    return {_SETTINGS[name]: given[name] for name in _SETTINGS if name in given} if isinstance(given, dict) else {}


def _content(arguments: Mapping[str, Any]) -> str:
    found = {name: arguments[name] for name in ("system", "messages", "body") if name in arguments}
    return json.dumps(found, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON cannot hold: bodies are text, anything else is told by its length."""
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"
