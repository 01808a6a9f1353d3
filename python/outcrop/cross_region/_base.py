"""What the sync and the async router share: its targets, its plan and its health."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from outcrop import _credentials, _native, _values
from outcrop._clients import ClientExceptions, ClientMeta
from outcrop._methods import Table
from outcrop._settings import patience
from outcrop._signatures import connecting
from outcrop._targets import in_words
from outcrop.cross_region import _affinity, _retention, _store, options
from outcrop.cross_region import catalogue as rows
from outcrop.cross_region._adapting import Adapting
from outcrop.cross_region._affinity import Keys
from outcrop.cross_region._bringing import Bringing
from outcrop.cross_region._known import Known
from outcrop.cross_region._quotas import Quotas, Wish, check_known
from outcrop.cross_region._rules import Ruled
from outcrop.cross_region.health import BreakerChange, Health, Listener, TargetHealth, tell
from outcrop.cross_region.planning import of_models
from outcrop.cross_region.residency import Residency, ResidencyRule
from outcrop.cross_region.resolving import check_sources, checked_urls, models_of, sources_of
from outcrop.cross_region.sources import Sources, made_session, whose
from outcrop.cross_region.terms import Retention, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typing_extensions import Self, Unpack

    from outcrop._metrics import Metrics, Sample
    from outcrop._session import Session
    from outcrop.cross_region._adapting import Adapt
    from outcrop.cross_region._affinity import Affinity
    from outcrop.cross_region.clock import HeldClock
    from outcrop.cross_region.sources import SourcesLike
    from outcrop.types import ConnectionArguments


class RoutedTable(Table):
    """The operations that call a model, which are those that can be routed."""

    def __init__(self) -> None:
        super().__init__("bedrock-runtime")
        self.operations = {name: operation for name, operation in self.operations.items() if operation.calls_model}


TABLE = RoutedTable()


class Routed:
    """What a router is made of; see `CrossRegion`."""

    other_kind: ClassVar[type[Routed]]
    """The asynchronous router's class for the blocking one, and the other way round."""

    @connecting
    def __init__(
        self,
        model: str | Iterable[str],
        *,
        sources: SourcesLike = None,
        geographies: Iterable[str] | str | None = None,
        residency: ResidencyRule | Residency = None,
        adapt: Adapt | None = None,
        affinity: Affinity | None = None,
        projects: Mapping[str, str] | None = None,
        retention: Retention = None,
        breaker: options.Breaker | None = None,
        hedge: options.Hedge | None = None,
        limits: options.Limits | None = None,
        retry_budget: int = 500,
        repeat_read_timeouts: bool = False,
        failover_on_denied: bool = False,
        endpoint_urls: Mapping[str, str] | None = None,
        catalogue: _store.Source = "auto",
        max_age: float = _store.MAX_AGE,
        shared: bool = True,
        on_change: Callable[[BreakerChange], object] | None = None,
        clock: HeldClock | None = None,
        session: Session | None = None,
        **connection: Unpack[ConnectionArguments],
    ) -> None:
        self._identifiers = models_of(model)
        self.model = self._identifiers[0].text
        """The model, as given; the first of several."""
        self.models = tuple(it.text for it in self._identifiers)
        """All models, in the order in which they are tried."""
        sources = sources_of(self._identifiers, sources)
        self._session = made_session(session, connection, sources, Routed.__init__)
        limits = options.settled(limits)
        # What a pickle needs to make it again; the session has the rest.
        self._options: dict[str, Any] = {
            "adapt": adapt,
            "affinity": affinity,
            "breaker": breaker,
            "hedge": hedge,
            "limits": limits,
            "retry_budget": retry_budget,
            "repeat_read_timeouts": repeat_read_timeouts,
            "failover_on_denied": failover_on_denied,
            "endpoint_urls": None if endpoint_urls is None else dict(endpoint_urls),
            "catalogue": catalogue,
            "max_age": max_age,
            "shared": shared,
            "on_change": on_change,
            "clock": clock,
        }
        self._placed = Sources(self._session, sources, projects)
        self._options["projects"] = None if projects is None else dict(projects)
        self._sources = self._placed.regions
        for identifier in self._identifiers:
            check_sources(identifier, self._sources)
        self._geographies = rows.named_geographies(geographies)
        self._residency = Residency.of(residency)
        self._terms = Terms.of(self._placed.all, retention)
        self._catalogue: _store.Source = rows.checked_source(catalogue)
        self._max_age = _store.checked_age(max_age)
        self._on_change = None if on_change is None else Listener(on_change)
        given = self._session._given  # noqa: SLF001  -- the package's own
        self._patience = patience(given.get("timeouts"))
        if self._terms.retention is not None and any(it.asked for it in self._placed.all):
            raise ValueError(
                "retention is read of one account, and a function as credentials= may give another account's keys with "
                "each call: name a profile, a role or keys in its place"
            )
        laid_out = options.native(
            breaker=breaker,
            hedge=hedge,
            limits=limits,
            retries=given.get("retries", {}),
            timeouts=given.get("timeouts", {}),
            retry_budget=_values.whole("retry_budget", retry_budget, 0),
            repeat_read_timeouts=_values.flag("repeat_read_timeouts", repeat_read_timeouts),
            pass_denied=_values.flag("failover_on_denied", failover_on_denied),
            projects=self._terms.projects,
            retention=self._terms.retention,
            affinity="key" if callable(affinity) else _affinity.checked(affinity),
            weighted=self._placed.weighted,
        )
        urls = checked_urls(endpoint_urls, self._sources)
        sessions = self._placed.sessions
        self._router = _native.Router(
            [session._native for session in sessions],  # noqa: SLF001  -- the package's own
            [
                {
                    "region": source.region,
                    "url": urls.get(source.region),
                    "session": source.number,
                    "asked": source.asked,
                    "label": source.label,
                    "caller": _store.scope(source.session),
                    "shared": bool(shared),
                    "nth": source.nth,
                    "weight": source.weight,
                }
                for source in self._placed.all
            ],
            laid_out,
            models=list(self.models),
            names=[(name, at) for at, it in enumerate(self._identifiers) for name in (it.text, it.name)],
            residency=self._residency.regions,
            asks=self._residency.rule is not None,
            clock=None if clock is None else clock._native,  # noqa: SLF001  -- the package's own
        )
        self._known = Known(self._router, self._identifiers, self._geographies, self._residency, terms=self._terms)
        wish = options.wish(limits)
        self._quotas = None if wish is None else self._reading(wish)
        native = _native.Client(
            self._session._native,  # noqa: SLF001  -- the package's own
            "bedrock-runtime",
            given.get("parameter_validation", True),
            self._session._cache(),  # noqa: SLF001  -- the package's own
            given.get("unknown_members") == "drop",
            router=self._router,
        )
        # The answer of a function may be another each time.
        ruled = None if self._residency.rule is None else partial(Ruled, ask=self._known.ask)
        provider = _credentials.provider_of_each([session._given for session in sessions])  # noqa: SLF001  -- the same
        self._native: Any = _credentials.asking(native, provider, ruled)
        says: dict[str, Any] = {}
        if adapt is not None:
            says["rewritten"] = Adapting(adapt, self.models, self._known.number_of)
        if (said := _affinity.checked(affinity)) is not None and said != "prefix":
            says["affinity_key"] = Keys(said)
        if says:
            self._native = Bringing(self._native, **says)
        methods = {name: operation.name for name, operation in TABLE.operations.items()}
        self.meta = ClientMeta("bedrock-runtime", self._sources[0], self._native.endpoint_url, methods, self)
        self.exceptions = ClientExceptions(list(TABLE.exceptions))

    def __repr__(self) -> str:
        """The model, the sources, the residency and what else is demanded; no secrets."""
        told = f"sources={self._placed.shown} residency={self._residency.describe()!r}"
        if self._terms.projects:
            told += f" projects={self._terms.named}"
        if self._terms.retention is not None:
            told += f" retention={sorted(self._terms.retention)}"
        return f"<{type(self).__name__} {', '.join(self.models)} {told}>"

    def _repr_html_(self) -> str:
        """What it was told, and how its targets fare; nothing is asked."""
        from outcrop._tables import Table

        rows = [("model", ", then ".join(self.models)), ("sources", ", ".join(self._placed.shown))]
        rows += [("geographies", ", ".join(self._geographies or ["by the model"]))]
        rows += [("residency", self._residency.describe())]
        if self._terms.projects:
            rows += [("projects", ", ".join(f"{where} {name}" for where, name in self._terms.named.items()))]
        if self._terms.retention is not None:
            rows += [("data retention", " or ".join(sorted(self._terms.retention)))]
        return f"{Table(type(self).__name__, ('', ''), rows).to_html()}{self.health()._repr_html_()}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Made again with the same rules where it is unpickled; what it has learnt of its targets stays here."""
        if self._options["clock"] is not None:
            raise TypeError("a router with a clock for tests cannot be pickled: make it where it is used")
        options = {**self._changed_options(), "session": self._session}
        return _restore, (type(self), options.pop("model", self.model), options)

    def _changed_options(self) -> dict[str, Any]:
        """The options that differ from the defaults, without the connection's."""
        import inspect

        whereto = {"geographies": self._geographies, "residency": self._residency.given}
        whereto["retention"] = None if self._terms.retention is None else sorted(self._terms.retention)
        options = {**self._options, **whereto, "sources": self._placed.given or self._sources}
        if len(self.models) > 1:
            options["model"] = list(self.models)
        usual = inspect.signature(Routed.__init__).parameters
        return {name: value for name, value in options.items() if value != usual[name].default}

    def __copy__(self) -> Self:
        """A router with the same targets, breakers, budget and connections."""
        return self._like(type(self))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The same: a copy stays in the process, where there is one state of a target."""
        return self._like(type(self))

    def health(self) -> Health:
        """How each target fares.

        Returns:
            A table: the state of each breaker and why, what it has seen, and how much is under way.
        """
        self._provisional()
        self._tell()
        permitted, plan = self._known.standing()
        several = len(self._placed.sessions) > 1

        def at(source: int, region: str, model_id: str) -> tuple[str, str, str | None]:
            placed = self._placed.all[source]
            return region, model_id, whose(placed.account, placed.label) if several else None

        planned = {at(it.source, it.source_region, it.model_id): it for it in plan}
        drawn = [] if self._quotas is None else self._known.drawn()
        quotas = {at(it.source, it.region, it.model_id): self._quotas.told(it) for it in drawn if self._quotas}
        targets = []
        for row in self._router.health(permitted):
            place = (row["source_region"], row["model_id"], row["account"] if several else None)
            told = {"quota": quotas.get(place, "")}
            if place in planned:
                target = planned[place]
                told |= {"model": target.model, "rank": target.rank}
                if not (row["allowed"] or target.allowed):
                    told["reason"] = target.reason
            targets.append(TargetHealth(**{**row, **told}))
        return Health(targets, self._known.notes)

    def metrics(self) -> Metrics:
        """What the calls so far add up to: by target, operation and outcome, and how the targets' breakers stand.

        The counters are this router's and its twin's; those of a session's clients do not have them. `series` counts
        calls as their callers see them, `attempts` the single requests that they took.

        Returns:
            A snapshot, which a notebook shows as tables; `to_prometheus()` gives text to scrape.

        Example:
            >>> from outcrop import CrossRegion
            >>> router = CrossRegion("us.anthropic.claude-haiku-4-5-20251001-v1:0", **bedrock.connection)
            >>> answer = router.converse(messages=[{"role": "user", "content": [{"text": "Hello"}]}])
            >>> [series] = router.metrics()
            >>> series.labels["region"], series.labels["outcome"], series.calls
            ('us-east-1', 'ok', 1)
        """
        from outcrop._metrics import Metrics

        return Metrics.of_router(self._router, self._samples())

    def _samples(self) -> Iterator[Sample]:
        """What there is to tell beside calls and attempts."""
        from outcrop._metrics import Sample, cache_samples, labels_of

        yield from cache_samples(self._native, {"service": "bedrock-runtime"})
        yield Sample("retry_budget_tokens", "Tokens that are left for retries.", {}, self.retry_budget)
        if self._options["affinity"] is not None:
            for state, calls in zip(("new", "kept", "moved"), self._router.conversations(), strict=True):
                text = "Calls whose conversation was new, was where it had been, or moved."
                yield Sample("conversations_total", text, {"state": state}, calls)
        yield Sample("hedges_total", "Calls for which a second target was asked beside.", {}, self._router.hedges())
        for target in self.health():
            labels = labels_of(target.source_region, target.account, target.model_id)
            for state in ("closed", "open", "half-open"):
                value = float(target.state == state)
                yield Sample("breaker_state", "1 for the state a breaker is in.", {**labels, "state": state}, value)

    def force(
        self,
        source_region: str,
        state: Literal["open", "closed"] | None,
        *,
        model_id: str | None = None,
        account: str | None = None,
    ) -> None:
        """Force the breakers of a source Region open or closed, or let them go by themselves again.

        Args:
            source_region: The source Region.
            state: `open` (nothing is sent there), `closed` (whatever happens, calls are), or `None` for neither.
            model_id: Only this model or profile; all of that source if left out.
            account: Only this account, as `health()` names it; all of that Region if left out.

        Raises:
            ValueError: There is no such target or state.
        """
        if state not in ("open", "closed", None):
            raise ValueError(f'state must be "open", "closed" or None, not {_values.shown(state)}')
        self._provisional()
        if self._router.force(source_region, account, model_id, state) == 0:
            rows = self._router.health()
            known = "; ".join(in_words(row["model_id"], row["source_region"], row["account"]) for row in rows)
            wanted = source_region if account is None else f"{source_region}, account {account}"
            raise ValueError(f"there is no target of {_values.shown(wanted)} to force; there are: {known or 'none'}")
        self._tell()

    @property
    def retry_budget(self) -> int:
        """The tokens that are left for retries: each takes 14, or 5 after throttling; success gives them back."""
        return self._router.budget()

    def _twin(self) -> Any:
        """The router of the other kind, with the same targets, breakers, budget and connections."""
        return self._like(self.other_kind)

    def _like(self, kind: Any) -> Any:
        like = object.__new__(kind)
        like.__dict__.update(self.__dict__)
        return like

    def _refresh(self, patience: float | None = None) -> None:
        """Look at the catalogue. What is newer there is in force from now on."""
        age = {"source": self._catalogue, "max_age": self._max_age}
        found = _store.facts(self._placed.all, patience=patience, **age)
        fresh_for = _store.fresh_for(self._placed.all, **age)
        if self._terms.retention is not None:
            fresh_for = min(fresh_for, self._read_modes())
        self._known.learn(found, fresh_for)
        if self._quotas is not None:
            fresh_for = self._quotas.look(self._known.drawn(), patience)
            self._known.fresh_until = min(self._known.fresh_until, monotonic() + fresh_for)

    def _read_modes(self, *, anew: bool = False) -> float:
        """Read the sources' modes of data retention, and say for how many seconds they are taken as they are."""
        age: Any = {"source": self._catalogue, "max_age": self._max_age}
        asked = [(it.session, it.region, it.in_project) for it in self._placed.all]
        self._known.retain(_retention.modes(asked, anew=anew, **age))
        return _retention.fresh_for(asked, **age)

    def _look(self) -> None:
        """Look at all that a plan shows."""
        self._refresh()
        if self._catalogue != "snapshot" or self._terms.retention is not None:
            self._read_modes(anew=True)

    def _reading(self, wish: Wish) -> Quotas:
        """What reads the quotas of this router's account.

        Raises:
            ValueError: A quota's code is not known, or the calls are those of several accounts.
        """
        if any(source.asked for source in self._placed.all):
            raise ValueError(
                'limits with "quota" read the quotas of one account, and a function says who makes each call: give '
                "numbers"
            )
        bundled = _store.facts(self._placed.all, source="snapshot", max_age=self._max_age)
        rows = of_models(self._identifiers, self._geographies, bundled)
        check_known(wish, (row.target.profile for row in rows if row.target.exists and row.target.known))
        return Quotas(self._router, [source.session for source in self._placed.all], wish)

    def _provisional(self) -> None:
        # Whoever asks how things stand before the first call has not asked for a look at AWS's lists; and who insists
        # on them has no targets before.
        if not self._known.facts and self._catalogue != "live":
            self._known.learn(_store.facts(self._placed.all, source="snapshot", max_age=self._max_age))

    def _next(self, request: Any) -> Any:
        """A request with the model in it."""
        return {"modelId": self.model, **request} if isinstance(request, dict) else request

    def _is_for(self, operation: str, model_id: Any) -> bool:
        """Whether a call of a client that carries this router is the router's to make, or to refuse.

        Args:
            operation: AWS's name of the operation.
            model_id: What the call names. Under a residency no other model's call goes past the router either.
        """
        routed = any(it.name == operation for it in TABLE.operations.values())
        names = {name for it in self._identifiers for name in (it.text, it.name)}
        return routed and (not self._residency.unlimited or model_id in names)

    def _where(self) -> str:
        """Which endpoints it calls: what a batch's journal knows its answers by."""
        urls = self._options["endpoint_urls"] or {}
        named = {f"{it.region} {urls.get(it.region, it.session.endpoint_url or '')}" for it in self._placed.all}
        # Where another model may answer, an answer is kept for those who have the same ones.
        return " ".join([*sorted(named), *self.models[1:]])

    def _tell(self) -> None:
        if self._router.changed:
            tell(self._router.changes(), self._on_change)


# Python's own words for arguments that are missing name the function.
Routed.__init__.__qualname__ = "CrossRegion"


def _restore(kind: type[Routed], model: str | list[str], options: dict[str, Any]) -> Routed:
    return kind(model, **options)
