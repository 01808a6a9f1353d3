"""Tools that Amazon Nova runs itself, as objects that agents hold among their own.

A module of its own, since most models never meet one and `langchain_core.tools` takes its time to import.
"""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool
from pydantic import BaseModel


class _NoInput(BaseModel):
    """A tool that runs inside Bedrock takes nothing from here."""


class NovaSystemTool(BaseTool):
    """A tool that Bedrock runs itself; agents may hold it among their own tools.

    Needs the IAM permission `bedrock:InvokeTool`. Its use and its result come back as blocks of the answer, not as
    tool calls.
    """

    type: str = "system_tool"
    args_schema: Any = _NoInput

    def to_bedrock_format(self) -> dict[str, Any]:
        """Return the entry of `toolConfig.tools`."""
        return {"systemTool": {"name": self.name}}

    def _run(self, **kwargs: Any) -> str:
        return f"{self.name} runs inside Bedrock; there is nothing to run here."


class NovaGroundingTool(NovaSystemTool):
    """Nova's web search."""

    name: str = "nova_grounding"
    description: str = "Searches the web, inside Bedrock, for current information."


class NovaCodeInterpreterTool(NovaSystemTool):
    """Nova's Python sandbox."""

    name: str = "nova_code_interpreter"
    description: str = "Runs Python code in a sandbox inside Bedrock."
