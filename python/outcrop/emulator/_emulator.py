"""The emulator as Python programs hold it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, overload

from outcrop import _native, _values
from outcrop._signatures import connecting
from outcrop.emulator import _arguments, _environment, _metrics, _rules
from outcrop.emulator._clock import Clock
from outcrop.emulator._invocation_log import InvocationLog
from outcrop.emulator._jobs import Jobs
from outcrop.emulator._journal import Journal
from outcrop.emulator._objects import Objects
from outcrop.emulator._regions import Regions, RegionSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Self, Unpack

    from outcrop._clients import AsyncBedrockClient, AsyncBedrockRuntimeClient, BedrockClient, BedrockRuntimeClient
    from outcrop.emulator._metrics import Metric
    from outcrop.emulator._rules import FaultKind, Rule, StopReason
    from outcrop.types import ConnectionArguments

# How long stopping waits for records that are still on their way to CloudWatch Logs.
_LAST_RECORDS = 5.0


class Emulator:
    """A whole Bedrock, all its Regions, on one loopback port.

    It runs in this process on a thread of its own, which runs no Python. Use it as a context manager, synchronous or
    asynchronous, or call `start` and `stop`. After a `fork` the child can reach it through `endpoint_url`; everything
    else belongs to the process that made it, and says so.

    Args:
        port: The port, on 127.0.0.1 only; 0 lets the system choose.
        regions: What to set for Regions, by name: health, latency, capacity and quota.
        reply_tokens: About how many tokens an answer in plain text has.
        tokens_per_second: How fast a model writes; `None` is at once.
        rerouting_latency: Seconds that being served in another Region adds to the first byte.
        verify_signatures: Whether requests must be signed with the key below. Otherwise anything is taken.
        default_region: The Region of a request whose signature and host name none, as with a bearer token.
        access_key_id: The key that may sign. Default: one that is the same always; for another account than the default
            one, a key that names it as AWS's keys do.
        secret_access_key: Its secret, which protects nothing.
        bearer_token: The bearer token that may call.
        account_id: The account that owns everything here.
        journal_entries: How many requests the journal keeps at most.
        journal_bytes: About how many bytes the journal keeps at most.
        logs_endpoint_url: A local CloudWatch Logs, such as moto's server, that records of calls are delivered to where
            logging is configured. The log group must be there; the stream is made.
        rules: What requests are refused for beyond the API's shapes: `strict` for all that is known to be refused,
            `documented` without what only its users report, `recorded` for what recorded answers of the service show.

    Raises:
        ValueError: A setting has a value that it cannot have.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        regions: Mapping[str, RegionSettings] | None = None,
        reply_tokens: int = 48,
        tokens_per_second: float | None = None,
        rerouting_latency: float = 0.0,
        verify_signatures: bool = True,
        default_region: str = "us-east-1",
        access_key_id: str | None = None,
        secret_access_key: str = "outcrop/emulator/not/a/real/secret/key/1",  # noqa: S107  -- it protects nothing
        bearer_token: str = "bedrock-api-key-outcrop-emulator",  # noqa: S107  -- it protects nothing
        account_id: str = _arguments.USUAL_ACCOUNT,
        journal_entries: int = 10_000,
        journal_bytes: int = 64 << 20,
        logs_endpoint_url: str | None = None,
        rules: Literal["strict", "documented", "recorded"] = "strict",
    ) -> None:
        access_key_id = _arguments.usual_key(account_id) if access_key_id is None else access_key_id
        _arguments.check_texts(
            {
                "access_key_id": access_key_id,
                "secret_access_key": secret_access_key,
                "bearer_token": bearer_token,
                "account_id": account_id,
                "default_region": default_region,
                "rules": rules,
            }
        )
        _arguments.check_rules(rules)
        _arguments.check_logs_endpoint(logs_endpoint_url)
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.bearer_token = bearer_token
        self.account_id = account_id
        self.default_region = default_region
        self._port = _arguments.count("port", port, most=_arguments.LAST_PORT)
        self._bound: int | None = None
        self._native = _native.Emulator(
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            bearer_token=bearer_token,
            verify_signatures=_values.flag("verify_signatures", verify_signatures),
            default_region=default_region,
            account=account_id,
            reply_tokens=_arguments.count("reply_tokens", reply_tokens),
            seconds_per_token=_arguments.seconds_per_token(tokens_per_second),
            journal_entries=_arguments.count("journal_entries", journal_entries),
            journal_bytes=_arguments.count("journal_bytes", journal_bytes),
            logs_endpoint_url=logs_endpoint_url,
            rules=rules,
        )
        self._native.set_rerouting_latency(_arguments.span("rerouting_latency", rerouting_latency))
        self.regions = Regions(self._native)
        self.journal = Journal(self._native)
        self.invocation_log = InvocationLog(self._native)
        self.objects = Objects(self._native)
        self.jobs = Jobs(self._native)
        self.clock = Clock(self._native)
        self.regions.apply(regions or {})

    # -- running ------------------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Opens the port.

        Returns:
            The emulator itself.

        Raises:
            OSError: The port cannot be had.
            RuntimeError: It is running already.
        """
        self._bound = self._native.start(self._port)
        return self

    def stop(self) -> None:
        """Closes the port and every connection, and waits for the thread to end. It is no error to stop it twice."""
        self._native.stop()
        self._native.flush_logs(_LAST_RECORDS)
        self._bound = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that is open.

        Raises:
            RuntimeError: The emulator is not running.
        """
        if self._bound is None:
            msg = "the emulator is not running: use it in a with-block, or call start() first"
            raise RuntimeError(msg)
        return self._bound

    @property
    def endpoint_url(self) -> str:
        """What clients take as `endpoint_url`; it speaks for every Region."""
        return f"http://127.0.0.1:{self.port}"

    def _step_back(self) -> tuple[int, int]:
        """Leave the port to something that stands before this one; where it is now, and the port that is free."""
        port = self.port
        self._native.stop()
        return self._native.start(0), port

    def _step_forward(self, port: int) -> None:
        """Take the port again, unless it was stopped meanwhile."""
        if self._bound is not None:
            self._native.stop()
            self._native.start(port)

    # -- clients ------------------------------------------------------------------------------------------------------

    @property
    def connection(self) -> dict[str, Any]:
        """The keyword arguments that point outcrop or boto3 here: `boto3.client("bedrock", **bedrock.connection)`."""
        return {
            "endpoint_url": self.endpoint_url,
            "region_name": self.default_region,
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the Bedrock clients of every AWS SDK here, and no others, for a child process.

        A child that inherits this process's environment must not inherit what would win over them or goes with other
        keys: a profile, a session or bearer token, `AWS_CREDENTIAL_EXPIRATION`, `AWS_AUTH_SCHEME_PREFERENCE`. Where
        this process has a proxy, `NO_PROXY` is among them.
        """
        return _environment.variables(self)

    @overload
    def client(self, service_name: Literal["bedrock"], **overrides: Unpack[ConnectionArguments]) -> BedrockClient: ...

    @overload
    def client(
        self, service_name: Literal["bedrock-runtime"], **overrides: Unpack[ConnectionArguments]
    ) -> BedrockRuntimeClient: ...

    @connecting
    def client(self, service_name: Any, **overrides: Unpack[ConnectionArguments]) -> Any:
        """An outcrop client of this emulator.

        Args:
            service_name: `bedrock-runtime` or `bedrock`.
            **overrides: Whatever `outcrop.client` takes, `region_name` first of all.

        Returns:
            The client.
        """
        from outcrop import _session

        return _session.client(service_name, **self._connected(overrides))

    @overload
    def async_client(
        self, service_name: Literal["bedrock"], **overrides: Unpack[ConnectionArguments]
    ) -> AsyncBedrockClient: ...

    @overload
    def async_client(
        self, service_name: Literal["bedrock-runtime"], **overrides: Unpack[ConnectionArguments]
    ) -> AsyncBedrockRuntimeClient: ...

    @connecting
    def async_client(self, service_name: Any, **overrides: Unpack[ConnectionArguments]) -> Any:
        """An asynchronous outcrop client of this emulator.

        Args:
            service_name: `bedrock-runtime` or `bedrock`.
            **overrides: Whatever `outcrop.async_client` takes, `region_name` first of all.

        Returns:
            The client.
        """
        from outcrop import _session

        return _session.async_client(service_name, **self._connected(overrides))

    def _connected(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        # It is on loopback, which no proxy leads to.
        return {**self.connection, "proxy": False, **overrides}

    # -- what happens to calls ----------------------------------------------------------------------------------------

    def fault(
        self,
        kind: FaultKind,
        *,
        region: str | None = None,
        model: str | None = None,
        operation: str | None = None,
        text: str | None = None,
        times: int | None = None,
        code: str | None = None,
        message: str | None = None,
        members: Mapping[str, Any] | None = None,
        seconds: float | None = None,
        after_events: int | None = None,
        byte_count: int | None = None,
    ) -> Rule:
        """Makes calls fail, or wait.

        The kinds are `throttling`; `error` (any `code`, with `message` and the `members` of its shape); `latency`
        (`seconds` more before the first byte); `stall` (before the first byte, or after `after_events` events of a
        stream, for `seconds` or until the caller leaves); `exception` (a stream ends with the exception `code`),
        `cut_frame` (a stream ends inside a frame), `bad_checksum` (a frame is damaged), each after `after_events`
        events (1 if left out); `reset` (the connection is reset, before the answer or after `after_events` events);
        `drop` (the connection closes without an answer); `truncate` (the body ends after `byte_count` bytes, half of
        them if left out).

        Args:
            kind: What happens.
            region: Only calls of this source Region.
            model: Only calls of this model or profile, by id; `*` stands for anything.
            operation: Only this operation, as in `ConverseStream`. OpenAI's and Anthropic's paths are
                `ChatCompletions`, `CreateResponse`, `GetResponse`, `DeleteResponse`, `CancelResponse` and `Messages`.
            text: Only calls whose last user message holds this text, upper or lower case.
            times: Only the next so many calls; all until removed if left out.
            code: AWS's name of the error; on OpenAI's and Anthropic's paths, also `access_denied` (401) and
                `overloaded_error` (529).
            message: The error's text; Bedrock's usual one if left out.
            members: What else the error's shape holds, as `originalStatusCode`.
            seconds: How long to wait.
            after_events: How many events of a stream are sent before it happens.
            byte_count: How many bytes are sent.

        Returns:
            The rule, which counts its hits and can be removed.

        Raises:
            ValueError: The kind is unknown, or takes other options.
        """
        options = {
            "code": code,
            "message": message,
            "members": members,
            "seconds": seconds,
            "after_events": after_events,
            "byte_count": byte_count,
        }
        when = {"region": region, "model": model, "operation": operation, "text": text}
        return _rules.add(self._native, when, [_rules.fault_effect(kind, options)], times)

    def script(
        self,
        *,
        text: str | None = None,
        model: str | None = None,
        region: str | None = None,
        operation: str | None = None,
        times: int | None = None,
        reply: str | Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        stream: Sequence[str] | None = None,
        events: Sequence[Mapping[str, Any]] | None = None,
        stop_reason: StopReason | None = None,
        error: str | tuple[str, str] | None = None,
        delay: float | None = None,
        drop: bool = False,
    ) -> Rule:
        """Says what the model answers.

        Args:
            text: Only calls whose last user message holds this text, upper or lower case.
            model: Only calls of this model or profile, by id; `*` stands for anything.
            region: Only calls of this source Region.
            operation: Only this operation.
            times: Only the next so many calls; all until removed if left out.
            reply: A text, or one or more content blocks in Converse's form, such as `{"toolUse": {…}}`. Arguments of a
                call may be a text that is no JSON, as when a limit cuts them; `redactedContent` may be a list of bytes,
                each of which is streamed by itself.
            stream: A text in the pieces in which it is streamed.
            events: What `ConverseStream` sends, event for event, such as `{"messageStop": {"stopReason": "end_turn"}}`:
                nothing else is sent, and names and members may be any. Other operations are not hit.
            stop_reason: Why the answer ends, where `reply` or `stream` does not say it.
            error: An error's code, or code and text.
            delay: Seconds to wait before the first byte.
            drop: Close the connection without an answer.

        Returns:
            The rule, which counts its hits and can be removed.

        Raises:
            ValueError: Nothing is to happen, or things that exclude each other.
        """
        effects = _rules.script_effects(reply, stream, error, delay, events=events, stop_reason=stop_reason, drop=drop)
        when = {"region": region, "model": model, "operation": operation, "text": text}
        return _rules.add(self._native, when, effects, times)

    def clear_rules(self) -> None:
        """Takes all faults and scripts out of force."""
        self._native.clear_rules()

    def answer_with(self, *, reply_tokens: int = 48, tokens_per_second: float | None = None) -> None:
        """Changes how long answers in plain text are, and how fast.

        Args:
            reply_tokens: About how many tokens.
            tokens_per_second: How fast a model writes; `None` is at once.
        """
        self._native.set_manner(
            _arguments.count("reply_tokens", reply_tokens), _arguments.seconds_per_token(tokens_per_second)
        )

    # -- what is there ------------------------------------------------------------------------------------------------

    def metrics(self, *, region: str | None = None, model_id: str | None = None) -> list[Metric]:
        """What CloudWatch would have counted in the namespace `AWS/Bedrock`.

        Args:
            region: Only this source Region.
            model_id: Only this `ModelId`: a model's id, or a profile's when one was called.

        Returns:
            The counts, by Region and `ModelId`.
        """
        return [
            metric
            for metric in _metrics.read(self._native)
            if region in {None, metric.region} and model_id in {None, metric.model_id}
        ]

    def add_model(
        self,
        model_id: str,
        *,
        regions: Sequence[str] = (),
        name: str | None = None,
        provider: str | None = None,
        input_modalities: Sequence[str] = ("TEXT",),
        output_modalities: Sequence[str] = ("TEXT",),
        streaming: bool = True,
    ) -> None:
        """Adds a model to the catalogue, or replaces one.

        Args:
            model_id: Its id, as in `example.model-v1:0`.
            regions: Where it can be called without a profile; Regions that the catalogue does not know are added.
            name: Its name; made from the id if left out.
            provider: Its provider's name; made from the id if left out.
            input_modalities: `TEXT`, `IMAGE`, …
            output_modalities: `TEXT`, or `EMBEDDING`.
            streaming: Whether its answers can be streamed.
        """
        family, _, rest = model_id.partition(".")
        self._native.add_model(
            id=model_id,
            name=name or rest or model_id,
            provider=provider or family.title(),
            input_modalities=list(input_modalities),
            output_modalities=list(output_modalities),
            streaming=streaming,
            regions=list(regions),
        )

    def add_profile(self, profile_id: str, *, model: str, sources: Mapping[str, Sequence[str]]) -> None:
        """Adds a system-defined inference profile to the catalogue, or replaces one.

        Args:
            profile_id: Its id, as in `us.example.model-v1:0`.
            model: The id of the model behind it.
            sources: For each Region it can be called from, the Regions it may be served in; `*` is every commercial
                one.

        Raises:
            ValueError: The catalogue has no such model.
        """
        self._native.add_profile(profile_id, model, {source: list(names) for source, names in sources.items()})

    def add_guardrail(
        self,
        name: str,
        *,
        region: str | None = None,
        words: Sequence[str] = (),
        topics: Mapping[str, Sequence[str]] | None = None,
        personal_data: Mapping[str, Literal["BLOCK", "ANONYMIZE"]] | None = None,
        blocked_input: str = "Sorry, the model cannot answer this question.",
        blocked_output: str = "Sorry, the model cannot answer this question.",
    ) -> str:
        """Makes a guardrail, as `CreateGuardrail` would. It is there in version 1 and as `DRAFT`.

        Words and topics are looked for as they are written, upper or lower case; there is no model behind it that
        would judge what a text means.

        Args:
            name: Its name.
            region: Where it is; the default Region if left out.
            words: Words and phrases that are blocked.
            topics: Topics that are blocked: each one's name, and phrases that tell it.
            personal_data: What happens to each kind of personal data: `EMAIL`, `PHONE`, `IP_ADDRESS`, `URL`,
                `US_SOCIAL_SECURITY_NUMBER`, `CREDIT_DEBIT_CARD_NUMBER`, `AWS_ACCESS_KEY`, `MAC_ADDRESS` or
                `INTERNATIONAL_BANK_ACCOUNT_NUMBER`.
            blocked_input: What is said instead of asking the model.
            blocked_output: What is said instead of the model's answer.

        Returns:
            Its id, for `guardrailIdentifier`.
        """
        asked: dict[str, Any] = {
            "name": name,
            "blockedInputMessaging": blocked_input,
            "blockedOutputsMessaging": blocked_output,
        }
        if words:
            asked["wordPolicyConfig"] = {"wordsConfig": [{"text": word} for word in words]}
        if topics:
            told = [
                {"name": topic, "definition": topic, "examples": list(examples), "type": "DENY"}
                for topic, examples in topics.items()
            ]
            asked["topicPolicyConfig"] = {"topicsConfig": told}
        if personal_data:
            entities = [{"type": kind, "action": action} for kind, action in personal_data.items()]
            asked["sensitiveInformationPolicyConfig"] = {"piiEntitiesConfig": entities}
        return self._native.add_guardrail(region or self.default_region, json.dumps(asked))

    def add_key(
        self, access_key_id: str, secret_access_key: str, *, session_token: str | None = None, expired: bool = False
    ) -> None:
        """Lets another key sign.

        Args:
            access_key_id: The key's id.
            secret_access_key: Its secret.
            session_token: The token that must come with it, for a temporary key.
            expired: Answer `ExpiredTokenException` to it.
        """
        self._native.add_key(
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            session_token=session_token,
            expired=expired,
        )

    def __repr__(self) -> str:
        where = "stopped" if self._bound is None else f"at {self.endpoint_url}"
        return f"<Emulator {where}>"
