"""Projects and data retention are a source Region's own, and what was said of them is held at the send."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import outcrop
from outcrop import exceptions
from outcrop.cross_region import HeldClock, _retention, _store

from .conftest import CLAUDE_BODY, MODEL, ask
from .world import ACCOUNT, Version, World

HERE, THERE, AWAY = "us-east-1", "us-west-2", "us-east-2"
REGIONS = [HERE, THERE, AWAY]
PROFILE = f"us.{MODEL}"
PROJECTS = {HERE: "proj_here", THERE: "proj_there"}
LISTS = Version({region: {PROFILE: (HERE, THERE, AWAY)} for region in REGIONS})


@pytest.fixture
def world():
    with World(REGIONS, LISTS) as world:
        yield world


@pytest.fixture(params=[outcrop.CrossRegion, outcrop.AsyncCrossRegion])
def make(request, world):
    def made(*sources, **options):
        connection = world.connection(*(sources or REGIONS))
        return request.param(PROFILE, clock=HeldClock(), **{**connection, **options})

    return made


def call(router, operation="converse", **arguments):
    arguments = arguments or ask()

    async def awaited():
        answer = await getattr(router, operation)(**arguments)
        stream = answer.get("stream")
        return answer if stream is None else {**answer, "stream": [event async for event in stream]}

    if isinstance(router, outcrop.AsyncCrossRegion):
        return asyncio.run(awaited())
    answer = getattr(router, operation)(**arguments)
    if "stream" in answer:
        answer["stream"] = list(answer["stream"])
    return answer


def plan(router):
    return asyncio.run(router.plan()) if isinstance(router, outcrop.AsyncCrossRegion) else router.plan()


def project_of(sent):
    return json.loads(sent.body).get("projectIdentifier")


def test_each_source_has_its_project_and_one_without_is_refused(world, make):
    router = make(projects=PROJECTS)
    rows = {row.source_region: row for row in plan(router)}
    assert [rows[region].allowed for region in REGIONS] == [True, True, False]
    assert rows[AWAY].reason == f"its source {AWAY} has no project, and others have"
    assert [rows[region].project for region in REGIONS] == ["proj_here", "proj_there", None]
    assert f"projects: {HERE} proj_here, {THERE} proj_there" in plan(router).notes
    answer = call(router)
    assert answer["ResponseMetadata"]["CrossRegion"]["Target"] == {
        "SourceRegion": HERE,
        "ModelId": PROFILE,
        "Project": "proj_here",
    }
    world.failing = {HERE: "ServiceUnavailableException", THERE: "ServiceUnavailableException"}
    with pytest.raises(exceptions.ServiceUnavailableException) as caught:
        call(router)
    assert {attempt["Target"]["Project"] for attempt in caught.value.cross_region["Attempts"]} == set(PROJECTS.values())
    sent = world.take()
    assert {(it.region, project_of(it)) for it in sent} == set(PROJECTS.items())
    assert AWAY not in {it.region for it in sent}
    assert {row.project for row in router.health()} == {"proj_here", "proj_there", None}


@pytest.mark.parametrize("operation", ["converse_stream", "invoke_model", "count_tokens"])
def test_the_project_goes_where_the_operation_takes_it(make, world, operation, monkeypatch):
    headers = []
    for server in world._servers.values():
        answer = server._answer
        monkeypatch.setattr(
            server,
            "_answer",
            lambda request, answer=answer: (
                headers.append(request.header("X-Amzn-Bedrock-ProjectIdentifier")),
                answer(request),
            )[1],
        )
    arguments = {
        "converse_stream": ask(),
        "invoke_model": {"body": CLAUDE_BODY},
        "count_tokens": {"input": {"converse": ask()}},
    }[operation]
    call(make(projects=PROJECTS), operation, **arguments)
    (sent,) = world.take()
    in_body = {"converse_stream": "proj_here"}.get(operation)
    assert (project_of(sent), headers) == (in_body, ["proj_here" if operation == "invoke_model" else None])


def test_lists_are_those_of_the_project_and_kept_apart(world, monkeypatch):
    asked = []
    answer = world._control._answer
    monkeypatch.setattr(
        world._control, "_answer", lambda request: (asked.append((request.path, request.query)), answer(request))[1]
    )
    connection = {**world.connection(HERE), "clock": HeldClock()}
    for projects in ({HERE: "proj_here"}, {HERE: "proj_other"}, None, {HERE: "default"}):
        outcrop.CrossRegion(PROFILE, projects=projects, **connection).converse(**ask())
    lists = [query for path, query in asked if path in ("/inference-profiles", "/foundation-models")]
    named = [query for query in lists if "projectIdentifier" in query]
    assert len(lists) == 9
    assert len(named) == 4
    assert not [query for query in named if "APPLICATION" in query]
    assert {query.partition("projectIdentifier=")[2].partition("&")[0] for query in named} == {
        "proj_here",
        "proj_other",
    }


def test_application_profiles_have_none(world):
    arn = f"arn:aws:bedrock:{HERE}:{ACCOUNT}:application-inference-profile/abcdefghijkl"
    router = outcrop.CrossRegion(arn, projects={HERE: "proj_here"}, clock=HeldClock(), **world.connection(HERE))
    world.lists = {HERE: "denied"}
    (row,) = router.plan()
    assert (row.allowed, row.reason) == (False, "application profiles go in no project but the default one")
    with pytest.raises(exceptions.NoTargetError):
        router.converse(**ask())
    assert world.take() == []


@pytest.mark.parametrize("named", ["an argument", "a default header"])
@pytest.mark.parametrize("options", [{"projects": PROJECTS}, {"retention": "none"}], ids=str)
def test_a_call_may_not_name_another(world, make, named, options):
    world.modes = {(region, ""): "none" for region in REGIONS}
    header = {"x-amzn-bedrock-projectidentifier": "proj_mine"}
    router = make(**options, **({"default_headers": header} if named == "a default header" else {}))
    arguments = ask() if named == "a default header" else {**ask(), "projectIdentifier": "proj_mine"}
    with pytest.raises(
        exceptions.ParamValidationError, match="the call names a project, which has a mode of data retention of its own"
    ):
        call(router, **arguments)
    assert world.take() == []


def test_without_either_a_call_names_its_project(world, make):
    call(make(HERE), **ask(), projectIdentifier="proj_mine")
    (sent,) = world.take()
    assert project_of(sent) == "proj_mine"


@pytest.mark.parametrize(
    ("settings_of", "mode", "shown"),
    [
        (("none", None), "none", "none (account)"),
        (("none", "inherit"), "none", "none (account)"),
        (("provider_data_share", "none"), "none", "none (project)"),
        (("none", "aws_review"), "aws_review", "aws_review (project)"),
        (("none", "default"), None, "unknown, which is the model's own default"),
        (("inherit", None), None, "unknown, which is the model's own default"),
        (("default", "inherit"), None, "unknown, which is the model's own default"),
        (("none", "denied"), None, "unknown, because GetProject failed: "),
        (("denied", None), None, "unknown, because GetAccountDataRetention failed: "),
        (("denied", "none"), "none", "none (project)"),
        (("a mode of tomorrow", None), "a mode of tomorrow", "a mode of tomorrow (account)"),
    ],
)
def test_a_plan_shows_what_is_kept(world, make, settings_of, mode, shown):
    account, project = settings_of
    world.modes = {(HERE, ""): account, (HERE, "proj_here"): project}
    router = make(HERE, projects=None if project is None else {HERE: "proj_here"})
    (row,) = plan(router)
    assert (row.allowed, row.retention) == (True, mode)
    (note,) = [note for note in plan(router).notes if note.startswith("data retention: ")]
    assert note.startswith(f"data retention: {HERE} {shown}")
    assert plan(router).to_dicts()[0]["retention"] == mode
    kept = outcrop.plan(PROFILE, retention="none", **_without_router(router, world))
    assert [row.allowed for row in kept] == [mode == "none"]


def _without_router(router, world):
    connection = world.connection(HERE)
    del connection["shared"], connection["endpoint_urls"]
    return {**connection, "projects": router._options["projects"]}


def test_nobody_asks_for_modes_that_nobody_demands(world, make):
    call(make(HERE))
    assert world.read == []


def test_a_source_that_keeps_data_otherwise_gets_nothing(world, make):
    world.modes = {(HERE, ""): "provider_data_share", (THERE, ""): "none", (AWAY, ""): "denied"}
    router = make(retention={"none"})
    assert [(row.source_region, row.allowed, row.retention) for row in plan(router)] == [
        (HERE, False, "provider_data_share"),
        (THERE, True, "none"),
        (AWAY, False, None),
    ]
    assert plan(router)[0].reason == f"data retention in {HERE} is provider_data_share, and must be none"
    assert plan(router)[2].reason == f"the mode of data retention in {AWAY} is not known, and must be none"
    call(router)
    world.failing = {THERE: "ServiceUnavailableException"}
    with pytest.raises(exceptions.ServiceUnavailableException):
        call(router)
    assert {it.region for it in world.take()} == {THERE}
    assert [row.allowed for row in router.health()] == [False, True, False]
    assert "data retention" in str(router.health())


def test_a_call_waits_for_the_modes(world, make):
    """Without a plan before it: the first call reads them."""
    world.modes = {(HERE, ""): "aws_review", (THERE, ""): "none", (AWAY, ""): "none"}
    router = make(retention="none")
    call(router)
    assert [it.region for it in world.take()] == [THERE]


def test_where_no_mode_is_known_nothing_is_sent(world, make):
    world.modes = {(region, ""): "denied" for region in REGIONS}
    for options in ({}, {"catalogue": "snapshot"}):
        router = make(retention=["none", "aws_review"], **options)
        with pytest.raises(exceptions.NoTargetError, match="is not known, and must be aws_review or none"):
            call(router)
    assert world.take() == []


def test_tokens_are_not_counted_outside_the_project_whose_mode_counts(world, make):
    world.modes = {(HERE, ""): "provider_data_share", (HERE, "proj_here"): "none"}
    router = make(HERE, projects={HERE: "proj_here"}, retention="none")
    call(router)
    with pytest.raises(exceptions.ParamValidationError, match="CountTokens takes no project, so the account's mode"):
        call(router, "count_tokens", input={"converse": ask()})
    assert [project_of(it) for it in world.take()] == ["proj_here"]


def test_a_mode_that_changed_counts_from_the_next_plan_on(world, make):
    world.modes = {(HERE, ""): "none", (THERE, ""): "none"}
    router = make(HERE, THERE, retention="none")
    call(router)
    world.modes[HERE, ""] = "provider_data_share"
    call(router)
    plan(router)
    world.take()
    call(router)
    assert [it.region for it in world.take()] == [THERE]


def test_copies_twins_and_pickles_keep_both(world):
    options = {"projects": PROJECTS, "retention": ["aws_review", "none"]}
    connection = world.connection(HERE, THERE)
    del connection["aws_access_key_id"], connection["aws_secret_access_key"]
    router = outcrop.CrossRegion(PROFILE, **options, **connection)
    assert f"projects={PROJECTS} retention=['aws_review', 'none']" in repr(router)
    assert "proj_here" in router._repr_html_()
    for same in (copy.copy(router), copy.deepcopy(router), pickle.loads(pickle.dumps(router)), router._twin()):
        assert (same._terms.projects, same._terms.retention) == (router._terms.projects, router._terms.retention)
        assert f"projects={PROJECTS}" in repr(same)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"projects": "proj_a"}, TypeError, "projects must be a dict from each source Region to its project"),
        ({"projects": {}}, ValueError, "projects must name a project for at least one source Region"),
        ({"projects": {"eu-west-1": "proj_a"}}, ValueError, "projects names 'eu-west-1', which is not among"),
        ({"projects": {HERE: "a b"}}, ValueError, "a project is an id such as proj_"),
        (
            {"projects": {HERE: f"arn:aws:bedrock:{THERE}:{ACCOUNT}:project/proj_a"}},
            ValueError,
            f"belongs to {THERE}, not to {HERE}",
        ),
        ({"retention": "default"}, ValueError, "cannot be demanded: it stands for a model's own default"),
        ({"retention": ["none", "some"]}, ValueError, "retention must be of none, aws_review, provider_data_share"),
        ({"retention": []}, ValueError, "retention must name at least one mode"),
        ({"retention": {"none": True}}, TypeError, "retention must be a mode or several of"),
        ({"retention": 3}, TypeError, "retention must be a mode or several of"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said(options, error, text):
    for make in (outcrop.CrossRegion, outcrop.AsyncCrossRegion, outcrop.plan):
        with pytest.raises(error, match=text):
            make(PROFILE, sources=REGIONS, catalogue="snapshot", **options)


def test_keys_of_several_accounts_have_no_one_mode():
    with pytest.raises(ValueError, match="retention is read of one account"):
        outcrop.CrossRegion(PROFILE, sources=[HERE], retention="none", credentials=lambda: ("a", "b", None))


_MODES = ["none", "aws_review", "provider_data_share", "default", "inherit", "denied"]


@settings(max_examples=40)
@given(
    modes=st.fixed_dictionaries(
        {region: st.tuples(st.sampled_from(_MODES), st.sampled_from(_MODES)) for region in REGIONS}
    ),
    projects=st.none() | st.dictionaries(st.sampled_from(REGIONS), st.sampled_from(["proj_a", "default"]), min_size=1),
    right=st.sets(st.sampled_from(_MODES[:3]), min_size=1),
    failing=st.sets(st.sampled_from(REGIONS)),
)
def test_whatever_the_modes_nothing_leaves_for_a_source_that_is_not_right(modes, projects, right, failing):
    """What is right is said here once more, in other words."""

    def is_right(region):
        account, project = modes[region]
        if projects is not None and region not in projects:
            return False
        in_project = projects is not None and projects[region] != "default"
        effective = account if not in_project or project == "inherit" else project
        return effective in right

    _store.forget()
    _retention.forget()
    with World(REGIONS, LISTS) as world:
        for region, (account, project) in modes.items():
            world.modes[region, ""], world.modes[region, "proj_a"] = account, project
        world.failing = dict.fromkeys(failing, "ServiceUnavailableException")
        router = outcrop.CrossRegion(
            PROFILE, projects=projects, retention=right, clock=HeldClock(), **world.connection(*REGIONS)
        )
        assert [row.allowed for row in router.plan()] == [is_right(region) for region in REGIONS]
        for _ in range(2):
            with contextlib.suppress(exceptions.NoTargetError, exceptions.ServiceUnavailableException):
                router.converse(**ask())
        sent = world.take()
        assert all(is_right(it.region) for it in sent)
        assert bool(sent) == any(map(is_right, REGIONS))
        for it in sent:
            assert project_of(it) == (None if projects is None or projects[it.region] == "default" else "proj_a")
