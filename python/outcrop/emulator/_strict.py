"""A script that is kept to: what nobody wrote down fails, and so does what nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outcrop.emulator._emulator import Emulator
    from outcrop.emulator._journal import JournalEntry
    from outcrop.emulator._rules import Rule

UNSCRIPTED = "UNSCRIPTED: the script has no answer for this call; write one down with bedrock_script.reply(...)"
"""What a call that no script is for is answered."""


class StrictScript:
    """Answers in the order in which they were written, once each; from the fixture `bedrock_script`.

    Errors, pauses and closed connections come before texts, whatever the order: `text=` says which call they are for.

    Args:
        bedrock: The local Bedrock that answers.

    Example:
        >>> script = StrictScript(bedrock)
        >>> rule = script.reply("Igneous.")
        >>> answer = bedrock.client("bedrock-runtime").converse(
        ...     modelId="us.amazon.nova-lite-v1:0",
        ...     messages=[{"role": "user", "content": [{"text": "What is basalt?"}]}],
        ... )
        >>> answer["output"]["message"]["content"]
        [{'text': 'Igneous.'}]
        >>> script.entries(rule)[0].operation
        'Converse'
        >>> script.check()
        >>> script.close()
    """

    def __init__(self, bedrock: Emulator) -> None:
        self.bedrock = bedrock
        self._rules: list[tuple[Rule, int]] = []
        self._numbers: set[int] = set()
        self._rest = self._for_the_rest()

    def reply(self, reply: Any = None, *, times: int = 1, **options: Any) -> Rule:
        """Write the next answer down.

        Args:
            reply: A text, or content blocks in Converse's form.
            times: For so many calls.
            **options: Whatever `Emulator.script` takes: `text`, `model`, `stop_reason`, `stream`, `error`, `drop`, ….

        Returns:
            The rule.
        """
        if reply is not None:
            options["reply"] = reply
        self._rest.remove()
        made = self.bedrock.script(times=times, **options)
        self._rules.append((made, times))
        self._rest = self._for_the_rest()
        return made

    def entries(self, rule: Rule) -> list[JournalEntry]:
        """The requests that an answer was given to."""
        return self.bedrock.journal.where(rule=rule.number)

    def check(self) -> None:
        """See that everything was asked for, and nothing else.

        Raises:
            AssertionError: A call had no answer written down, or an answer was not asked for; the text lists both.
        """
        journal = list(self.bedrock.journal)
        hits: dict[int | None, int] = {}
        for entry in journal:
            hits[entry.rule] = hits.get(entry.rule, 0) + 1
        lines = [f"  no answer was written down for {entry}" for entry in journal if entry.rule in self._numbers]
        for number, (rule, times) in enumerate(self._rules, 1):
            if hits.get(rule.number, 0) < times:
                lines.append(f"  answer {number} was asked for {hits.get(rule.number, 0)} times of {times}: {rule}")
        if lines:
            told = "\n".join(f"  {entry}" for entry in journal) or "  none"
            raise AssertionError("\n".join(["the script was not kept to:", *lines, "the requests were:", told]))

    def close(self) -> None:
        """Let the local Bedrock answer as it usually does."""
        for rule in (self._rest, *(rule for rule, _ in self._rules)):
            rule.remove()

    def _for_the_rest(self) -> Rule:
        # The last in the order, so that it is hit where nothing else is.
        rule = self.bedrock.script(reply=UNSCRIPTED)
        self._numbers.add(rule.number)
        return rule
