"""openllmetry's opentelemetry-instrumentation-bedrock."""

import opentelemetry_spans
import spans
from opentelemetry.instrumentation.bedrock import BedrockInstrumentor

BedrockInstrumentor().instrument()
spans.tell(opentelemetry_spans.taken)
