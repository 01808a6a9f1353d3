"""What both models have of Bedrock: whose calls they are, the clients that carry them, and what of it goes into copies.

A model holds a connection beside its own fields. The official client over it is made when it is first used, so that
constructing a model costs nothing and asks nobody; copies share it, dumps and pickles leave it out.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from langchain_core.language_models.base import LangSmithParams
from langchain_core.utils import secret_from_env
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, model_validator
from typing_extensions import Self

from outcrop.langchain.chat_models.target import plain
from outcrop.langchain.connection import BedrockConnection, rules_of, without_input
from outcrop.langchain.connection_fields import SECRETS, AccountFields, refuse_client_arguments
from outcrop.langchain.identity import identify
from outcrop.langchain.model_profiles import model_profile

if TYPE_CHECKING:
    from langchain_core.language_models import ModelProfile

_making = threading.Lock()

_GUARDRAIL = {
    "guardrailIdentifier": "X-Amzn-Bedrock-GuardrailIdentifier",
    "guardrailVersion": "X-Amzn-Bedrock-GuardrailVersion",
    "trace": "X-Amzn-Bedrock-Trace",
}
"""The headers that name a guardrail, by the members that Converse has for them."""

_KEYS = ("api_key", "openai_api_key", "anthropic_api_key")
_ELSEWHERE = frozenset({
    "anthropic_api_url", "anthropic_proxy", "async_client", "base_url", "client", "http_async_client", "http_client",
    "openai_api_base", "openai_organization", "openai_proxy", "organization", "root_async_client", "root_client",
})  # fmt: skip
"""Fields of the classes below that say how OpenAI or Anthropic themselves are reached."""


class Connection(BedrockConnection):
    """A model's connection, and the clients of outcrop's that are made of it."""

    model_id: str


class Carried(AccountFields):
    """Fields and behaviour that stand before those of LangChain's class for an API."""

    bedrock_runtime: Any = Field(default=None, exclude=True)
    """A client of outcrop's for `bedrock-runtime`, or a router. Made if not given."""

    bedrock_api_key: SecretStr | None = Field(default_factory=secret_from_env("AWS_BEARER_TOKEN_BEDROCK", default=None))
    """A Bedrock API key (also as `api_key`), read from `AWS_BEARER_TOKEN_BEDROCK`. It wins over AWS credentials."""

    default_headers: Mapping[str, str] | None = Field(default=None, exclude=True, repr=False)
    """HTTP headers for every request. Maybe secrets: dumps leave them out, and a model with some is not pickled."""

    guardrail_config: dict[str, Any] | None = Field(default=None, alias="guardrails")
    """`guardrailIdentifier`, `guardrailVersion` and perhaps `trace`: sent as headers. Responses have no guardrails."""

    _connection: Any = PrivateAttr(default=None)
    _official: dict[str, Any] = PrivateAttr(default_factory=dict)

    _model_names: ClassVar[tuple[str, ...]] = ("model", "model_name")
    _blank: ClassVar[Mapping[str, Any]] = {}
    """Fields of the class below that have nothing to say here, and what stands in them."""

    if not TYPE_CHECKING:  # where fields are what it takes

        def __init__(self, *arguments: Any, **fields: Any) -> None:
            refusal = None
            try:
                super().__init__(*arguments, **fields)
            except ValidationError as error:
                refusal = without_input(error)
            if refusal is not None:
                raise refusal

    @model_validator(mode="before")
    @classmethod
    def _for_bedrock(cls, values: Any) -> Any:
        """Take a key for Bedrock's, and refuse what would lead calls elsewhere."""
        if not isinstance(values, dict):
            return values
        given = dict(cast("dict[str, Any]", values))
        for name in _ELSEWHERE.intersection(given):
            if given[name] is None:
                del given[name]
                continue
            raise ValueError(
                f"{name}= says how OpenAI or Anthropic are reached, and these calls go to Bedrock: name endpoint_url= "
                "or config=, or give a client of outcrop's or a router as bedrock_runtime="
            )
        for name in _KEYS:
            if (key := given.pop(name, None)) is not None:
                given.setdefault("bedrock_api_key", key)
        refuse_client_arguments(given, {*cls.model_fields, "max_retries", "timeout"}, "bedrock_runtime=")
        return cls._with_usual(given)

    @classmethod
    def _with_usual(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Add what is usual on Bedrock where nothing else was said."""
        return given

    @property
    def _id(self) -> str:
        """The model's id."""
        raise NotImplementedError

    def _connect(self) -> None:
        """Make a connection of the fields; the clients of an earlier one are left to others that have them."""
        fields = {name: getattr(self, name) for name in (*AccountFields.model_fields, "bedrock_api_key")}
        if "max_retries" in self.model_fields_set:
            fields["max_retries"] = cast("Any", self).max_retries
        self._connection = Connection(model_id=self._id, client=_checked(self.bedrock_runtime), **fields)
        self._official = {}
        vars(self).update(self._blank)

    def _client_of(self, name: str, is_async: bool) -> Any:
        """The official client, made when it is first asked for."""
        if name not in self._official:
            connection = self._connection
            with _making:
                if name not in self._official:
                    carrier = connection._async_runtime() if is_async else connection._runtime()
                    self._official[name] = self._make_official(carrier, is_async=is_async)
        return self._official[name]

    def _make_official(self, carrier: Any, *, is_async: bool) -> Any:
        raise NotImplementedError

    def _headers(self) -> dict[str, str]:
        """What goes with every request: the caller's own headers, and those that name a guardrail."""
        guardrail = self.guardrail_config or {}
        named = {header: str(guardrail[name]) for name, header in _GUARDRAIL.items() if guardrail.get(name)}
        return {**(self.default_headers or {}), **named}

    @model_validator(mode="after")
    def _check_guardrail(self) -> Self:
        wanted = ("guardrailIdentifier", "guardrailVersion")
        if self.guardrail_config and not all(self.guardrail_config.get(name) for name in wanted):
            raise ValueError("guardrail_config needs guardrailIdentifier and guardrailVersion: name both")
        return self

    def _resolve_model_profile(self) -> ModelProfile | None:
        return cast("ModelProfile", _profile(self._id)) or None

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        """What tracing shows: as the other models on Bedrock."""
        params = cast("Any", super())._get_ls_params(stop=stop, **kwargs)
        return cast("LangSmithParams", {**params, "ls_provider": "amazon_bedrock"})

    # --- copies, dumps and pickles ------------------------------------------------------------------------------------

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """What dumps keep beside the fields: a router's rules, also those of one that was given."""
        rules = rules_of(self.bedrock_runtime) or self.cross_region
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

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy the model; a copy with other fields makes its own clients."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            copied._connect()
        return copied

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        memo = {} if memo is None else memo
        for shared in (*self._official.values(), self.bedrock_runtime):
            if shared is not None:
                memo[id(shared)] = shared  # they hold connections
        return super().__deepcopy__(memo)

    def __getstate__(self) -> dict[Any, Any]:
        if self.default_headers:
            raise TypeError(
                "this model cannot be pickled because it was given default_headers, which may be secrets: make it "
                "where it is used."
            )
        state = super().__getstate__()
        values = {name: value for name, value in state["__dict__"].items() if name not in SECRETS}
        private = {**(state["__pydantic_private__"] or {}), "_official": {}}
        return {**state, "__dict__": values, "__pydantic_private__": private}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        for name, variable in SECRETS.items():
            vars(self)[name] = secret_from_env(variable, default=None)()


def _profile(model_id: str) -> dict[str, Any]:
    return cast("dict[str, Any]", model_profile(model_id, identify(model_id).base_model_id))


def most_output(model_id: str) -> int | None:
    """The most tokens that a model writes, as far as it is known."""
    return _profile(model_id).get("max_output_tokens")


def _checked(client: Any) -> Any:
    """A given client, if it can carry these calls."""
    from outcrop._clients import BaseClient

    if client is not None and not isinstance(client, BaseClient):
        raise ValueError(
            f"bedrock_runtime= must be a client of outcrop's or a router, got {type(client).__name__}: only these "
            'carry other APIs; make one by outcrop.client("bedrock-runtime", …)'
        )
    return client
