"""The paths of OpenAI's and Anthropic's APIs at which a model writes."""

from __future__ import annotations

OPERATION = "SendRequest"
"""What the native half calls a request of theirs."""

WRITES = {
    "/openai/v1/chat/completions": "create_chat_completion",
    "/openai/v1/responses": "create_response",
    "/anthropic/v1/messages": "create_message",
}
"""What is done there, in names like those of a client's methods."""
