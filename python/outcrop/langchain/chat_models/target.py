"""Which model a call goes to, and what it can do: shared by both chat models."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, TypeVar, cast

from langchain_core.language_models import ModelProfile
from langchain_core.language_models.base import LangSmithParams
from langchain_core.messages import HumanMessage

from outcrop.langchain.connection import BedrockConnection, rules_of
from outcrop.langchain.connection_fields import SECRETS
from outcrop.langchain.identity import identify
from outcrop.langchain.model_profiles import model_profile
from outcrop.langchain.request import Target
from outcrop.langchain.resolution import aresolve, known_base_model, resolve

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import RunnableSerializable
    from langchain_core.runnables.utils import AnyConfigurableField
    from typing_extensions import Self

    _Base = BaseChatModel
else:
    _Base = object

try:
    VERSION = version("outcrop")
except PackageNotFoundError:  # a checkout on the path, not installed
    VERSION = "0"


_FILLED = {
    "additional_model_request_fields", "base_model_id", "beta_use_converse_api", "profile", "provider",
    "supports_tool_choice_values",
}  # fmt: skip
"""Fields that follow from the model's id where they are not given."""

_Method = TypeVar("_Method", bound=Callable[..., Any])


class _Signature(inspect.Signature):
    """A method's signature that has the one without `self` at hand, which `inspect` makes anew whenever it is asked."""

    def replace(self, **changes: Any) -> inspect.Signature:
        _, *others = self.parameters.values()
        if changes.keys() != {"parameters"} or list(changes["parameters"]) != others:
            return super().replace(**changes)
        if "_bound" not in vars(self):
            self._bound = inspect.Signature(others, return_annotation=self.return_annotation)
        return self._bound


def with_signature(method: _Method) -> _Method:
    """Keep a method's signature with it: langchain-core asks at every call, and making it costs more than a request."""
    made = inspect.signature(method)
    kept = _Signature(list(made.parameters.values()), return_annotation=made.return_annotation)
    cast("Any", method).__signature__ = kept
    return method


class ModelTarget(_Base):
    """Methods around `model_id`, `base_model_id` and `provider`."""

    model_id: str
    base_model_id: str | None
    provider: str | None

    @property
    def model(self) -> str:
        """Same as `model_id`."""
        return self.model_id

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """What dumps keep beside the fields: clients are left out, but a router's rules are what the model may do."""
        known = cast("Any", self)
        rules = rules_of(known._given_client()) or known.cross_region
        return {"cross_region": plain(rules)} if rules else {}

    @property
    def lc_secrets(self) -> dict[str, str]:
        """Fields that serialization replaces by the names of environment variables."""
        return dict(SECRETS)

    @classmethod
    def is_lc_serializable(cls) -> bool:
        """Whether `dumpd` and `load` take this class: they do."""
        return True

    @classmethod
    def get_lc_namespace(cls) -> list[str]:
        """The module that `load` finds this class in."""
        return ["outcrop", "langchain"]

    def configurable_fields(self, **kwargs: AnyConfigurableField) -> RunnableSerializable[Any, Any]:
        """Let calls set fields by their `config`, on this model's connections.

        Args:
            **kwargs: `ConfigurableField`s, by the names of the fields.

        Returns:
            A runnable that reads `config["configurable"]`.

        Raises:
            ValueError: If there is no such field.
        """
        from outcrop.langchain.configurable import RunnableConfigurableFields

        made = cast("Any", super()).configurable_fields(**kwargs)
        return RunnableConfigurableFields(default=made.default, fields=made.fields)

    def _remember(self) -> None:
        """Keep what was given of the fields that `_settle_for` and `_learn` fill in."""
        known = cast("Any", self)
        given = {name: vars(self).get(name) for name in _FILLED & known.model_fields_set}
        if given.get("profile") == self._resolve_model_profile():  # langchain-core has filled it in already
            given.pop("profile", None)
        known._given = given

    def _changed(self, changes: dict[str, Any]) -> Self:
        """Return a model with other fields, on the connections of this one where they do not change."""
        kind, known = cast("Any", type(self)), cast("Any", self)
        fields = {name: value for name, value in vars(self).items() if name in kind.model_fields}
        kept = {name: value for name, value in fields.items() if name not in _FILLED}
        made = kind(**{**kept, **known._given, **changes})
        moved = BedrockConnection.model_fields.keys() & changes.keys()
        if not moved and (known.cross_region is None or "model_id" not in changes):  # a router is for one model
            made._made = known._made
        return made

    def _known_base(self, model_id: str) -> str | None:
        """Return the base model as far as it is known without asking."""
        if model_id == self.model_id and self.base_model_id:
            return self.base_model_id
        return identify(model_id).base_model_id or known_base_model(model_id)[1]

    def _get_base_model(self) -> str:
        """Return the base model id, or the id that is called if the base model is not known."""
        return self._base_or_none() or self.model_id

    def _base_or_none(self) -> str | None:
        """Return the base model id, asking Bedrock about an application profile where that blocks no event loop."""
        base = self._known_base(self.model_id)
        if base is None and self._must_ask(self.model_id) and not _on_loop():
            base = resolve(self.model_id, cast("Any", self).bedrock_client)
        self._learn()
        return base

    def _must_ask(self, model_id: str) -> bool:
        return (
            identify(model_id).is_application_profile
            and not known_base_model(model_id)[0]
            and self._known_base(model_id) is None
        )

    def _target(self, model_id: str | None = None) -> Target:
        """Return the model that a call goes to; sync."""
        called = model_id or self.model_id
        if self._must_ask(called):
            resolve(called, cast("Any", self).bedrock_client)
        self._learn()
        return self._target_from(called)

    async def _atarget(self, model_id: str | None = None) -> Target:
        """Return the model that a call goes to; async."""
        called = model_id or self.model_id
        if self._must_ask(called):
            await aresolve(called, cast("Any", self)._async_control())
        self._learn()
        return self._target_from(called)

    def _learn(self) -> None:
        """Fill in what follows from the base model, once it is known that was asked about."""
        if self.base_model_id is None and (base := known_base_model(self.model_id)[1]):
            self._settle_for(base)  # first, since what it refuses is refused by the next call as well
            self.base_model_id = base

    def _settle_for(self, base: str | None) -> None:
        """Fill fields that follow from the base model and were not given; each chat model adds its own."""
        if not self.profile:
            self.profile = self._resolve_model_profile()

    def _target_from(self, called: str) -> Target:
        base = self._known_base(called)
        own = called == self.model_id
        provider = (self.provider if own else None) or identify(base or called).provider
        profile = self.profile if own and self.profile else model_profile(called, base)
        return Target(called, base, provider, profile)

    def _naming(self, target: Target) -> dict[str, Any]:
        """Return what answers say of the model in `response_metadata`."""
        names = {
            "model_name": self.base_model_id
            if target.model_id == self.model_id and self.base_model_id
            else target.model_id
        }
        if identify(target.model_id).is_application_profile:
            names = {"model_name": target.base_model_id or target.model_id, "inference_profile_id": target.model_id}
        return names

    def _resolve_model_profile(self) -> ModelProfile | None:
        return model_profile(self.model_id, self._known_base(self.model_id))

    def get_num_tokens(self, text: str) -> int:
        """Count the tokens of a text by Bedrock's CountTokens, as the one message of a prompt.

        Args:
            text: The text.

        Returns:
            The model's own count; where Bedrock gives none, an estimate, with a warning.
        """
        if self.custom_get_token_ids is not None:
            return super().get_num_tokens(text)
        return self.get_num_tokens_from_messages([HumanMessage(text)])

    def _get_invocation_params(self, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        # Not through langchain-core's own method, which reads the deprecated `dict` with the process's warning filters
        # changed meanwhile: at every call, for every thread, and at more than the rest of this call's bookkeeping.
        return {"model": self._named(), **self.asdict(), "stop": stop, **kwargs}

    def _named(self) -> str:
        """Return the base model that was given or learned, else the id that is called."""
        return self.base_model_id or known_base_model(self.model_id)[1] or self.model_id

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        """Return what tracing shows: the same fields for every provider."""
        params = {**kwargs, "stop": stop or kwargs.get("stop")}
        known = cast("Any", self)
        tracing = LangSmithParams(
            ls_provider="amazon_bedrock",
            ls_model_name=kwargs.get("model") or kwargs.get("model_id") or self._named(),
            ls_model_type="chat",
        )
        temperature = params.get("temperature", known.temperature)
        if temperature is not None:
            tracing["ls_temperature"] = temperature
        if max_tokens := params.get("max_tokens", known.max_tokens):
            tracing["ls_max_tokens"] = max_tokens
        if params["stop"]:
            tracing["ls_stop"] = params["stop"]
        return tracing


def plain(value: Any) -> Any:
    """Copy options with sets as lists in order: dumps know no sets, and the same model is the same text each time."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
