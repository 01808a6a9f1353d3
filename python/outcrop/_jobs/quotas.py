"""What the account may ask of batch jobs: given, read from Service Quotas, or as AWS documents it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from outcrop import _values
from outcrop._names import refuse_unknown

_GIGABYTE = 10**9
_SERVICE = "bedrock"


class Quotas(NamedTuple):
    """The quotas of one model in one source Region.

    Attributes:
        minimum_records: Fewer records than this are no job.
        records: So many at most in a job.
        file_records: So many at most in one of its files.
        file_bytes: The size of a file at most.
        job_bytes: The size of all files of a job at most.
        slots: How many jobs of the model may be submitted and in progress at once.
    """

    minimum_records: int = 100
    records: int = 50_000
    file_records: int = 50_000
    file_bytes: int = _GIGABYTE
    job_bytes: int = 5 * _GIGABYTE
    slots: int = 20


_NAMES = {
    "minimum_records": "Minimum number of records per batch inference job for ",
    "records": "Records per batch inference job for ",
    "file_records": "Records per input file per batch inference job for ",
    "file_bytes": "Batch inference input file size (in GB) for ",
    "job_bytes": "Batch inference job size (in GB) for ",
    "slots": "Sum of in-progress and submitted batch inference jobs using a base model for ",
}
_SIZE_LAST = {"file_bytes": "Batch inference input file size for ", "job_bytes": "Batch inference job size for "}
_IN_GB = " (in GB)"

QuotasGiven = Mapping[str, Any] | Callable[[str], Any] | None
"""Numbers for all Regions, numbers by Region, a function from a Region to a client of Service Quotas, or nothing."""


def of(given: QuotasGiven, region: str, model_name: str) -> Quotas:
    """The quotas that hold for a model in a Region.

    Args:
        given: As the user gave it.
        region: The source Region.
        model_name: AWS's name of the model, by which Service Quotas knows it.

    Raises:
        TypeError: It is none of these.
        ValueError: A quota is unknown, or cannot be.
    """
    if given is None:
        return Quotas()
    if callable(given):
        return _read(given(region), model_name)
    if not isinstance(given, Mapping):
        raise TypeError(
            "quotas must be a dict of numbers, a dict of these by Region, or a function from a Region to a boto3 "
            f'client of "service-quotas", not {type(given).__name__}'
        )
    numbers: Any = given
    if any(isinstance(value, Mapping) for value in given.values()):
        numbers = given.get(region, {})
    refuse_unknown(numbers, Quotas._fields, "quota", ValueError)
    return Quotas(**{name: _values.whole(f"the quota {name}", value) for name, value in numbers.items()})


def _read(client: Any, model_name: str) -> Quotas:
    """From Service Quotas; what is not there stays as AWS documents it."""
    found: dict[str, int] = {}
    for page in client.get_paginator("list_service_quotas").paginate(ServiceCode=_SERVICE):
        for quota in page["Quotas"]:
            known = _named(quota["QuotaName"])
            if known is None or not same_model(known[1], model_name):
                continue
            name, value = known[0], quota["Value"]
            value = int(value * _GIGABYTE) if name in _SIZE_LAST else int(value)
            # Some quotas are there twice under one name: the narrower one is kept.
            narrower = max if name == "minimum_records" else min
            found[name] = narrower(value, found.get(name, value))
    return Quotas()._replace(**found)


def _named(text: str) -> tuple[str, str] | None:
    """Which quota it is and of which model: by its whole name, since one name stands inside another."""
    for name, start in _NAMES.items():
        if text.startswith(start):
            return name, text[len(start) :]
    for name, start in _SIZE_LAST.items():
        if text.startswith(start) and text.endswith(_IN_GB):
            return name, text[len(start) : -len(_IN_GB)]
    return None


def same_model(one: str, other: str) -> bool:
    """Whether two of AWS's names are of one model: some have the provider in front, some a version behind.

    Args:
        one: A name, as in "Claude Sonnet 4.6" or "Nova Lite V1".
        other: Another.

    Example:
        >>> same_model("Nova Lite V1", "Nova Lite"), same_model("Claude Sonnet 4", "Claude Sonnet 4.6")
        (True, False)
    """
    return bool(other) and _essence(one) == _essence(other)


def _essence(name: str) -> str:
    text = re.sub(
        r"^(?:anthropic|amazon|meta|mistral ai|mistral|openai|cohere|deepseek|qwen)\s+(?=\S)", "", name.lower()
    )
    return re.sub(r"[^a-z0-9.]", "", re.sub(r"\s*\(?\bv?1(?::0)?\)?$", "", text) or text)
