"""One Converse request from a model's fields, the messages and what a call adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from langchain_core.messages import BaseMessage

from outcrop import _values
from outcrop._conversation.names import ToolNames
from outcrop._conversation.repairing import Repairing
from outcrop._conversation.tool_text import has_tool_blocks
from outcrop._models import refuses
from outcrop.langchain.caching import add_cache_points
from outcrop.langchain.capabilities import thinking_in
from outcrop.langchain.errors import warn
from outcrop.langchain.keys import camel, camel_keys
from outcrop.langchain.messages.outbound import conversation
from outcrop.langchain.native_schema import response_format_output
from outcrop.langchain.parameters import SAMPLING, refused_sampling, usable_stops
from outcrop.langchain.reasoning_effort import effort_fields
from outcrop.langchain.repairs import settled
from outcrop.langchain.tools import (
    distinct,
    tool_choice_entry,
    tool_entry,
    tool_names,
    with_sent_arguments,
    with_sent_names,
)

if TYPE_CHECKING:
    from outcrop.langchain.chat_models.fields import ConverseFields

CALL_PARAMETERS = (
    "stop", "stop_sequences", "max_tokens", "temperature", "top_p", "model", "model_id", "tools", "tool_choice",
    "inference_config", "additional_model_request_fields", "additional_model_response_field_paths", "guardrail_config",
    "guardrails", "performance_config", "service_tier", "request_metadata", "output_config", "prompt_variables",
    "response_format", "reasoning_effort", "cache_control", "system", "stream", "disable_streaming", "strict",
    "tool_config",
)  # fmt: skip
"""What a call (`invoke(…, max_tokens=…)`, `bind(…)`) may set; camel case is understood as well."""

_BY_CAMEL = {camel(name): name for name in CALL_PARAMETERS}


class Target(NamedTuple):
    """The model that one call goes to, which `model=` may change.

    Attributes:
        model_id: The id or ARN that is called.
        base_model_id: The base model behind it, or `None` if nobody knows.
        provider: Its publisher, or `None`.
        profile: Its model profile.
    """

    model_id: str
    base_model_id: str | None
    provider: str | None
    profile: Any


class Prepared(NamedTuple):
    """One call that is ready to go.

    Attributes:
        request: The keyword arguments of `converse` and `converse_stream`.
        target: The model that is called.
        names: The names of its tools, and the way back.
        repaired: What was repaired in its conversation.
    """

    request: dict[str, Any]
    target: Target
    names: ToolNames
    repaired: list[str]

    @property
    def streams(self) -> bool:
        """Whether the model streams such a call: some stream no answer that may call tools."""
        return not (self.request.get("toolConfig") and refuses(self.target.base_model_id or "", "streamed tools"))


def call_parameters(given: dict[str, Any]) -> dict[str, Any]:
    """Return a call's keyword arguments under one spelling.

    Raises:
        TypeError: For a name that Converse does not have.
    """
    named: dict[str, Any] = {}
    for key, value in given.items():
        name = key if key in CALL_PARAMETERS else _BY_CAMEL.get(key)
        if name is None:
            raise TypeError(
                f"{_values.shown(key)} is not a parameter of a Converse call. A parameter of the model itself goes "
                f"into "
                f"additional_model_request_fields={{{_values.shown(key)}: …}}. Converse's own are: "
                f"{', '.join(CALL_PARAMETERS)}."
            )
        if value is not None:
            named[name] = value
    return named


def build_request(
    model: ConverseFields,
    target: Target,
    messages: Sequence[BaseMessage],
    stop: list[str] | None,
    call: dict[str, Any],
) -> Prepared:
    """Build the keyword arguments of `converse` and `converse_stream`.

    Args:
        model: The chat model whose fields are the defaults.
        target: The model that is called.
        messages: The conversation; it is not changed.
        stop: Stop sequences of the call; they win.
        call: What `call_parameters` made of the call's keyword arguments.

    Returns:
        The call, with a request whose lists and dicts are its own.

    Raises:
        ValueError: If a message, block or tool cannot be sent, or the conversation needs a repair that
            `strict_history` forbids.
    """
    request = build_parameters(model, target, stop, call)
    notes: list[str] = []
    names = tool_names(request.get("toolConfig"))
    if names.originals:
        request["toolConfig"] = with_sent_names(request["toolConfig"], names)
    if "toolConfig" in request and refuses(target.base_model_id or "claude", "odd names of arguments"):
        request["toolConfig"] = with_sent_arguments(request["toolConfig"], names)
    turns, system = _conversation(model, target, messages, call.get("system"), notes)
    if model.raw_blocks is None:
        repairing = Repairing(
            target.base_model_id or "",
            names,
            has_tools="toolConfig" in request,
            thinks=thinking_in(request.get("additionalModelRequestFields") or {}),
            notes=notes,
        )
        if "toolConfig" not in request and has_tool_blocks(turns):
            warn(
                "Tool messages were passed without toolConfig: they are sent as text, since Converse refuses them "
                "otherwise.",
                RuntimeWarning,
            )
        system = repairing.system(system)
        if "toolConfig" in request:
            request["toolConfig"] = {**request["toolConfig"], "tools": repairing.tools(request["toolConfig"]["tools"])}
        elsewhere = [*system, *(request.get("toolConfig") or {}).get("tools", ())]
        points = [block["cachePoint"] for block in elsewhere if "cachePoint" in block]
        short = any(point.get("ttl") != "1h" for point in points)
        turns = repairing.messages(turns, reserved_points=len(points), short_points=short)
    if model.guard_last_turn_only:
        _guard_last_turn(turns)
    request = {"messages": turns, "system": system, **request}
    add_cache_points(request, call.get("cache_control"), target.base_model_id or "", target.provider)
    return Prepared(request, target, names, settled(notes, model.strict_history))


def build_parameters(
    model: ConverseFields, target: Target, stop: list[str] | None, call: dict[str, Any]
) -> dict[str, Any]:
    """Build everything of a request but `messages` and `system`."""
    fields = {
        **_own_fields(model, target),
        **_effort(model, target, call),
        **call.get("additional_model_request_fields", {}),
    }
    tools = call.get("tool_config") or _tool_config(call)
    tier = call.get("service_tier") or model.service_tier
    guardrail = call.get("guardrail_config") or call.get("guardrails") or model.guardrail_config
    variables = call.get("prompt_variables") or model.prompt_variables
    performance = call.get("performance_config") or model.performance_config
    request = {
        "modelId": target.model_id,
        "inferenceConfig": _inference(model, target, fields, stop, call),
        "toolConfig": camel_keys(tools),
        "additionalModelRequestFields": fields or None,
        "additionalModelResponseFieldPaths": call.get("additional_model_response_field_paths")
        or model.additional_model_response_field_paths,
        "guardrailConfig": camel_keys(guardrail),
        "performanceConfig": dict(performance) if performance else None,
        "serviceTier": {"type": tier} if isinstance(tier, str) else tier,
        "requestMetadata": call.get("request_metadata") or model.request_metadata,
        "outputConfig": camel_keys(call.get("output_config"))
        or response_format_output(call.get("response_format"))
        or camel_keys(model.output_config),
        "promptVariables": {k: {"text": v} if isinstance(v, str) else v for k, v in variables.items()}
        if variables
        else None,
    }
    return _without_none(request)


def _without_none(value: Any) -> Any:
    """Leave out what was set to nothing, which Bedrock would refuse; what stands in lists is left alone."""
    if not isinstance(value, dict):
        return value
    return {key: _without_none(item) for key, item in value.items() if item is not None}


def _own_fields(model: ConverseFields, target: Target) -> dict[str, Any]:
    """Return the model's own fields, without what its effort is in its own words where another model is called."""
    own = model.additional_model_request_fields or {}
    if target.model_id == model.model_id or model.reasoning_effort is None:
        return own
    levels = (model.profile or {}).get("reasoning_effort_levels")
    said = effort_fields(model.reasoning_effort, model._known_base(model.model_id), levels) if levels else {}
    return {key: value for key, value in own.items() if key not in said or said[key] != value}


def _effort(model: ConverseFields, target: Target, call: dict[str, Any]) -> dict[str, Any]:
    effort = call.get("reasoning_effort")
    if effort is None and target.model_id != model.model_id:
        effort = model.reasoning_effort
    levels = (target.profile or {}).get("reasoning_effort_levels")
    return effort_fields(effort, target.base_model_id, levels) if effort else {}


def _inference(
    model: ConverseFields, target: Target, fields: dict[str, Any], stop: list[str] | None, call: dict[str, Any]
) -> dict[str, Any]:
    if given := call.get("inference_config"):
        inference = camel_keys(given)
    else:
        reasoning = fields.get("reasoningConfig") or {}
        unbounded = (
            reasoning.get("type") == "enabled" and reasoning.get("maxReasoningEffort") == "high"
        )  # Nova 2 refuses a limit then
        inference = {
            "maxTokens": None if unbounded else call.get("max_tokens") or model.max_tokens,
            "temperature": call.get("temperature", model.temperature),
            "topP": call.get("top_p", model.top_p),
            "stopSequences": usable_stops(
                target.base_model_id or "",
                stop or call.get("stop") or call.get("stop_sequences") or model.stop_sequences,
            )
            or None,
        }
        inference = {key: value for key, value in inference.items() if value is not None}
    own = {name: fields[name] for name in SAMPLING if name in fields}
    for name in refused_sampling(target.base_model_id or "", target.profile, fields, {**own, **inference}):
        inference.pop(name, None)
        fields.pop(name, None)
    return inference


def _tool_config(call: dict[str, Any]) -> dict[str, Any] | None:
    if not call.get("tools"):
        return None
    entries = [tool_entry(tool, call.get("strict")) for tool in call["tools"]]
    config: dict[str, Any] = {"tools": distinct(entries, lambda entry: (entry.get("toolSpec") or {}).get("name"))}
    if choice := tool_choice_entry(call.get("tool_choice")):
        config["toolChoice"] = choice
    return config


def _conversation(
    model: ConverseFields, target: Target, messages: Sequence[BaseMessage], system: Any, notes: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if model.raw_blocks is not None:
        return [{**turn, "content": list(turn.get("content", ()))} for turn in model.raw_blocks], []
    prompts = system if system is not None else model.system
    turns, made = conversation(
        messages,
        [prompts] if isinstance(prompts, str) else prompts,
        model_id=target.base_model_id or "",
        provider=target.provider,
        notes=notes,
    )
    for block in made:
        if _MEDIA.intersection(block):
            raise ValueError(
                f"system message content must be texts, guardContent or cache points; got the block {sorted(block)}: "
                "show it in a user message."
            )
    return turns, made


_MEDIA = frozenset({"image", "document", "video", "audio", "toolUse", "toolResult", "searchResult"})


def _guard_last_turn(turns: list[dict[str, Any]]) -> None:
    """Mark the last user turn, and thereby nothing else, for the guardrail."""
    for turn in reversed(turns):
        if turn["role"] == "user":
            guarded = [{"guardContent": {"text": {"text": b["text"]}}} if "text" in b else b for b in turn["content"]]
            if not any("text" in block for block in turn["content"]):
                guarded.append({"guardContent": {"text": {"text": "[tool_result]"}}})
            turn["content"] = guarded
            return
