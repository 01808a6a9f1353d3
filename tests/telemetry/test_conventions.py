"""Names, units and bounds are those that OpenTelemetry's own package of its conventions holds."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import opentelemetry.semconv._incubating.attributes as incubating
import opentelemetry.semconv.attributes as stable
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.semconv._incubating.metrics import gen_ai_metrics

import outcrop
from tests.telemetry.test_metrics import PROFILE, REQUEST, session
from tests.telemetry.test_spans import Watched

if TYPE_CHECKING:
    from outcrop.emulator import Emulator

#: What the conventions recommend for durations, in seconds, and for tokens.
SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
TOKENS = tuple(4**power for power in range(14))


def attributes_of_the_conventions() -> set[str]:
    found = set()
    for package in (incubating, stable):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            names = vars(importlib.import_module(module.name)).values()
            found |= {name for name in names if isinstance(name, str)}
    return found


@pytest.fixture
def exported(emulator: Emulator) -> Any:
    """The spans and metrics of calls of all kinds."""
    watched = Watched(capture_content=True)
    runtime = session(emulator, retries={"max_attempts": 2}).client("bedrock-runtime")
    try:
        runtime.converse(**REQUEST, inferenceConfig={"maxTokens": 20, "temperature": 0.5, "stopSequences": ["."]})
        runtime.converse(**REQUEST, inferenceConfig={"topP": 0.9})
        list(runtime.converse_stream(**REQUEST)["stream"])
        emulator.fault("throttling", operation="Converse", times=3)
        with pytest.raises(outcrop.exceptions.ThrottlingException):
            runtime.converse(**REQUEST)
        runtime.converse(**REQUEST)
        data = watched.reader.get_metrics_data()
        assert data is not None
        yield watched.exporter.get_finished_spans(), data.resource_metrics[0].scope_metrics[0].metrics
    finally:
        watched.close()


def test_every_attribute_is_known_or_is_outcrop_s_own(exported: Any) -> None:
    spans, metrics = exported
    told = {name for span in spans for name in span.attributes}
    told |= {name for span in spans for event in span.events for name in event.attributes}
    told |= {name for metric in metrics for point in metric.data.data_points for name in point.attributes}
    assert len(told) > 20
    others = told - attributes_of_the_conventions()
    assert {name for name in others if not name.startswith("outcrop.")} == set()


def test_instruments_are_those_of_the_conventions(exported: Any) -> None:
    _, metrics = exported
    theirs = MeterProvider(shutdown_on_exit=False).get_meter("conventions")
    made: list[Any] = [
        gen_ai_metrics.create_gen_ai_client_operation_duration(theirs),
        gen_ai_metrics.create_gen_ai_client_operation_time_to_first_chunk(theirs),
        gen_ai_metrics.create_gen_ai_client_token_usage(theirs),
    ]
    assert {(metric.name, metric.unit) for metric in metrics} == {(each.name, each.unit) for each in made}
    for metric in metrics:
        expected = TOKENS if metric.unit == "{token}" else SECONDS
        assert {point.explicit_bounds for point in metric.data.data_points} == {expected}, metric.name


def test_what_the_conventions_require_is_there(exported: Any) -> None:
    spans, metrics = exported
    required = {"gen_ai.operation.name", "gen_ai.provider.name"}
    for span in spans:
        assert required <= set(span.attributes)
        assert span.name == f"chat {PROFILE}"
    for metric in metrics:
        for point in metric.data.data_points:
            assert required <= set(point.attributes)
            assert ("gen_ai.token.type" in point.attributes) == (metric.name == "gen_ai.client.token.usage")
