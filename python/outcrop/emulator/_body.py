"""The body of a request, read."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any


class JsonBody:
    """What has a body that is JSON, as a rule."""

    body: bytes

    @cached_property
    def request(self) -> Any:
        """The body read as JSON; `None` if it is empty or none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None
