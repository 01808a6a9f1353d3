"""Whatever programs do, and whatever lists, rules and Regions do meanwhile: no byte leaves for a Region outside.

Servers record what they got; what may be sent is said here in other words than the router's. A call is known by its
text, a rule's answers by the call that they were given to. `OUTCROP_SEQUENCES=2000` plays more of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import copy
import json
import os
import pickle
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outcrop
import outcrop.boto3
from outcrop import _native, exceptions
from outcrop.cross_region import HeldClock, _snapshot, _store
from outcrop.langchain import BedrockEmbeddings, ChatBedrockConverse
from tests.support.forking import forking, in_child

from .conftest import CLAUDE_BODY, MODEL, ask
from .world import LISTS, Sent, Version, World

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = ["us-east-1", "us-west-2", "ca-central-1", "eu-west-1"]
REGIONS = [*SOURCES, "us-east-2", "eu-central-1"]
GEOGRAPHIES = ["us", "eu", "global", "direct"]
NEXT = "amazon.nova-lite-v1:0"
"""The next model of routers that have one; no other has it named."""
MODELS = [MODEL, NEXT]
NAMES = {name: {where: f"{where}.{name}" for where in ("us", "eu", "global")} for name in MODELS}
KEYS = ["AKIDEXAMPLE", "AKIDANOTHER"]
LONG = int(os.environ.get("OUTCROP_SEQUENCES", "40"))
WHOSE: contextvars.ContextVar[str] = contextvars.ContextVar("whose", default="")

destinations = st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def versions(draw):
    profiles = {}
    for region in SOURCES:
        found = {
            names[where]: draw(destinations)
            for names in NAMES.values()
            for where in ("us", "eu")
            if draw(st.integers(0, 4))
        }
        found |= {names["global"]: ("", region) for names in NAMES.values() if draw(st.booleans())}
        profiles[region] = found
    served = {region: tuple(name for name in MODELS if draw(st.integers(0, 3)) == 0) for region in SOURCES}
    return Version(profiles, served)


def bundled() -> Version:
    """The facts of the release, as the tests read them."""
    facts = _snapshot.facts()
    profiles = {
        region: {row.id: ("",) if row.everywhere else row.destinations or () for row in facts.profiles(region)}
        for region in SOURCES
    }
    served = {region: tuple(name for name in MODELS if region in facts.models[name].regions) for region in SOURCES}
    return Version(profiles, served)


BUNDLED = bundled()
policy = st.sets(st.sampled_from(REGIONS), min_size=1, max_size=6)
ODD_NAMES = [
    MODEL,
    *NAMES[MODEL].values(),
    *NAMES[NEXT].values(),
    MODEL.upper(),
    f"{NAMES[MODEL]['us']} ",
    NAMES[MODEL]["us"].replace(".", "%2E", 1),
    f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/{NAMES[MODEL]['eu']}",
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123def456",
    "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/abc123def456",
    "arn:aws:bedrock:eu-west-1:123456789012:imported-model/abc123def456",
    "arn:aws:bedrock:eu-west-1:123456789012:prompt/ABC123DEF4:1",
    "arn:aws:bedrock:eu-west-1:123456789012:default-prompt-router/anthropic.claude:1",
    NEXT,
    "amazon.nova-pro-v1:0",
]
guardrails = st.sampled_from(["abc123", *(f"arn:aws:bedrock:{name}:123456789012:guardrail/abc123" for name in REGIONS)])


@dataclass
class Family:
    """A router, its copies and its twin: what one has found, all know."""

    routers: list[Any]
    places: list[tuple[str, str]]
    """Each source's access key and Region."""
    policy: set[str] | None
    """Names stay what they were; `None` is a rule."""
    models: list[str] = field(default_factory=lambda: [MODEL])
    """Those that the user named, and no other."""
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """Of each list the oldest version that may decide still; -1 are the facts of the release."""

    @property
    def sources(self) -> list[str]:
        return [region for _, region in self.places]


def one_of_two(method: str, arguments: dict[str, Any]) -> str:
    """Few conversations with many turns, whatever these are about."""
    return str(len(json.dumps(arguments, default=str)) % 2)


class Rule:
    """A rule that changes, is slow, and raises; it notes what it said to which call."""

    def __init__(self) -> None:
        self.permitted: set[str] = set(REGIONS)
        self.said: dict[str, dict[str, bool]] = {}
        self.raises = False
        self.reading = ""
        """The request of a batch that was read last: one that is made at a time."""
        self.flips: set[str] | None = None
        self._lock = threading.Lock()

    def __call__(self, region: str) -> bool:
        if self.raises:
            raise LookupError("no such tenant")
        with self._lock:
            answer = region in self.permitted
            said = self.said.setdefault(WHOSE.get() or self.reading, {})
            # It may be asked twice for one call, such as a stream's of a chat model, and then the last word counts.
            said[region] = answer
            if self.flips is not None:
                # It changes in the middle of a call's questions.
                self.permitted, self.flips = self.flips, None
        return answer

    def allows(self, whose: str) -> set[str]:
        return {region for region, answer in self.said.get(whose, {}).items() if answer}


class Play:
    """One sequence."""

    def __init__(self, world: World, data: Any) -> None:
        self.world = world
        self.data = data
        self.rule = Rule()
        self.families: list[Family] = []
        self.calls: dict[str, Family] = {}

    def draw(self, strategy: Any) -> Any:
        return self.data.draw(strategy)

    # -- what programs do ---------------------------------------------------------------------------------------------

    def create(self) -> None:
        place = st.tuples(st.sampled_from(KEYS), st.sampled_from(SOURCES))
        places = self.draw(st.lists(place, min_size=1, max_size=4, unique=True))
        weights = self.draw(st.lists(st.sampled_from([None, 0, 1, 5]), min_size=4, max_size=4))
        names = self.draw(st.none() | policy)
        kind = self.draw(st.sampled_from([outcrop.CrossRegion, outcrop.AsyncCrossRegion]))
        models = self.draw(st.sampled_from([[MODEL], MODELS]))
        adapt = self.draw(st.sampled_from([None, ADAPT])) if len(models) > 1 else None
        router = kind(
            models,
            adapt=adapt,
            geographies=self.draw(st.lists(st.sampled_from(GEOGRAPHIES), min_size=1, max_size=3, unique=True)),
            residency=self.rule if names is None else names,
            clock=HeldClock(),
            failover_on_denied=True,
            hedge=self.draw(st.sampled_from([None, {"after": 0.001, "share": 1.0}])),
            cache=self.draw(st.sampled_from([None, outcrop.Cache()])),
            affinity=self.draw(st.sampled_from([None, "prefix", one_of_two])),
            **self.world.accounts(*places, weights=[None if weights[:1] == [0] else it for it in weights]),
        )
        # Nobody waits here for lists that are late.
        router._patience = 0.05
        self.families.append(Family([router], places, names, models))

    def copy(self) -> None:
        family, router = self.one()
        how = self.draw(st.sampled_from([copy.copy, copy.deepcopy, lambda it: it._twin()]))
        family.routers.append(how(router))

    def pickle(self) -> None:
        family, router = self.one()
        if family.policy is None:
            return
        # Neither keys nor a clock for tests travel; the rest does.
        kind, model, told = self._told(router)
        keyed = {name: told.pop(name) for name in ("session", "sources") if name in told}
        told = pickle.loads(pickle.dumps(told))
        again = kind(model, **told, clock=HeldClock(), **{"session": router._session, **keyed})
        again._patience = 0.05
        self.families.append(Family([again], family.places, family.policy, family.models))

    def _told(self, router: Any) -> tuple[Any, Any, dict[str, Any]]:
        told = {name: it for name, it in router._changed_options().items() if name != "clock"}
        return type(router), told.pop("model", router.model), told

    def scrape(self) -> None:
        _, router = self.one()
        how = self.draw(st.sampled_from(["health", "metrics", "repr", "budget", "force"]))
        if how == "force":
            with contextlib.suppress(ValueError):
                router.force(self.draw(st.sampled_from(SOURCES)), self.draw(st.sampled_from(["open", "closed", None])))
        else:
            {"health": router.health, "metrics": router.metrics, "repr": router.__repr__}.get(
                how, lambda: router.retry_budget
            )()

    def call(self) -> None:
        family, router = self.one()
        self.answered(router, self.named(family), self.draw(st.sampled_from(list(OPERATIONS))))

    def crowd(self) -> None:
        """Many at once: tasks of a loop, or threads, while the rule changes in their middle."""
        family, router = self.one()
        names = [self.named(family) for _ in range(self.draw(st.integers(2, 5)))]
        self.rule.flips = self.draw(policy)
        try:
            self.all_at_once(router, names)
        finally:
            # What is asked under one name later, such as for each of several texts, is to get one answer.
            self.rule.flips = None

    def all_at_once(self, router: Any, names: list[str]) -> None:
        if isinstance(router, outcrop.CrossRegion):
            with ThreadPoolExecutor(len(names)) as threads:
                list(threads.map(lambda name: self.answered(router, name, "converse"), names))
            return

        async def one(name: str) -> None:
            WHOSE.set(name)
            with contextlib.suppress(*EXPECTED):
                await router.converse(**ask(name))

        async def all_of_them() -> None:
            await asyncio.gather(*(asyncio.create_task(one(name)) for name in names))

        asyncio.run(all_of_them())

    def batch(self) -> None:
        """The rule and the lists change while its requests are read."""
        family, router = self.one()
        names = [self.named(family) for _ in range(self.draw(st.integers(1, 5)))]
        turns = self.draw(st.lists(st.sampled_from(["", "rule", "lists", "old"]), min_size=5, max_size=5))
        change, wider = self.draw(policy), self.draw(versions())

        def requests() -> Any:
            for name, turn in zip(names, turns, strict=False):
                if turn == "rule":
                    self.rule.permitted = change
                elif turn == "lists":
                    self.world.change(wider)
                elif turn == "old":
                    self.grow_old()
                self.rule.reading = name
                yield ask(name)

        async def awaited() -> None:
            async for _ in router.batch("converse", requests(), concurrency=1):
                pass

        with contextlib.suppress(*EXPECTED):
            if isinstance(router, outcrop.CrossRegion):
                list(router.batch("converse", requests(), concurrency=1))
            else:
                asyncio.run(awaited())
        self.rule.reading = ""

    def chat(self) -> None:
        family, router = self.one()
        name = self.named(family)
        model = ChatBedrockConverse(model=MODEL, client=router, region_name=family.sources[0])
        model = self.draw(st.sampled_from([lambda it: it, copy.copy, copy.deepcopy]))(model)
        WHOSE.set(name)
        with contextlib.suppress(*EXPECTED):
            if self.draw(st.booleans()):
                asyncio.run(model.ainvoke(name))
            else:
                model.invoke(name)
        WHOSE.set("")

    def embed(self) -> None:
        """Several requests at once, by threads or tasks of LangChain's."""
        family, router = self.one()
        name = self.named(family)
        model = BedrockEmbeddings(
            model_id=MODEL, base_model_id="amazon.titan-embed-text-v2:0", client=router, region_name=family.sources[0]
        )
        WHOSE.set(name)
        with contextlib.suppress(*EXPECTED):
            if self.draw(st.booleans()):
                asyncio.run(model.aembed_documents([name] * 3))
            else:
                model.embed_documents([name] * 3)
        WHOSE.set("")

    def name_otherwise(self) -> None:
        """The model by another name, such as one of the router's own targets, and a guardrail of some Region."""
        family, router = self.one()
        name, model_id = self.named(family), self.draw(st.sampled_from(ODD_NAMES))
        guardrail = {"guardrailIdentifier": self.draw(guardrails), "guardrailVersion": "1"}
        call = _called("converse", **{**ASKED, "modelId": lambda _: model_id, "guardrailConfig": lambda _: guardrail})
        with _whose(name), contextlib.suppress(*EXPECTED):
            call(router, name)

    def carry(self) -> None:
        """A client of boto3's, of any Region, with a router."""
        family, router = self.one()
        if not isinstance(router, outcrop.CrossRegion):
            return
        where = self.draw(st.sampled_from(SOURCES))
        made = outcrop.boto3.client(
            "bedrock-runtime",
            where,
            endpoint_url=self.world.connection(where)["endpoint_urls"][where],
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            router=router,
        )
        name = self.named(family)
        with _whose(name), contextlib.suppress(*EXPECTED, BotoCoreError, ClientError):
            if self.draw(st.booleans()):
                made.converse(modelId=self.draw(st.sampled_from(ODD_NAMES)), **ask(name))
            else:
                content = [{"text": {"text": name}}]
                identifier = self.draw(guardrails)
                made.apply_guardrail(
                    guardrailIdentifier=identifier, guardrailVersion="1", source="INPUT", content=content
                )

    def fork(self) -> None:
        """A child that calls. What it asks the rule is not seen here, so the rule says the same to each question."""
        family, router = self.one()
        name, operation = self.named(family), self.draw(st.sampled_from(list(OPERATIONS)))
        self.rule.flips = None
        if not self.rule.raises:
            self.rule.said[name] = {region: region in self.rule.permitted for region in REGIONS}

        self.world.release()
        delivered = dict(self.world.delivered)

        def work() -> bool:
            self.answered(router, name, operation)
            for entry in _store._entries.values():
                if entry.under_way is not None:
                    entry.under_way.wait()
            return True

        assert in_child(work)
        # The lists that a child asked for are none of its parent's.
        self.world.delivered = delivered

    def plan(self) -> None:
        """It takes what AWS's lists say by then. What they said before decides nothing from now on."""
        family, router = self.one()
        self.world.release()
        with contextlib.suppress(LookupError):
            self.planned(router)
            # Old lists serve while new ones are fetched, which are there now.
            for entry in _store._entries.values():
                if entry.under_way is not None:
                    entry.under_way.wait()
            arrived = dict(self.world.delivered)
            found = self.planned(router)
            assert not {row.allowed for row in found if row.profile.scope != "regions"} & {True}
            for key, version in arrived.items():
                if key[:2] in family.places:
                    family.seen[key] = max(version, family.seen.get(key, -1))

    def planned(self, router: Any) -> Any:
        found = router.plan()
        return asyncio.run(found) if asyncio.iscoroutine(found) else found

    # -- what happens meanwhile ---------------------------------------------------------------------------------------

    def lists_change(self) -> None:
        self.world.change(self.draw(versions()))

    def lists_fail(self) -> None:
        how = st.sampled_from(["throttled", "denied", "garbage", "late", ""])
        self.world.release()
        self.world.lists = self.draw(st.dictionaries(st.sampled_from(SOURCES), how, max_size=3))

    def regions_fail(self) -> None:
        codes = ["ThrottlingException", "ServiceUnavailableException", "AccessDeniedException", "ValidationException"]
        where = st.sampled_from([*SOURCES, *(name for names in NAMES.values() for name in names.values()), *MODELS])
        self.world.failing = self.draw(st.dictionaries(where, st.sampled_from(codes), max_size=4))

    def rule_changes(self) -> None:
        self.rule.permitted = self.draw(policy)
        self.rule.raises = self.draw(st.integers(0, 5)) == 0

    def grow_old(self) -> None:
        """An hour passes."""
        for entry in list(_store._entries.values()):
            entry.fetched -= 3601
        for family in self.families:
            for router in family.routers:
                router._known.fresh_until = 0.0

    # -- and what must be ---------------------------------------------------------------------------------------------

    def one(self) -> tuple[Family, Any]:
        if not self.families:
            self.create()
        family = self.draw(st.sampled_from(self.families))
        return family, self.draw(st.sampled_from(family.routers))

    def named(self, family: Family) -> str:
        name = f"call-{len(self.calls)}-"
        self.calls[name] = family
        return name

    def answered(self, router: Any, name: str, operation: str) -> None:
        with _whose(name), contextlib.suppress(*EXPECTED):
            OPERATIONS[operation](router, name)

    def check(self) -> None:
        for sent in self.world.take():
            (name,) = set(re.findall(rb"call-\d+-", sent.body))
            family = self.calls[name.decode()]
            allowed = self.rule.allows(name.decode()) if family.policy is None else family.policy
            guardrails = re.findall(
                r"arn:aws:bedrock:([a-z0-9-]*):\d+:guardrail/", f"{sent.body!r} {unquote(sent.model_id)}"
            )
            assert {*guardrails} <= allowed, (sent, allowed)
            if sent.model_id.startswith("/guardrail/"):
                assert sent.region in allowed, (sent, allowed)
                continue
            assert any(sent.model_id in (name, *NAMES[name].values()) for name in family.models), sent
            # The Region with that very account, and nothing is signed with another's keys.
            assert (sent.key, sent.region) in family.places
            assert any(reach is not None and reach <= allowed for reach in self.reaches(family, sent)), (sent, allowed)

    def reaches(self, family: Family, sent: Sent) -> list[set[str] | None]:
        """Where it may get, by each version of its account's list that may be in force."""
        kind = "models" if sent.model_id in MODELS else LISTS[0]
        oldest = family.seen.get((sent.key, sent.region, kind), -1)
        deciding = ([BUNDLED] if oldest < 0 else []) + self.world.versions[max(oldest, 0) :]
        # A token count goes to the model itself, and gets no further than the source.
        return [version.reach(sent.region, sent.model_id) for version in deciding]


@contextlib.contextmanager
def _whose(name: str) -> Iterator[None]:
    token = WHOSE.set(name)
    try:
        yield
    finally:
        WHOSE.reset(token)


def _streamed(router: Any, name: str) -> None:
    if isinstance(router, outcrop.CrossRegion):
        list(router.converse_stream(**ask(name))["stream"])
        return

    async def read() -> None:
        async for _ in (await router.converse_stream(**ask(name)))["stream"]:
            pass

    asyncio.run(read())


def _called(operation: str, **arguments: Any) -> Any:
    def work(router: Any, name: str) -> None:
        said = {key: value(name) for key, value in arguments.items()}
        answer = getattr(router, operation)(**said)
        if asyncio.iscoroutine(answer):
            asyncio.run(answer)

    return work


def ADAPT(request: dict[str, Any], model: str) -> dict[str, Any] | None:  # noqa: N802  -- one of a play's choices
    """The request for a next model; a body of `InvokeModel` is not for it."""
    return None if "body" in request else {**request, "requestMetadata": {"for": model}}


ASKED = {"messages": lambda name: ask(name)["messages"]}
OPERATIONS = {
    "converse": _called("converse", **ASKED),
    "converse_stream": _streamed,
    "invoke_model": _called("invoke_model", body=lambda name: CLAUDE_BODY.replace("hi", name)),
}
EXPECTED = (exceptions.ClientError, exceptions.OutcropError, LookupError)
STEPS = [
    Play.create, Play.copy, Play.copy, Play.pickle, Play.scrape, Play.scrape, Play.call, Play.call, Play.call,
    Play.crowd, Play.batch, Play.chat, Play.embed, Play.name_otherwise, Play.carry,
    Play.fork, Play.plan, Play.plan, Play.lists_change, Play.lists_change, Play.lists_fail,
    Play.regions_fail, Play.rule_changes, Play.rule_changes, Play.grow_old,
]  # fmt: skip


@forking
@settings(max_examples=LONG, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data())
def test_nothing_leaves_outside(data):
    _store.forget()
    _native.forget_targets()
    with World(SOURCES, data.draw(versions())) as world:
        play = Play(world, data)
        play.create()
        for _ in range(data.draw(st.integers(4, 14))):
            step = data.draw(st.sampled_from(STEPS))
            step(play)
            play.check()


def test_something_leaves_where_it_may():
    """The property would hold for a router that sends nothing."""
    listed = {region: {NAMES[MODEL]["us"]: ("us-east-1", "us-west-2")} for region in SOURCES}
    with World(SOURCES, Version(listed)) as world:
        for kind in (outcrop.CrossRegion, outcrop.AsyncCrossRegion):
            rule = Rule()
            connection = world.connection("us-east-1", "us-west-2")
            router = kind(MODEL, geographies=["us"], residency=rule, clock=HeldClock(), **connection)
            for operation, work in OPERATIONS.items():
                WHOSE.set(operation)
                work(router, "call-0-")
                assert len(world.take()) == 1, operation
                rule.permitted = {"us-east-1"}
                WHOSE.set(f"{operation} again")
                with pytest.raises(exceptions.NoTargetError):
                    work(router, "call-0-")
                rule.permitted = set(REGIONS)
        assert world.take() == []
