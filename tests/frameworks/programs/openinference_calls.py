"""openinference-instrumentation-bedrock."""

import opentelemetry_spans
import spans
from openinference.instrumentation.bedrock import BedrockInstrumentor

BedrockInstrumentor().instrument()
spans.tell(opentelemetry_spans.taken)
