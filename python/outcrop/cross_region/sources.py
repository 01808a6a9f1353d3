"""Sources: a Region whose endpoint is called, and the account whose keys call it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from outcrop import _credentials, _settings, _values
from outcrop._names import refuse_unknown
from outcrop.cross_region import _projects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from outcrop._session import Session


@dataclass(frozen=True)
class Source:
    """A source Region and its account, for `CrossRegion(sources=[…])`, `plan` and `profiles`.

    Attributes:
        region_name: The Region whose endpoint is called; it owns the quota, the price and the logs.
        session: Whose keys call it. Default: the router's session. Its connections, proxy and default headers are its
            own, too; what bounds a call as a whole (`timeouts["total"]`, `retries`, `cache`) is the router's.
        project: The project of that account that calls and lists go in, by its id or its ARN; `default` is the one that
            every account has. Where one source has a project, others without one are refused.
        weight: Its share of the conversations, beside those of the other sources: 95 and 5 are one of twenty for the
            second. Which conversations these are follows from their keys or beginnings, so each stays. One without a
            weight among others with one has 1; 0 is called where no other can be. Default: the first healthy source is
            called for all.

    Example:
        >>> import outcrop
        >>> one = outcrop.Session(region_name="us-east-1", aws_access_key_id="AKIDONE", aws_secret_access_key="secret")
        >>> Source("us-east-1", session=one).region_name
        'us-east-1'
    """

    region_name: str
    session: Session | None = None
    project: str | None = None
    weight: float | None = None

    def __post_init__(self) -> None:
        from outcrop._session import Session

        object.__setattr__(self, "region_name", _values.text("the Region of a Source", self.region_name))
        if not (self.session is None or isinstance(self.session, Session)):
            raise TypeError(
                f"session= of a Source must be an outcrop.Session, not {type(self.session).__name__}: with one of "
                "boto3's, outcrop.Session(credentials=lambda: session.get_credentials().get_frozen_credentials()) is "
                "the same account"
            )
        if self.project is not None:
            project = _projects.checked(self.region_name, _values.text("the project of a Source", self.project))
            object.__setattr__(self, "project", project)
        if self.weight is not None:
            object.__setattr__(self, "weight", _weight(self.weight))

    def __repr__(self) -> str:
        """The Region, the session without its secrets, the project and the weight."""
        named = {"session": self.session, "project": self.project, "weight": self.weight}
        shown = "".join(f", {name}={value!r}" for name, value in named.items() if value is not None)
        return f"Source({self.region_name!r}{shown})"


SourcesLike = Iterable[str | Source] | str | Source | None
"""Source Regions, each by its name or with its account, the preferred first; one alone; or the session's Region."""


class Placed(NamedTuple):
    """A source whose session is settled.

    Attributes:
        region: The Region.
        session: Who calls it.
        number: The number of that session among the sources'.
        label: What stands for the account for as long as its id is not known; `None` where there is one session.
        project: The project of its calls, as it was named.
        nth: Which of the sources in its Region it is.
        weight: Its weight; `None` where no source has any.
    """

    region: str
    session: Session
    number: int
    label: str | None
    project: str | None = None
    nth: int = 0
    weight: float | None = None

    @property
    def asked(self) -> bool:
        """Whether a function says who calls, and so perhaps another account each time."""
        return _credentials.provider_of(self.session._given) is not None  # noqa: SLF001  -- the package's own

    @property
    def account(self) -> str | None:
        """The account's id, where it is known without asking anybody."""
        return None if self.asked else self.session._native.account  # noqa: SLF001  -- the package's own

    @property
    def where(self) -> str:
        """The Region, with the account where there are several, without keys."""
        return self.region if self.label is None else f"{self.region} ({whose(self.account, self.label)})"

    @property
    def in_project(self) -> str | None:
        """The project that calls and lists name: none where it is the default one."""
        return None if self.project is None or _projects.is_default(self.project) else self.project


class Sources:
    """All sources of a router or plan, each once, the preferred first.

    Args:
        session: Who calls those that come without a session.
        given: What the user said.
        projects: The projects that he named beside, by their Regions.

    Raises:
        ValueError: A project cannot be, or a source is to have two.
    """

    def __init__(self, session: Session, given: SourcesLike, projects: Mapping[str, str] | None = None) -> None:
        self.given = None if given is None else listed(given)
        named = [Source(session.region_name)] if self.given is None else [_source(it) for it in self.given]
        self.sessions: list[Session] = []
        found: dict[tuple[str, int], Source] = {}
        for source in named:
            whose = session if source.session is None else source.session
            if whose not in self.sessions:
                self.sessions.append(whose)
            place = source.region_name, self.sessions.index(whose)
            first = found.setdefault(place, source)
            if first.project != source.project:
                both = " and ".join(str(it.project) for it in (first, source))
                raise ValueError(
                    f"sources has {source.region_name} twice with one session, and the projects {both}: calls of a "
                    "source go in one project, so make a router for each"
                )
            if first.weight != source.weight:
                both = " and ".join("none" if it.weight is None else f"{it.weight:g}" for it in (first, source))
                raise ValueError(
                    f"sources has {source.region_name} twice with one session, and the weights {both}: name it once, "
                    "or with a session of another account"
                )
        labels = _labels(self.sessions)
        weights = _weights([it.weight for it in found.values()])
        regions = [region for region, _ in found]
        placed = [
            Placed(
                region, self.sessions[number], number, labels[number], it.project, regions[:at].count(region), weight
            )
            for at, (((region, number), it), weight) in enumerate(zip(found.items(), weights, strict=True))
        ]
        self.all = _in_projects(projects, placed)

    @property
    def regions(self) -> list[str]:
        """The source Regions, each once."""
        return list(dict.fromkeys(source.region for source in self.all))

    @property
    def shown(self) -> list[str]:
        """Each source in words, without keys."""
        return [it.where if it.weight is None else f"{it.where} weight {it.weight:g}" for it in self.all]

    @property
    def weighted(self) -> bool:
        """Whether they have weights."""
        return any(it.weight is not None for it in self.all)


def _weight(value: Any) -> float:
    """The weight of one source.

    Raises:
        TypeError: It is no number.
        ValueError: It is below 0, or no finite number.
    """
    found = _values.number("weight of a Source", value)
    if not 0 <= found < _values.MOST_SECONDS:
        raise ValueError(
            f"weight of a Source must be 0 or more and below a billion, not {_values.shown(found)}: weights are shares "
            "beside each other's, such as 95 and 5, and 0 is called where no other can be"
        )
    return float(found)


def _weights(given: list[float | None]) -> list[float | None]:
    """The weights of all sources: where one has a weight, those without have 1.

    Raises:
        ValueError: All are 0.
    """
    if all(weight is None for weight in given):
        return given
    if not any(weight is None or weight > 0 for weight in given):
        raise ValueError("the weights of all sources are 0, so none would be called first: give one of them more")
    return [1.0 if weight is None else weight for weight in given]


def whose(account: str | None, label: str | None) -> str | None:
    """What records call an account: its id, or what stands for it."""
    return account or label


def listed(given: Iterable[str | Source] | str | Source) -> list[str | Source]:
    """The sources one by one, a Region alone by its name.

    Raises:
        TypeError: Something else was given.
        ValueError: Nothing was.
    """
    several = [given] if isinstance(given, (str, Source)) else list(given) if isinstance(given, Iterable) else [given]
    if not several:
        raise ValueError("sources must name at least one")
    for it in several:
        if not isinstance(it, (str, Source)):
            raise TypeError(f"sources must be a str or several, or outcrop.Source, not {_values.shown(several)}")
    plain = (_values.text("sources", it) if isinstance(it, str) else it for it in several)
    return [it.region_name if isinstance(it, Source) and it == Source(it.region_name) else it for it in plain]


def made_session(
    session: Session | None, connection: Mapping[str, Any], sources: SourcesLike, function: Callable[..., Any]
) -> Session:
    """The session of those sources that come without one.

    It is what was given, or is made of the connection arguments, for which the first source stands in for a Region that
    nobody named. Where all sources have sessions of their own, it is the first of them, with the arguments over it.

    Args:
        session: The session, if one was given.
        connection: The arguments that `function` does not name.
        sources: The sources, if they were given.
        function: What was called: its own arguments are listed with the session's where one is unknown.
    """
    from outcrop._session import Session

    refuse_strange(connection, function)
    if session is not None:
        if connection.keys() <= {"cache"}:
            return session._with(connection)  # noqa: SLF001  -- the package's own
        raise TypeError(f"session and connection arguments exclude each other; got {', '.join(sorted(connection))} too")
    named = [] if sources is None else [_source(it) for it in listed(sources)]
    if named and named[0].session is not None and all(source.session is not None for source in named):
        return named[0].session._with(connection)  # noqa: SLF001  -- the package's own
    arguments: dict[str, Any] = {"region_name": named[0].region_name if named else None, **connection}
    return Session(**arguments)


def refuse_strange(connection: Mapping[str, Any], function: Callable[..., Any]) -> None:
    """Refuse an argument that neither `function` nor a session has.

    Args:
        connection: The arguments that `function` does not name.
        function: What was called.

    Raises:
        TypeError: There is no such argument.
    """
    refuse_unknown(connection, [*(function.__kwdefaults__ or ()), *_settings.NAMES], "argument", TypeError)


def _in_projects(given: Any, sources: Sequence[Placed]) -> list[Placed]:
    """The sources with the projects that `projects=` names by their Regions.

    Args:
        given: What the user said.
        sources: The sources, with the projects that they came with.

    Raises:
        TypeError: An argument is of a wrong type.
        ValueError: A project is none, is of another Region, or is one account's where several are called.
    """
    if given is None:
        return list(sources)
    if not isinstance(given, Mapping):
        raise TypeError(
            "projects must be a dict from each source Region to its project, since a project is of one Region, not "
            f"{type(given).__name__}"
        )
    named = {
        _values.text("a Region of projects", region): _values.text("a project of projects", name)
        for region, name in given.items()
    }
    if not named:
        raise ValueError("projects must name a project for at least one source Region, or be left out")
    regions = list(dict.fromkeys(it.region for it in sources))
    if strangers := sorted(set(named) - set(regions)):
        raise ValueError(
            f"projects names {_values.shown(strangers[0])}, which is not among the sources: {', '.join(regions)}"
        )
    for region, name in named.items():
        _see_whose(_projects.checked(region, name), [it for it in sources if it.region == region])
    return [it._replace(project=named.get(it.region, it.project)) for it in sources]


def _see_whose(name: str, here: Sequence[Placed]) -> None:
    """See that a project is that of all sources of its Region."""
    region = here[0].region
    if others := [it.project for it in here if it.project not in (None, name)]:
        raise ValueError(
            f"projects names {_values.shown(name)} for {region}, and its outcrop.Source {_values.shown(others[0])}: "
            "name one of them"
        )
    accounts = {it.account for it in here}
    if len(here) > 1 and name != _projects.DEFAULT and (len(accounts) > 1 or None in accounts):
        raise ValueError(
            f"projects names {_values.shown(name)} for {region}, where {len(here)} sessions call, and a project is one "
            "account's: name each one's own, as in outcrop.Source(…, session=…, project=…)"
        )


def _source(given: str | Source) -> Source:
    return Source(given) if isinstance(given, str) else given


def _labels(sessions: list[Session]) -> list[str | None]:
    """What stands for each account: the profile that its session was given, or the session's place among them."""
    if len(sessions) == 1:
        return [None]
    profiles = [session._given.get("profile_name") for session in sessions]  # noqa: SLF001  -- the package's own
    return [
        f"profile {name}" if name and profiles.count(name) == 1 else f"session {number}"
        for number, name in enumerate(profiles, 1)
    ]
