"""Answers as botocore's handlers see them, and answers that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from outcrop import exceptions
from outcrop._siblings import dressed

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse
    from botocore.model import OperationModel


class _NotKept:
    """Stands where botocore has the connection: outcrop has read the answer already."""

    def stream(self, *_: Any, **__: Any) -> NoReturn:
        """What `content` and `text` of a response would read."""
        raise NotImplementedError("the bytes of an answer are not kept: its members are in `parsed`")

    read = stream


def http_response(url: str, parsed: dict[str, Any]) -> AWSResponse:
    """Return the status and headers of an answer as botocore has them; its bytes are not in it.

    Args:
        url: Where it came from.
        parsed: The answer, or an error's `response`.
    """
    from botocore.awsrequest import AWSResponse

    metadata = parsed.get("ResponseMetadata", {})
    return AWSResponse(url, metadata.get("HTTPStatusCode", 0), dict(metadata.get("HTTPHeaders", {})), _NotKept())


def parsed(response: AWSResponse, operation: OperationModel) -> dict[str, Any]:
    """Return what a response says that a handler of `before-send` gave in the server's place."""
    from botocore.endpoint import convert_to_response_dict
    from botocore.parsers import create_parser

    parser = create_parser(operation.service_model.resolved_protocol)
    return parser.parse(convert_to_response_dict(response, operation), operation.output_shape)


def checked(response: AWSResponse, parsed: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
    """Return an answer that a handler gave.

    Raises:
        ClientError: It is an error.
    """
    if response.status_code < 300:  # noqa: PLR2004  -- where botocore draws the line
        return parsed
    code = parsed.get("Error", {}).get("Code")
    modeled = any(shape.name == code for shape in operation.service_model.error_shapes)
    cls = getattr(exceptions, code, exceptions.ClientError) if modeled else exceptions.ClientError
    raise dressed(cls)(parsed, operation.name)
