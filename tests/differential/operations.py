"""The operations of outcrop's clients, under AWS's names, and botocore's model of each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import botocore
import botocore.session
from botocore import xform_name

from outcrop import _native
from tests.support.frames import CONTENT_TYPE
from tests.support.server import Answer, json_answer

from .shapes import least_answer

if TYPE_CHECKING:
    from botocore.model import OperationModel

OPERATIONS = {
    service: [operation.name for operation in _native.operations(service)] for service in ("bedrock-runtime", "bedrock")
}


def _required() -> None:
    """See that botocore knows what the tables know.

    Raises:
        RuntimeError: It is older than the lock's.
    """
    session = botocore.session.get_session()
    for service, operations in OPERATIONS.items():
        if missing := set(operations) - set(session.get_service_model(service).operation_names):
            raise RuntimeError(
                f"botocore {botocore.__version__} has no {min(missing)}: the tests compare with the botocore that "
                "requirements/development.txt locks (make setup)"
            )


_required()
EVERY = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]
PAGED = [
    (service, operation.name)
    for service in OPERATIONS
    for operation in _native.operations(service)
    if operation.paginator is not None
]
"""Those that page; `test_the_same_operations_page` sees that botocore pages the same."""


@cache
def model(service: str, operation: str) -> OperationModel:
    """What botocore knows of the operation."""
    return botocore.session.get_session().get_service_model(service).operation_model(operation)


def answer(service: str, operation: str) -> Answer:
    """The least that answers it; of a stream nothing, which ends it."""
    its_own = model(service, operation)
    if its_own.has_event_stream_output:
        return Answer(headers={"Content-Type": CONTENT_TYPE})
    return json_answer(least_answer(its_own.output_shape))


def method(operation: str) -> str:
    """The client's method: `ListInferenceProfiles` → `list_inference_profiles`."""
    return xform_name(operation)
