"""The chat models."""
