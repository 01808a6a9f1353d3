"""The operations of outcrop's clients, under AWS's names, and botocore's model of each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import botocore.session
from botocore import xform_name

from outcrop import _native

if TYPE_CHECKING:
    from botocore.model import OperationModel

OPERATIONS = {
    service: [operation.name for operation in _native.operations(service)] for service in ("bedrock-runtime", "bedrock")
}
EVERY = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]
PAGED = [(service, operation) for service, operation in EVERY if operation.startswith("List")]
"""Those that botocore may page; `ListTagsForResource` and `ListFoundationModels` answer whole."""


@cache
def model(service: str, operation: str) -> OperationModel:
    """What botocore knows of the operation."""
    return botocore.session.get_session().get_service_model(service).operation_model(operation)


def method(operation: str) -> str:
    """The client's method: `ListInferenceProfiles` → `list_inference_profiles`."""
    return xform_name(operation)
