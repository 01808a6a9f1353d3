"""Chat models on the runtime's APIs of OpenAI and Anthropic: LangChain's own classes for these, carried by outcrop."""
