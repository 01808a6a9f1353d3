"""A project is one account's in one Region: nothing goes in it with another account's keys, nor is mixed up."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock, _retention, _store

from .accounts import ONE, PRIMARY, SECOND, TWO, key_of
from .conftest import CLAUDE_BODY, MODEL, ask
from .sides import Side, route
from .world import Version, World

PROFILE = f"us.{MODEL}"
BOTH = ((ONE, PRIMARY), (TWO, PRIMARY))


@pytest.fixture(params=["blocking", "async"])
def side(request):
    return lambda sources, **options: Side(request.param, **{"sources": sources, "residency": None, **options})


def made(accounts, account, region=PRIMARY, **arguments):
    """A project of an account in a Region."""
    return accounts[account].client("bedrock", region_name=region).create_project(name="quarry", **arguments)


def in_projects(accounts, projects):
    """Sources of both accounts, each with its project."""
    return [
        outcrop.Source(region, session=accounts.session(account), project=project)
        for (account, region), project in projects.items()
    ]


def sent(accounts):
    """The account, the Region and the project of each call."""
    found = []
    for name, emulator in accounts.emulators.items():
        assert {entry.principal for entry in emulator.journal} <= {key_of(name)}
        found += [
            (name, entry.region, (entry.request or {}).get("projectIdentifier"))
            for entry in emulator.journal
            if entry.service == "bedrock-runtime"
        ]
    return found


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
@pytest.mark.parametrize("by", ["id", "arn"])
def test_each_account_s_calls_go_in_its_own_project(side, accounts, operation, by):
    """The local Bedrock of each account knows its own projects only."""
    projects = {place: made(accounts, *place)[by] for place in (*BOTH, (TWO, SECOND))}
    side = side(in_projects(accounts, projects))
    accounts[ONE].fault("throttling", times=2)
    accounts[TWO].fault("throttling", times=1, region=PRIMARY)
    answers = [side.call(operation) for _ in range(3)]
    assert [(route(it)["Target"]["Account"], route(it)["Target"]["Project"]) for it in answers] == [
        (TWO, projects[TWO, SECOND]),
        (TWO, projects[TWO, PRIMARY]),
        (ONE, projects[ONE, PRIMARY]),
    ]
    for account, region, project in sent(accounts):
        assert project == projects[account, region]
    assert len(sent(accounts)) == 6
    assert {(row.account, row.source_region): row.project for row in side.router.health()} == projects
    note = next(note for note in side.router.health().notes if note.startswith("projects: "))
    assert note == f"projects: {', '.join(f'{region} ({name}) {it}' for (name, region), it in projects.items())}"


def test_a_body_s_project_is_its_account_s(side, accounts):
    projects = {place: made(accounts, *place)["id"] for place in BOTH}
    side = side(in_projects(accounts, projects))
    with accounts[ONE].fault("throttling"):
        answer = side.call("invoke_model", body=CLAUDE_BODY)
    # The local Bedrock of the second account would have refused another's.
    assert route(answer)["Target"]["Project"] == projects[TWO, PRIMARY]


def test_a_source_without_one_is_refused(side, accounts):
    projects = {(ONE, PRIMARY): made(accounts, ONE)["id"], (TWO, PRIMARY): None}
    side = side(in_projects(accounts, projects))
    rows = outcrop.plan(MODEL, sources=in_projects(accounts, projects), geographies="us", catalogue="snapshot")
    assert [(row.account, row.allowed, row.reason) for row in rows] == [
        (ONE, True, ""),
        (TWO, False, f"its source {PRIMARY} has no project, and others have"),
    ]
    accounts[ONE].fault("error", code="ServiceUnavailableException")
    with pytest.raises(exceptions.ServiceUnavailableException):
        side.call()
    assert {account for account, *_ in sent(accounts)} == {ONE}
    # The default one is every account's.
    projects[TWO, PRIMARY] = "default"
    assert all(row.allowed for row in outcrop.plan(MODEL, sources=in_projects(accounts, projects), geographies="us"))


@pytest.mark.parametrize("catalogue", ["snapshot", "auto"])
def test_an_arn_of_another_account_s_project_is_refused(side, accounts, catalogue):
    foreign = made(accounts, TWO)["arn"]
    projects = {(ONE, PRIMARY): foreign, (TWO, PRIMARY): foreign}
    side = side(in_projects(accounts, projects), catalogue=catalogue)
    plan = outcrop.plan(MODEL, sources=in_projects(accounts, projects), geographies="us", catalogue=catalogue)
    assert [(row.account, row.allowed) for row in plan] == [(ONE, False), (TWO, True)]
    assert plan[0].reason == f"the project {foreign} belongs to account {TWO}, and this source to {ONE}"
    assert route(side.call())["Target"]["Account"] == TWO
    accounts[TWO].fault("throttling")
    with pytest.raises(exceptions.ThrottlingException):
        side.call()
    assert {account for account, *_ in sent(accounts)} == {TWO}


def test_keys_that_a_function_gives_for_another_account_go_in_no_project_of_the_first(side, accounts):
    """Whose keys they are is known at the call only, and decided at the send."""
    project = made(accounts, ONE)["arn"]
    whose = [ONE]

    def keys():
        return outcrop.Credentials(key_of(whose[0]), f"secret-of-{whose[0]}", None)

    session = outcrop.Session(region_name=PRIMARY, credentials=keys, endpoint_url=accounts[ONE].endpoint_url)
    side = side([outcrop.Source(PRIMARY, session=session, project=project)])
    side.call()
    whose[0] = TWO
    text = f"the project {project} belongs to account {ONE}, and the keys would be another account's"
    with pytest.raises(exceptions.NoTargetError, match=text):
        side.call()
    assert len(sent(accounts)) == 1


def test_a_project_of_a_region_is_not_said_of_several_accounts(accounts):
    project = made(accounts, ONE)
    for name in (project["id"], project["arn"]):
        with pytest.raises(ValueError, match=f"for {PRIMARY}, where 2 sessions call, and a project is one account's"):
            outcrop.CrossRegion(MODEL, sources=accounts.sources(*BOTH), projects={PRIMARY: name})
    # One account in each Region is as before, and `default` is every account's.
    sources = accounts.sources((ONE, PRIMARY), (TWO, SECOND))
    apart = outcrop.plan(MODEL, sources=sources, geographies="us", projects={PRIMARY: "proj_a", SECOND: "proj_b"})
    assert [(row.account, row.project) for row in apart] == [(ONE, "proj_a"), (TWO, "proj_b")]
    both = outcrop.plan(MODEL, sources=accounts.sources(*BOTH), geographies="us", projects={PRIMARY: "default"})
    assert [(row.allowed, row.project) for row in both] == [(True, None), (True, None)]
    # Two sessions of one account have one project.
    twice = [outcrop.Source(PRIMARY, session=accounts.session(ONE, default_headers={"x-who": it})) for it in "ab"]
    same = outcrop.plan(MODEL, sources=twice, geographies="us", projects={PRIMARY: project["id"]})
    assert [(row.allowed, row.project) for row in same] == [(True, project["id"])] * 2


def test_two_sessions_of_one_account_keep_their_projects_apart(side, accounts):
    """What is known of their targets is one; where they send is not."""
    projects = [made(accounts, ONE)["id"] for _ in range(2)]
    # Settings that say how is called, not who calls.
    sessions = [accounts.session(ONE, timeouts={"total": total}) for total in (50, 60)]
    pairs = zip(sessions, projects, strict=True)
    side = side([outcrop.Source(PRIMARY, session=session, project=project) for session, project in pairs])
    with accounts[ONE].fault("throttling", times=1):
        answer = side.call()
    assert [it["Target"]["Project"] for it in route(answer)["Attempts"]] == projects
    assert [project for *_, project in sent(accounts)] == projects


def test_lists_and_modes_are_those_of_each_account_s_project():
    keys = [key_of(ONE), key_of(TWO)]
    with World([PRIMARY], Version({PRIMARY: {PROFILE: (PRIMARY,)}})) as world:
        given = world.accounts(*((key, PRIMARY) for key in keys))
        del given["endpoint_urls"], given["shared"]
        given["sources"] = [
            outcrop.Source(PRIMARY, session=source.session, project=project)
            for source, project in zip(given["sources"], ["proj_same", "proj_same"], strict=True)
        ]
        world.modes = {(keys[0], PRIMARY, "proj_same"): "none", (keys[1], PRIMARY, "proj_same"): "aws_review"}
        for _ in range(2):
            plan = outcrop.plan(PROFILE, retention="none", **given)
        assert [(row.account, row.retention, row.allowed) for row in plan] == [
            (ONE, "none", True),
            (TWO, "aws_review", False),
        ]
        assert f"data retention: {PRIMARY} ({ONE}) none (project); {PRIMARY} ({TWO}) aws_review (project)" in plan.notes
        # Each account is asked once, with its project; application profiles are in none.
        assert sorted(world.asked) == sorted(
            (key, PRIMARY, kind, "" if kind == "APPLICATION" else "proj_same")
            for key in keys
            for kind in ("SYSTEM_DEFINED", "APPLICATION", "models")
        )
        rows = outcrop.profiles(PROFILE, **given)
        assert len(rows) == 2
        assert len(world.asked) == 6


def test_an_answer_of_one_project_is_none_of_another_s(accounts):
    cache = outcrop.Cache()
    cold = {**ask(), "inferenceConfig": {"temperature": 0}}
    names = [made(accounts, ONE)["id"] for _ in range(2)]
    options = {"geographies": "us", "catalogue": "snapshot", "cache": cache}

    def call(name):
        source = outcrop.Source(PRIMARY, session=accounts.session(ONE), project=name)
        return outcrop.CrossRegion(MODEL, sources=[source], **options).converse(**cold)

    hits = [call(name)["ResponseMetadata"]["Cache"]["Hit"] for name in (*names, *names, "default", None, "default")]
    assert hits == [False, False, True, True, False, True, True]
    assert len(sent(accounts)) == 3


def test_copies_twins_and_pickles_keep_their_projects(accounts, monkeypatch):
    projects = {place: made(accounts, *place)["id"] for place in BOTH}
    router = outcrop.CrossRegion(MODEL, sources=in_projects(accounts, projects), geographies="us", catalogue="snapshot")
    named = {f"{PRIMARY} ({name})": project for (name, _), project in projects.items()}
    for like in (router, copy.copy(router), copy.deepcopy(router), router._twin()):
        assert f"projects={named}" in repr(like)
        assert projects[TWO, PRIMARY] in like._repr_html_()
        answer = like.converse(**ask())
        answer = asyncio.run(answer) if asyncio.iscoroutine(answer) else answer
        assert route(answer)["Target"]["Project"] == projects[ONE, PRIMARY]
    # What a pickle holds, but for keys, which do not travel.
    kind, (_, model, told) = router.__reduce__()
    again = kind(outcrop.CrossRegion, model, told)
    assert again._terms.projects == router._terms.projects
    assert repr(outcrop.Source(PRIMARY, project="proj_a")) == f"Source({PRIMARY!r}, project='proj_a')"


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: outcrop.Source(PRIMARY, project=3), TypeError, "the project of a Source must be a str"),
        (lambda: outcrop.Source(PRIMARY, project="a b"), ValueError, "a project is an id such as proj_"),
        (
            lambda: outcrop.Source(PRIMARY, project=f"arn:aws:bedrock:{SECOND}:{ONE}:project/proj_a"),
            ValueError,
            f"belongs to {SECOND}, not to {PRIMARY}",
        ),
        (
            lambda: outcrop.plan(MODEL, sources=[outcrop.Source(PRIMARY, project=it) for it in ("proj_a", "proj_b")]),
            ValueError,
            f"sources has {PRIMARY} twice with one session, and the projects proj_a and proj_b",
        ),
        (
            lambda: outcrop.plan(MODEL, sources=[PRIMARY, outcrop.Source(PRIMARY, project="proj_b")]),
            ValueError,
            "and the projects None and proj_b",
        ),
        (
            lambda: outcrop.plan(
                MODEL, sources=outcrop.Source(PRIMARY, project="proj_a"), projects={PRIMARY: "proj_b"}
            ),
            ValueError,
            f"projects names 'proj_b' for {PRIMARY}, and its outcrop.Source 'proj_a'",
        ),
    ],
)
def test_what_cannot_be_is_said(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_batch_jobs_go_in_no_project():
    source = outcrop.Source(PRIMARY, project="proj_a")
    router = outcrop.CrossRegion(MODEL, sources=[source], geographies="us", catalogue="snapshot")
    given = {
        "role_arn": f"arn:aws:iam::{ONE}:role/batch",
        "buckets": {PRIMARY: "s3://rocks/in"},
        "storage": None,
        "name": "rocks",
    }
    with pytest.raises(ValueError, match="go in the project 'proj_a', and Bedrock's batch jobs go in none"):
        outcrop.BatchJobs(router, **given)


PLACES = [(key_of(name), region) for name in (ONE, TWO) for region in (PRIMARY, SECOND)]
NAMES = st.sampled_from(["proj_a", "proj_b", "default", *(f"arn of {name}" for name in (ONE, TWO))])
_FAILURES = ["ThrottlingException", "ServiceUnavailableException"]


@settings(max_examples=30)
@given(
    projects=st.dictionaries(st.sampled_from(PLACES), st.none() | NAMES, min_size=1),
    modes=st.dictionaries(st.sampled_from(PLACES), st.sampled_from(["none", "aws_review", "denied"])),
    kept=st.booleans(),
    failing=st.dictionaries(st.sampled_from([PRIMARY, SECOND]), st.sampled_from(_FAILURES)),
    streams=st.booleans(),
)
def test_nothing_goes_in_a_project_with_another_account_s_keys(projects, modes, kept, failing, streams):
    """What fits is said here once more, in other words."""
    owners = {key_of(name): name for name in (ONE, TWO)}

    def named(place):
        name = projects[place]
        if name is None or not name.startswith("arn of "):
            return name
        return f"arn:aws:bedrock:{place[1]}:{name.removeprefix('arn of ')}:project/proj_c"

    def fits(place):
        name = projects[place]
        if name is None and any(it is not None for it in projects.values()):
            return False
        mode = modes.get(place, "inherit")
        if kept and mode != "none":
            return False
        return name is None or not name.startswith("arn of ") or name == f"arn of {owners[place[0]]}"

    _store.forget()
    _retention.forget()
    regions = [PRIMARY, SECOND]
    with World(regions, Version({region: {PROFILE: (region,)} for region in regions})) as world:
        given = world.accounts(*projects)
        for (key, region), mode in modes.items():
            # A project's mode is what it inherits.
            world.modes[key, region, ""] = mode
        given["sources"] = [
            outcrop.Source(region, session=source.session, project=named((key, region)))
            for source, (key, region) in zip(given["sources"], projects, strict=True)
        ]
        world.failing = failing
        router = outcrop.CrossRegion(PROFILE, retention="none" if kept else None, clock=HeldClock(), **given)
        assert [row.allowed for row in router.plan()] == [fits(place) for place in projects]
        with contextlib.suppress(exceptions.NoTargetError, exceptions.ClientError):
            for _ in range(2):
                list(router.converse_stream(**ask())["stream"]) if streams else router.converse(**ask())
        gone = world.take()
        assert bool(gone) == any(map(fits, projects))
        for it in gone:
            place = it.key, it.region
            assert fits(place)
            expected = named(place)
            assert json.loads(it.body).get("projectIdentifier") == (None if expected == "default" else expected)
