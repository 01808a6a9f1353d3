"""Messages in (`outbound`: LangChain to Bedrock) and out (`inbound`: Bedrock to LangChain)."""
