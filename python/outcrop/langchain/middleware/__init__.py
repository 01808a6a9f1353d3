"""Middleware for LangChain's agents; needs `langchain`."""
