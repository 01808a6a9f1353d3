"""What every framework is asked to send, with which client, and what is printed of the answers.

Each program beside this one is run where its framework is installed; the environment says where Bedrock is, and the
arguments who makes the calls, one after the other.
"""

import asyncio
import json
import sys
from contextlib import nullcontext

import boto3

import outcrop
import outcrop.boto3

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
BASE = "anthropic.claude-haiku-4-5-20251001-v1:0"
NOBODY = "us.anthropic.nobody-v1:0"
QUESTION = "Name a mineral."
TOOL_QUESTION = 'Look up the hardness of "Quartz".'
SCHEMA = {"type": "object", "properties": {"mineral": {"type": "string"}}, "required": ["mineral"]}


RESIDENCY = {"us-east-1", "us-east-2", "us-west-2"}


class Now:
    """Who makes the calls now."""

    way = ""


def router():
    """Routes the calls of `BASE` over two source Regions, inside a residency."""
    residency = {"eu-west-1"} if Now.way.endswith("outside") else RESIDENCY
    return outcrop.CrossRegion(BASE, sources=["us-east-1", "us-west-2"], geographies=["us"], residency=residency)


def model():
    """The model that is asked: a router has its own."""
    return BASE if "router" in Now.way else MODEL


def client(service_name="bedrock-runtime"):
    """A client of the kind that is asked for."""
    who = Now.way.removesuffix("_outside")
    if who == "router":
        return router()
    if who == "carried_router" and service_name == "bedrock-runtime":
        return outcrop.boto3.client(service_name, router=router())
    return {"plain": outcrop, "carried": outcrop.boto3}.get(who.partition("_")[0], boto3).client(service_name)


def session():
    """The same for whoever takes a session."""
    return {"plain": outcrop, "carried": outcrop.boto3}.get(Now.way, boto3).Session()


class AsyncSession:
    """outcrop's async clients for whoever holds a session of aiobotocore's."""

    def create_client(self, service_name, **settings):
        """An async client."""
        return outcrop.async_client(service_name, **settings)


def code_of(call):
    """The code of the error of Bedrock's that is, or is the cause of, what a call raises."""
    try:
        answer = call()
        if asyncio.iscoroutine(answer):
            answer = asyncio.run(answer)
    except Exception as error:  # noqa: BLE001  -- each framework has its own
        while not hasattr(error, "response"):
            error = error.__cause__ or error.__context__
        return error.response["Error"]["Code"]
    return str(answer)


def tell(*calls):
    """Make the calls, each named as what it shows, by all ways, and print what came of them."""
    told = {}
    for Now.way in sys.argv[1:]:
        outcome = told[Now.way] = {}
        routed = router() if Now.way.startswith("installed_router") else None
        with outcrop.boto3.installed(router=routed) if "installed" in Now.way else nullcontext():
            for call in calls:
                try:
                    answer = call()
                    outcome[call.__name__] = asyncio.run(answer) if asyncio.iscoroutine(answer) else answer
                except Exception as error:  # noqa: BLE001, PERF203  -- it is what is printed
                    outcome[call.__name__] = f"{type(error).__name__}: {error}"
    # The last line: some frameworks print, too.
    sys.stdout.write(f"\n{json.dumps(told)}\n")
