"""Errors from pickles: the class is found by name, and dressed for the program that reads it."""

from __future__ import annotations

from typing import Any


def restore_client_error(name: str, response: dict[str, Any], operation_name: str, notes: list[str]) -> Exception:
    """Make a `ClientError` again."""
    from outcrop import _errors

    error = _errors.dressed(_errors.named(name, "ClientError"))(response, operation_name)
    return _errors.with_notes(error, notes)


def restore_error(name: str, details: dict[str, Any], notes: list[str]) -> Exception:
    """Make any other error again."""
    from outcrop import _errors

    error = _errors.dressed(_errors.named(name, "BotoCoreError"))(**details)
    return _errors.with_notes(error, notes)
