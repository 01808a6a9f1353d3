"""opentelemetry-instrumentation-botocore."""

import opentelemetry_spans
import spans
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor

BotocoreInstrumentor().instrument()
spans.tell(opentelemetry_spans.taken)
