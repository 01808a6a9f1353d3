"""Structured output: one module a method, and the parsers they share."""
