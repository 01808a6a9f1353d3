"""What carries requests of OpenAI's and Anthropic's clients, whichever HTTP library they use."""
