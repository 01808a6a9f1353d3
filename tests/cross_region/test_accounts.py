"""A source is a Region and an account: nothing is signed with another account's keys, and nothing known is mixed up."""

from __future__ import annotations

import asyncio
import copy
import pickle

import boto3
import pytest

import outcrop
import outcrop.boto3
from outcrop import exceptions
from outcrop.langchain import ChatBedrockConverse

from .accounts import ONE, PRIMARY, SECOND, TWO, key_of
from .conftest import MODEL, ask
from .sides import Side, route

PER_DAY = "Too many tokens per day, please wait before trying again."


@pytest.fixture(params=["blocking", "async"])
def side(request, accounts):
    """A router of the first account's Region, then the second's."""

    def made(*places, **options):
        return Side(request.param, **{"sources": accounts.sources(*places or BOTH), **options})

    return made


BOTH = ((ONE, PRIMARY), (TWO, PRIMARY))


def targets(answer):
    return [(it["Target"].get("Account"), it["Target"]["SourceRegion"]) for it in route(answer)["Attempts"]]


def test_an_account_without_room_is_followed_by_the_other_in_the_same_region(side, accounts):
    accounts[ONE].regions[PRIMARY].quota(requests=1)
    side = side()
    first, second = side.call(), side.call()
    assert targets(first) == [(ONE, PRIMARY)]
    assert targets(second) == [(ONE, PRIMARY), (TWO, PRIMARY)]
    assert route(second)["Target"] == {"SourceRegion": PRIMARY, "Account": TWO, "ModelId": f"us.{MODEL}"}
    assert accounts.sent() == [(ONE, PRIMARY), (ONE, PRIMARY), (TWO, PRIMARY)]
    # A minute later, by the account's clock, it has room again.
    accounts[ONE].clock.advance(60)
    assert targets(side.call()) == [(ONE, PRIMARY)]


def test_a_used_up_day_of_one_account_is_none_of_the_other_s(side, accounts):
    accounts[ONE].fault("throttling", message=PER_DAY)
    side = side((ONE, PRIMARY), (TWO, PRIMARY), (TWO, SECOND))
    side.call()
    assert targets(side.call()) == [(TWO, PRIMARY)]
    assert [(row.account, row.state) for row in side.router.health()] == [
        (ONE, "open"),
        (TWO, "closed"),
        (TWO, "closed"),
    ]


def test_what_a_router_keeps_to_itself_is_kept_by_account(side, accounts):
    """`shared=False`: breakers, limits and the line before them are each account's own, in one Region, too."""
    accounts[ONE].fault("error", code="ServiceUnavailableException")
    side = side(shared=False, breaker={"consecutive_failures": 1}, limits={"requests_per_minute": 2})
    assert targets(side.call()) == [(ONE, PRIMARY), (TWO, PRIMARY)]
    assert [(row.account, row.state, row.calls) for row in side.router.health()] == [
        (ONE, "open", 1),
        (TWO, "closed", 1),
    ]
    assert targets(side.call()) == [(TWO, PRIMARY)]
    assert [row.requests_left for row in side.router.health()] == [1.0, 0.0]


def test_breakers_are_told_of_and_forced_by_account(side, accounts):
    changes = []
    accounts[ONE].fault("error", code="ServiceUnavailableException")
    side = side(breaker={"consecutive_failures": 1}, on_change=changes.append)
    side.call()
    side.router.health()
    assert [(it.account, it.state) for it in changes] == [(ONE, "open")]
    side.router.force(PRIMARY, "open", account=TWO)
    side.router.force(PRIMARY, None, account=ONE)
    assert [(row.account, row.state) for row in side.router.health()] == [(ONE, "closed"), (TWO, "open")]
    with pytest.raises(ValueError, match=f"no target of 'us-east-1, account 3' .*us-east-1, account {ONE}"):
        side.router.force(PRIMARY, "open", account="3")


def test_metrics_tell_accounts_apart(side, accounts):
    accounts[ONE].fault("throttling", times=1)
    side = side()
    side.call()
    side.call()
    metrics = side.router.metrics()
    assert [(it.labels["account"], it.calls) for it in metrics.series] == [(ONE, 1), (TWO, 1)]
    assert f'account="{TWO}"' in metrics.to_prometheus()
    assert ONE in metrics._repr_html_()


def test_errors_name_accounts_and_no_keys(side, accounts):
    for name in (ONE, TWO):
        accounts[name].fault("throttling")
    side = side(retries={"max_attempts": 2})
    with pytest.raises(exceptions.ThrottlingException) as raised:
        side.call()
    assert (
        f"us.{MODEL} from {PRIMARY}, account {ONE}: ThrottlingException; us.{MODEL} from {PRIMARY}, account {TWO}"
        in str(raised.value)
    )
    shown = f"{raised.value} {side.router!r} {side.router._repr_html_()} {side.router.health()}"
    for name in (ONE, TWO):
        assert name in shown
        assert key_of(name) not in shown
        assert f"secret-of-{name}" not in shown


def test_an_application_profile_is_called_with_its_account_s_keys_only(side, accounts):
    made = (
        accounts[TWO]
        .client("bedrock", region_name=PRIMARY)
        .create_inference_profile(
            inferenceProfileName="team",
            modelSource={"copyFrom": f"arn:aws:bedrock:{PRIMARY}:{TWO}:inference-profile/us.{MODEL}"},
        )
    )
    arn = made["inferenceProfileArn"]
    for catalogue in ("snapshot", "live"):
        mine = side((ONE, PRIMARY), (TWO, PRIMARY), model=arn, geographies=None, residency=None, catalogue=catalogue)
        # Whatever happens to the one that may, no other is tried.
        with accounts[TWO].fault("throttling", operation="Converse"), pytest.raises(exceptions.ThrottlingException):
            mine.call()
        assert targets(mine.call()) == [(TWO, PRIMARY)]
        plan = outcrop.plan(arn, sources=accounts.sources(*BOTH), catalogue=catalogue)
        assert [(it.account, it.allowed) for it in plan] == [(ONE, False), (TWO, True)]
        assert plan[0].reason == f"it belongs to account {TWO}, and this source to account {ONE}"
    assert {name for name, _ in accounts.sent() if name == ONE} == set()


def test_an_application_profile_is_not_tried_where_nobody_knows_whose_the_keys_are():
    sessions = [
        outcrop.Session(region_name=PRIMARY, aws_access_key_id=f"AKID{name}", aws_secret_access_key="secret")
        for name in "AB"
    ]
    arn = f"arn:aws:bedrock:{PRIMARY}:{TWO}:application-inference-profile/abc123def456"
    plan = outcrop.plan(arn, sources=[outcrop.Source(PRIMARY, it) for it in sessions], catalogue="snapshot")
    assert [it.allowed for it in plan] == [False, False]
    assert plan[0].reason == f"nobody knows whether this source is of account {TWO}, as asked for"
    # Whoever has one account only has named it for that.
    assert [it.allowed for it in outcrop.plan(arn, session=sessions[0], catalogue="snapshot")] == [True]


def test_an_application_profile_is_not_sent_with_what_a_function_gives_for_another_account(accounts):
    """Whose keys they are is known at the call only, and decided at the send."""
    arn = f"arn:aws:bedrock:{PRIMARY}:{TWO}:application-inference-profile/abc123def456"
    for name in (ONE, TWO):
        connection = {**accounts[name].connection, "aws_access_key_id": None, "aws_secret_access_key": None}
        keys = outcrop.Credentials(key_of(name), f"secret-of-{name}", None)
        router = outcrop.CrossRegion(arn, credentials=lambda keys=keys: keys, catalogue="snapshot", **connection)
        error = exceptions.NoTargetError if name == ONE else exceptions.ValidationException
        with pytest.raises(error) as raised:
            router.converse(**ask())
        assert name == TWO or f"it belongs to account {TWO}, and its keys would be another account's" in str(
            raised.value
        )
    assert accounts.sent() == [(TWO, PRIMARY)]


def test_copies_twins_and_models_keep_their_accounts(accounts):
    accounts[ONE].regions[PRIMARY].quota(requests=1)
    router = outcrop.CrossRegion(MODEL, sources=accounts.sources(*BOTH), geographies=["us"], catalogue="snapshot")
    router.converse(**ask())
    for like in (copy.copy(router), copy.deepcopy(router)):
        assert route(like.converse(**ask()))["Target"]["Account"] == TWO
    assert route(asyncio.run(router._twin().converse(**ask())))["Target"]["Account"] == TWO
    chat = ChatBedrockConverse(model=MODEL, client=router, region_name=PRIMARY)
    assert chat.invoke("hi").response_metadata["ResponseMetadata"]["CrossRegion"]["Target"]["Account"] == TWO
    answers = [answer for _, answer in router.batch("converse", [ask(), ask()])]
    assert {route(answer)["Target"]["Account"] for answer in answers} == {TWO}
    carried = outcrop.boto3.client("bedrock-runtime", PRIMARY, **_keys(accounts, TWO), router=router)
    assert route(carried.converse(modelId=MODEL, **ask()))["Target"]["Account"] == TWO
    accounts.sent()


def _keys(accounts, name):
    return {key: value for key, value in accounts[name].connection.items() if key != "region_name"}


def test_a_pickle_has_the_same_accounts_and_no_keys(tmp_path, monkeypatch):
    (tmp_path / "config").write_text("".join(f"[profile {name}]\nregion = {PRIMARY}\n" for name in "ab"))
    written = (
        f"[{name}]\naws_access_key_id = {key_of(account)}\naws_secret_access_key = sesame\n"
        for name, account in zip("ab", (ONE, TWO), strict=True)
    )
    (tmp_path / "credentials").write_text("".join(written))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    sources = [outcrop.Source(PRIMARY, outcrop.Session(profile_name=name)) for name in "ab"]
    router = outcrop.CrossRegion(MODEL, sources=[*sources, SECOND], geographies=["us"], catalogue="snapshot")
    told = pickle.dumps(router)
    assert b"sesame" not in told
    again = pickle.loads(told)
    # Nobody was asked for their keys yet.
    assert [(it.source_region, it.account) for it in again.health()] == [
        (PRIMARY, "profile a"),
        (PRIMARY, "profile b"),
        (SECOND, "session 3"),
    ]
    keyed = outcrop.Session(region_name=PRIMARY, aws_access_key_id=key_of(ONE), aws_secret_access_key="sesame")
    router = outcrop.CrossRegion(MODEL, sources=[outcrop.Source(PRIMARY, keyed)], catalogue="snapshot")
    with pytest.raises(TypeError, match="secrets do not go into pickles"):
        pickle.dumps(router)


def test_functions_sign_for_their_own_account_only(side, accounts):
    """One gives keys, one an API key, and the third session signs by itself."""
    asked = []

    def keys():
        asked.append(ONE)
        return outcrop.Credentials(key_of(ONE), f"secret-of-{ONE}", None)

    def token():
        asked.append(TWO)
        return accounts[TWO].bearer_token

    plain = {name: {"region_name": PRIMARY, "endpoint_url": accounts[name].endpoint_url} for name in (ONE, TWO)}
    sessions = [
        outcrop.Session(credentials=keys, **plain[ONE]),
        outcrop.Session(bearer_token=token, **plain[TWO]),
        accounts.session(TWO),
    ]
    side = side(sources=[outcrop.Source(PRIMARY, it) for it in sessions])
    tried = []
    for failing in (ONE, TWO, TWO):
        tried.append([account for account, _ in targets(side.call())])
        accounts[failing].fault("throttling", message=PER_DAY, times=1)
    assert tried == [[ONE], [ONE, "session 2"], ["session 2", TWO]]
    assert asked == [ONE, TWO] * 3
    assert {entry.principal for entry in accounts[ONE].journal} == {key_of(ONE)}
    assert {entry.principal for entry in accounts[TWO].journal} <= {"bearer", key_of(TWO)}
    accounts.sent()


def test_a_function_that_fails_costs_its_own_account_only(side, accounts, caplog):
    def fails():
        raise LookupError("the vault is shut")

    where = {"region_name": PRIMARY, "endpoint_url": accounts[ONE].endpoint_url}
    broken = outcrop.Source(PRIMARY, outcrop.Session(credentials=fails, **where))
    side_of = side
    side = side_of(sources=[broken, *accounts.sources((TWO, PRIMARY))])
    assert targets(side.call()) == [(TWO, PRIMARY)]
    assert "its account is passed over" in caplog.text
    side.router.force(PRIMARY, "open", account=TWO)
    with pytest.raises(exceptions.NoTargetError, match="the function that says who calls failed: LookupError"):
        side.call()
    alone = side_of(sources=[broken, outcrop.Source(SECOND, broken.session)])
    with pytest.raises(LookupError, match="the vault is shut"):
        alone.call()
    assert accounts.sent() == [(TWO, PRIMARY)]


@pytest.mark.parametrize("operation", ["converse", "converse_stream"])
@pytest.mark.parametrize("wrong", ["key", "secret", "expired", "none to be had"])
def test_keys_that_aws_does_not_take_cost_their_own_account_only(side, accounts, operation, wrong, tmp_path):
    """As a function that fails does: of two accounts the one that is well answers."""
    broken = {
        "key": {"aws_access_key_id": key_of("333333333333")},
        "secret": {"aws_secret_access_key": "another"},
        "expired": {},
        "none to be had": {"aws_access_key_id": None, "aws_secret_access_key": None, "profile_name": "gone"},
    }[wrong]
    if wrong == "expired":
        accounts[ONE].fault("error", code="ExpiredTokenException", message="The security token is expired")
    (tmp_path / "config").write_text(f"[profile gone]\ncredential_process = {tmp_path}/nowhere\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        session = accounts.session(ONE, **broken)
        # Both Regions of the account are behind its keys, so the second is not asked.
        first = [outcrop.Source(region, session=session) for region in (PRIMARY, SECOND)]
        pooled = side(sources=[*first, *accounts.sources((TWO, PRIMARY))])
        answer = pooled.call(operation)
        attempts = route(answer)["Attempts"]
        assert [it["Target"]["SourceRegion"] for it in attempts] == [PRIMARY, PRIMARY]
        assert attempts[0]["Error"] not in (None, "ThrottlingException")
        assert route(answer)["Target"]["Account"] == TWO
        alone = side(sources=first)
        with pytest.raises((exceptions.ClientError, exceptions.OutcropError)) as raised:
            alone.call(operation)
        assert len(raised.value.cross_region["Attempts"]) == 1
        for _ in range(5):
            pooled.call(operation)
        # It is left alone, as one that fails is, and the log says so.
        assert pooled.router.health()[0].state == "open"
    assert {entry.principal for entry in accounts[TWO].journal} == {key_of(TWO)}


def test_a_session_whose_function_is_gone_around_signs_nothing(accounts, monkeypatch):
    """Not even with what the environment has."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_of(TWO))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", f"secret-of-{TWO}")
    keys = outcrop.Credentials(key_of(ONE), f"secret-of-{ONE}", None)
    session = outcrop.Session(credentials=lambda: keys, region_name=PRIMARY, endpoint_url=accounts[TWO].endpoint_url)
    router = outcrop.CrossRegion(
        MODEL, sources=[outcrop.Source(PRIMARY, session)], catalogue="snapshot", geographies="us"
    )
    router._prepare()
    with pytest.raises(exceptions.NoTargetError, match="the function that says who calls was not asked"):
        router._native.native.call("Converse", {"modelId": MODEL, **ask()})
    assert accounts.sent() == []


def test_kept_answers_are_the_account_s_that_gave_them(accounts):
    cache = outcrop.Cache()
    cold = {**ask(), "inferenceConfig": {"temperature": 0}}
    options = {"geographies": ["us"], "catalogue": "snapshot"}

    def router(*places):
        return outcrop.CrossRegion(MODEL, sources=accounts.sources(*places), cache=cache, **options)

    with accounts[ONE].fault("throttling"):
        assert route(router(*BOTH).converse(**cold))["Target"]["Account"] == TWO
    for places, hit in (((BOTH[0],), False), ((BOTH[1],), True)):
        answer = router(*places).converse(**cold)
        assert answer["ResponseMetadata"]["Cache"]["Hit"] is hit
        assert route(answer)["Target"]["Account"] == places[0][0]
    assert [name for name, _ in accounts.sent()] == [ONE, ONE, TWO]


def test_each_account_s_lists_decide_for_it(side, accounts):
    """Its lists are asked for with its own keys, and one that cannot be had is none of the other's."""
    accounts[TWO].fault("error", operation="ListInferenceProfiles", code="AccessDeniedException")
    found = outcrop.plan(MODEL, sources=accounts.sources(*BOTH), geographies="us")
    assert [row.profile.origin for row in found] == ["live", "snapshot"]
    assert any(note.startswith(f"{PRIMARY} ({TWO}): facts of") for note in found.notes)
    for name in (ONE, TWO):
        assert {entry.principal for entry in accounts[name].journal} == {key_of(name)}
    rows = outcrop.profiles(MODEL, sources=accounts.sources(*BOTH), geographies="us")
    assert [row.origin for row in rows] == ["live", "snapshot"]
    side(catalogue="auto").call()
    accounts.sent()


def test_plans_show_accounts_to_a_person(accounts):
    plan = outcrop.plan(MODEL, sources=accounts.sources(*BOTH), geographies="us", residency="eu", catalogue="snapshot")
    lines = str(plan).splitlines()
    assert any("account" in line for line in lines[:4])
    assert all(any(name in line for line in lines) for name in (ONE, TWO))
    assert [row["account"] for row in plan.to_dicts()] == [ONE, TWO]
    with pytest.raises(exceptions.NoTargetError, match=f"from {PRIMARY}, account {TWO}: it may be served in"):
        outcrop.resolve(
            MODEL, source=accounts.sources(*BOTH)[1], geographies="us", residency="eu", catalogue="snapshot"
        )
    allowed = outcrop.plan(MODEL, sources=accounts.sources(*BOTH), geographies="us", catalogue="snapshot")
    policy = outcrop.cross_region.iam_policy(allowed, TWO)
    assert len(policy["Statement"]) == 2
    assert TWO in str(policy)
    assert ONE not in str(policy)


def test_a_source_is_checked():
    with pytest.raises(TypeError, match=r"must be an outcrop\.Session, not Session: with one of boto3's"):
        outcrop.Source(PRIMARY, session=boto3.Session())
    with pytest.raises(TypeError, match="the Region of a Source must be a str"):
        outcrop.Source(3)
    with pytest.raises(TypeError, match=r"sources must be a str or several, or outcrop\.Source"):
        outcrop.CrossRegion(MODEL, sources=[PRIMARY, 3])
    session = outcrop.Session(region_name=PRIMARY, aws_access_key_id=key_of(ONE), aws_secret_access_key="sesame")
    assert "sesame" not in repr(outcrop.Source(PRIMARY, session))
    several = [outcrop.Source(region, session) for region in (PRIMARY, PRIMARY, SECOND)]
    router = outcrop.CrossRegion(MODEL, sources=several, geographies="us", catalogue="snapshot")
    assert len(router.health()) == 2
