"""What recordings need beside the local Bedrock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def needs_botocore(what: str) -> Iterator[None]:
    """Names the extra where an import fails.

    Raises:
        ImportError: botocore is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise ImportError(f"{what} needs botocore: pip install 'outcrop[monitoring]'") from error
