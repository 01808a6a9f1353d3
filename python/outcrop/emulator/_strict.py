"""A script that is kept to: what nobody wrote down fails, and so does what nobody asked for."""

from __future__ import annotations

import select
import threading
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from outcrop.emulator import _loopback, _usage
from outcrop.emulator._answers import Answer

if TYPE_CHECKING:
    import socket

    from outcrop.emulator._emulator import Emulator
    from outcrop.emulator._journal import JournalEntry
    from outcrop.emulator._loopback import Asked
    from outcrop.emulator._rules import Rule

UNSCRIPTED = "UNSCRIPTED: the script has no answer for this call; write one down with bedrock_script.reply(...)"
"""What a call that no script is for is answered."""


class StrictScript:
    """Answers in the order in which they were written, once each; from the fixture `bedrock_script`.

    From now on, until `close`, whoever calls the local Bedrock is answered by the script. HTTP/1.1 only.

    Args:
        bedrock: The local Bedrock that answers; it must be running.

    Example:
        >>> script = StrictScript(bedrock)
        >>> igneous = script.reply("Igneous.")
        >>> echo = script.reply(lambda asked: asked.text.upper())
        >>> runtime = bedrock.client("bedrock-runtime")
        >>> for _ in range(2):
        ...     answer = runtime.converse(
        ...         modelId="us.amazon.nova-lite-v1:0",
        ...         messages=[{"role": "user", "content": [{"text": "What is basalt?"}]}],
        ...     )
        ...     print(answer["output"]["message"]["content"])
        [{'text': 'Igneous.'}]
        [{'text': 'WHAT IS BASALT?'}]
        >>> script.entries(igneous)[0].operation
        'Converse'
        >>> script.check()
        >>> script.close()
    """

    def __init__(self, bedrock: Emulator) -> None:
        self.bedrock = bedrock
        self._answers: list[Answer] = []
        self._unscripted: set[int] = set()
        self._errors: list[tuple[Asked, Exception]] = []
        self._choosing = threading.Lock()
        self._behind, port = bedrock._step_back()  # noqa: SLF001  -- the two are one thing
        self._front: _loopback.Loopback | None = _loopback.Loopback(self._answer, port)

    def reply(
        self,
        reply: Any = None,
        *,
        times: int = 1,
        text: str | None = None,
        model: str | None = None,
        region: str | None = None,
        operation: str | None = None,
        **options: Any,
    ) -> Answer:
        """Write the next answer down. Each call is given the first answer that fits it and is not used up.

        Args:
            reply: A text, content blocks in Converse's form, or a function. A function is given the request
                (`Asked`: its `operation`, `model_id`, `region`, `text` and `request`) and gives back a text, blocks, or
                a dict of these arguments: `{"error": "ThrottlingException"}`. Functions are asked one at a time,
                also for a request that is then refused.
            times: For so many calls.
            text: Only for calls whose last user message holds this text, upper or lower case.
            model: Only for calls of this model or profile, by id; `*` stands for anything.
            region: Only for calls of this source Region.
            operation: Only for this operation: `Converse`, `ConverseStream`, `InvokeModel` or
                `InvokeModelWithResponseStream`.
            **options: What else `Emulator.script` takes: `stop_reason`, `stream`, `events`, `error`, `delay`, `drop`;
                and `usage`, the counts that Converse and ConverseStream tell, such as `{"inputTokens": 7}`.

        Returns:
            The answer, which counts its hits.

        Raises:
            ValueError: Nothing is to happen, or things that exclude each other.
        """
        if reply is not None:
            options["reply"] = reply
        when = {"text": text, "model": model, "region": region, "operation": operation}
        made = Answer(len(self._answers) + 1, when, options, times)
        self._answers.append(made)
        return made

    def entries(self, answer: Answer) -> list[JournalEntry]:
        """The requests that an answer was given to."""
        return [entry for entry in self.bedrock.journal if entry.rule in answer.rules]

    def check(self, *, all_used: bool = True) -> None:
        """See that everything was asked for, and nothing else.

        Args:
            all_used: Whether an answer that nobody asked for is a fault. It is none of a test that failed half-way.

        Raises:
            AssertionError: A call had no answer written down, an answer was not asked for, or a function raised; the
                text lists all of it, and the requests.
        """
        journal = list(self.bedrock.journal)
        lines = [f"  no answer was written down for {entry}" for entry in journal if entry.rule in self._unscripted]
        lines += [f"  {answer.left()}" for answer in self._answers if all_used and answer.hits < answer.times]
        lines += [f"  for {asked} the function raised {error!r}" for asked, error in self._errors]
        if lines:
            told = "\n".join(f"  {entry}" for entry in journal) or "  none"
            text = "\n".join(["the script was not kept to:", *lines, "the requests were:", told])
            raise AssertionError(text) from (self._errors[0][1] if self._errors else None)

    def close(self) -> None:
        """Let the local Bedrock answer as it usually does. It is no error to close it twice."""
        if self._front is not None:
            port = self._front.port
            self._front.close()
            self._front = None
            self.bedrock._step_forward(port)  # noqa: SLF001  -- the two are one thing

    def _answer(self, asked: Asked, client: socket.socket) -> None:
        if asked.operation is None:
            _loopback.pump(_loopback.forward(asked, self._behind), client)
            return
        with self._choosing:
            answer = next((answer for answer in self._answers if answer.fits(asked)), None)
            try:
                options: dict[str, Any] = answer.options(asked) if answer else {"reply": UNSCRIPTED}
                usage = _usage.checked(options.pop("usage", None), asked)
                rule = self._rule(asked, options)
            except Exception as error:  # noqa: BLE001  -- whatever a user's function raises is shown by `check`
                self._errors.append((asked, error))
                message = f"the script's function raised {type(error).__name__}: the test tells more at its end"
                _loopback.refuse(client, 400, "ValidationException", message)
                return
            upstream = _loopback.forward(asked, self._behind)
            hit = _wait(rule, upstream)
            rule.remove()
            if hit:
                (answer.rules if answer else self._unscripted).add(rule.number)
        if hit and usage:
            with upstream, HTTPResponse(upstream) as response:
                response.begin()
                body = _usage.put(response.read(), usage, streams=asked.operation == "ConverseStream")
                kept = {name: value for name, value in response.getheaders() if name.lower() not in _FRAMING}
                _loopback.respond(client, response.status, kept, body)
            return
        _loopback.pump(upstream, client)

    def _rule(self, asked: Asked, options: dict[str, Any]) -> Rule:
        """For this request and no other one that may be on its way."""
        return self.bedrock.script(
            model=asked.model_id, region=asked.region, operation=asked.operation, times=1, **options
        )


_FRAMING = {"content-length", "transfer-encoding", "connection"}


def _wait(rule: Rule, upstream: socket.socket) -> bool:
    """Until the request has met its rule, or was answered without, as what is refused is."""
    while not rule.hits:
        if select.select([upstream], [], [], 0.001)[0]:
            break
    return bool(rule.hits)
