"""Ways out of a residency beside the targets: other names, clients of boto3's, headers, guardrails, odd rules."""

from __future__ import annotations

import asyncio

import pytest
from botocore.exceptions import ClientError

import outcrop
import outcrop.boto3
from outcrop import exceptions
from outcrop.cross_region import Residency

from .conftest import MODEL, ask
from .world import Version, World

HOME, OTHER, OUTSIDE = "us-east-1", "us-west-2", "eu-west-1"
PROFILE = f"us.{MODEL}"
LISTS = Version({HOME: {PROFILE: (HOME, OTHER)}, OTHER: {PROFILE: (OTHER,)}}, {OUTSIDE: (MODEL,)})
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
FOREIGN = [
    f"global.{MODEL}",
    f"eu.{MODEL}",
    MODEL.upper(),
    f"{MODEL} ",
    f" {PROFILE}",
    PROFILE.replace(".", "%2E", 1),
    "amazon.nova-lite-v1:0",
    f"arn:aws:bedrock:{OUTSIDE}::foundation-model/{MODEL}",
    f"arn:aws:bedrock:{OUTSIDE}:123456789012:provisioned-model/abc123def456",
    f"arn:aws:bedrock:{OUTSIDE}:123456789012:prompt/ABC123DEF4:1",
]


@pytest.fixture
def world():
    with World([HOME, OTHER, OUTSIDE], LISTS) as servers:
        yield servers


@pytest.fixture(params=["us", {HOME, OTHER}, lambda region: region.startswith("us-")], ids=["us", "names", "rule"])
def residency(request):
    return request.param


@pytest.fixture(params=[outcrop.CrossRegion, outcrop.AsyncCrossRegion])
def made(request, world, residency):
    def make(**options):
        connection = world.connection(HOME, OTHER)
        return request.param(MODEL, **{**connection, "geographies": ["us"], "residency": residency, **options})

    return make


def call(router, operation="converse", **arguments):
    answer = getattr(router, operation)(**arguments)
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


def url(world, region):
    return world.connection(region)["endpoint_urls"][region]


@pytest.fixture
def carried(world, residency):
    """A client of boto3's, of a Region outside, whose router stays inside."""
    router = outcrop.CrossRegion(MODEL, **world.connection(HOME, OTHER), geographies=["us"], residency=residency)

    def make(region=OUTSIDE, how="client"):
        where = {"region_name": region, "endpoint_url": url(world, region), **KEYS}
        if how == "client":
            return outcrop.boto3.client("bedrock-runtime", router=router, **where)
        if how == "session":
            return outcrop.boto3.Session().client("bedrock-runtime", router=router, **where)
        import boto3

        with outcrop.boto3.installed(router=router):
            return boto3.client("bedrock-runtime", **where)

    return make


@pytest.mark.parametrize("how", ["client", "session", "installed"])
def test_a_client_of_boto3s_calls_no_other_model_past_its_router(world, carried, how):
    client = carried(how=how)
    for name in FOREIGN:
        with pytest.raises(
            (ClientError, ValueError, exceptions.OutcropError), match=r"this router is for|ARN|parameter"
        ):
            client.converse(modelId=name, **ask())
    assert world.take() == []
    for name in (MODEL, PROFILE):
        client.converse(modelId=name, **ask())
    assert [(it.region, it.model_id) for it in world.take()] == [(HOME, PROFILE)] * 2


def test_what_it_does_beside_the_router_stays_inside_too(world, carried):
    guardrail = {"guardrailVersion": "1", "source": "INPUT", "content": [{"text": {"text": "a prompt"}}]}
    arn = f"arn:aws:bedrock:{OUTSIDE}:123456789012:guardrail/abc123"
    asynchronous = {
        "modelId": MODEL,
        "modelInput": {"prompt": "a prompt"},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://bucket/"}},
    }
    refused = rf"ApplyGuardrail: it would go to {OUTSIDE}, outside the residency; make a client without router= for it"
    with pytest.raises(exceptions.NoTargetError, match=refused):
        carried().apply_guardrail(guardrailIdentifier="abc123", **guardrail)
    with pytest.raises(exceptions.NoTargetError, match=refused):
        carried(HOME).apply_guardrail(guardrailIdentifier=arn, **guardrail)
    for region in (HOME, OUTSIDE):
        with pytest.raises(
            exceptions.NoTargetError, match="StartAsyncInvoke: a router has no such operation, and nobody"
        ):
            carried(region).start_async_invoke(**asynchronous)
    assert world.take() == []
    with pytest.raises(ClientError, match="404"):
        carried(HOME).apply_guardrail(guardrailIdentifier="abc123", **guardrail)
    assert [it.region for it in world.take()] == [HOME]


def test_handlers_of_boto3s_events_change_nothing_past_the_router(world, carried):
    """The model that a handler names is looked at after it; the URL is none of theirs."""
    client = carried()

    def rename(params, **_):
        params["modelId"] = f"global.{MODEL}"

    client.meta.events.register("provide-client-params.bedrock-runtime.Converse", rename)
    with pytest.raises((ValueError, exceptions.OutcropError), match="this router is for"):
        client.converse(modelId=MODEL, **ask())
    client = carried()

    def redirect(request, **_):
        request.url = request.url.replace(HOME, OUTSIDE) + "/elsewhere"

    client.meta.events.register("before-send.bedrock-runtime.Converse", redirect)
    with pytest.raises(ValueError, match="changed the request's URL"):
        client.converse(modelId=MODEL, **ask())
    assert world.take() == []


def test_a_router_to_be_awaited_carries_no_client(world):
    router = outcrop.AsyncCrossRegion(MODEL, **world.connection(HOME), residency="us")
    with pytest.raises(TypeError, match=r"must be an outcrop\.CrossRegion, not AsyncCrossRegion"):
        outcrop.boto3.client("bedrock-runtime", HOME, router=router, **KEYS)


def test_a_router_calls_no_other_model(world, made):
    for name in FOREIGN:
        with pytest.raises((ValueError, exceptions.OutcropError), match="this router is for"):
            call(made(), modelId=name, **ask())
    assert world.take() == []


@pytest.mark.parametrize("operation", ["converse", "converse_stream", "invoke_model"])
def test_a_guardrail_of_a_region_outside_sees_no_prompt(world, made, operation):
    def guarded(region):
        arn = f"arn:aws:bedrock:{region}:123456789012:guardrail/abc123"
        if operation == "invoke_model":
            return {"body": "{}", "guardrailIdentifier": arn, "guardrailVersion": "1"}
        return {**ask(), "guardrailConfig": {"guardrailIdentifier": arn, "guardrailVersion": "1"}}

    with pytest.raises(exceptions.NoTargetError, match=f'the guardrail is one of "{OUTSIDE}", outside the residency'):
        call(made(), operation, **guarded(OUTSIDE))
    assert world.take() == []
    call(made(), operation, **guarded(HOME))
    assert [it.region for it in world.take()] == [HOME]


@pytest.mark.parametrize("by", ["client", "handler"])
def test_a_guardrail_in_a_header_that_somebody_wrote_counts_too(world, made, by):
    def router(region):
        arn = f"arn:aws:bedrock:{region}:123456789012:guardrail/abc123"
        header = {"x-amzn-bedrock-guardrailidentifier": arn}
        if by == "client":
            return made(default_headers=header)
        router = made()
        router.meta.events.register("before-call", lambda params, **_: params["headers"].update(header))
        return router

    with pytest.raises(exceptions.NoTargetError, match=f'the guardrail is one of "{OUTSIDE}", outside the residency'):
        call(router(OUTSIDE), "invoke_model", body="{}")
    assert world.take() == []
    call(router(HOME), "invoke_model", body="{}")
    assert [it.region for it in world.take()] == [HOME]


def test_nothing_beside_it_in_the_body_hides_a_guardrail(world, made):
    guardrail = {
        "guardrailIdentifier": f"arn:aws:bedrock:{OUTSIDE}:123456789012:guardrail/abc",
        "guardrailVersion": "1",
    }
    deep = 1
    for _ in range(300):
        deep = [deep]
    for odd in [deep, 1e308, '"guardrailConfig":{}', float("nan")]:
        fields = {"guardrailConfig": odd, "a": odd}
        with pytest.raises((exceptions.NoTargetError, exceptions.ParamValidationError)):
            call(made(), additionalModelRequestFields=fields, guardrailConfig=guardrail, **ask())
    assert world.take() == []


@pytest.mark.parametrize("name", ["Host", "host"])
def test_no_header_leads_to_another_region(world, made, name):
    """Whoever stands in between goes by it."""
    header = {name: f"bedrock-runtime.{OUTSIDE}.amazonaws.com"}
    with pytest.raises(
        ValueError, match=f"is one of {OUTSIDE}, but the source Region is {HOME}.*leave the header Host out"
    ):
        made(default_headers=header)
    with pytest.raises(ValueError, match="leave the header Host out"):
        outcrop.client("bedrock-runtime", region_name=HOME, default_headers=header, **KEYS)
    call(made(default_headers={name: "bedrock.corp.example"}), **ask())
    assert [it.region for it in world.take()] == [HOME]


def test_what_says_no_to_a_region_is_no_list_of_regions(made):
    """The keys of a mapping were taken, whatever it says of each."""
    with pytest.raises(TypeError, match="must not be a mapping, which may say no to some of its Regions"):
        made(residency={HOME: True, OUTSIDE: False})
    for odd in ("US-EAST-1", "us-east-1,eu-west-1", "us-east-1 ", "us--1", "us-east-1a"):
        with pytest.raises(ValueError, match="is neither a Region, such as"):
            made(residency=[odd])


def test_the_answer_of_a_residency_of_ones_own_counts(world, made):
    """It was taken for one without a limit."""
    said = []

    class Own(Residency):
        def permits(self, region):
            said.append(region)
            return False

    for rule in (Own(), Own("us")):
        with pytest.raises(exceptions.NoTargetError):
            call(made(residency=rule), **ask())
        assert not outcrop.plan(
            MODEL, sources=[HOME], geographies=["us"], residency=rule, catalogue="snapshot", **KEYS
        ).allowed
    assert said
    assert world.take() == []
    assert Residency.of(one := Residency("us")) is one
