"""The tree of errors: each class is also botocore's, whenever that was imported, and travels in pickles."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import botocore.eventstream
import botocore.exceptions
import pytest

from outcrop import _errors, exceptions, monitoring

_FIELDS = """actual_bytes clock cred_var endpoint_url error error_msg expected_bytes message model msg operation_name
param path profile provider reason region_name report type value"""
DETAILS = dict.fromkeys(_FIELDS.split(), "x") | {"after": 1.5}
NAMES = [name for name in exceptions.__all__ if name != "OutcropError"]


def made(name):
    """An error as a call raises it."""
    cls = _errors.dressed(getattr(exceptions, name))
    if issubclass(cls, exceptions.ClientError):
        response = {"Error": {"Code": name, "Message": "no"}, "ResponseMetadata": {"RequestId": "r"}}
        return _errors.with_notes(cls(response, "Converse"), ["do this"])
    return cls(**DETAILS)


def theirs(name):
    return getattr(botocore.exceptions, name, None) or getattr(botocore.eventstream, name, None)


@pytest.mark.parametrize("name", NAMES)
def test_each_error_is_botocores_too(name):
    error = made(name)
    assert isinstance(error, getattr(exceptions, name))
    assert isinstance(error, exceptions.OutcropError)
    # Whatever is above it in our tree is above it in theirs: `except botocore.exceptions.BotoCoreError` catches it.
    above = [their for each in type(error).__mro__ if (their := theirs(each.__name__))]
    assert above
    assert all(isinstance(error, their) for their in above)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("travel", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_each_error_travels(name, travel):
    error = made(name)
    twin = travel(error)
    assert type(twin) is type(error)
    assert (str(twin), repr(twin)) == (str(error), repr(error))
    for attribute in ("response", "operation_name", "kwargs", "__notes__"):
        assert getattr(twin, attribute, None) == getattr(error, attribute, None)


class MyError(exceptions.ClientError):
    """A user's own."""


@pytest.mark.parametrize(
    "error",
    [
        MyError({"Error": {"Code": "Mine", "Message": "no"}}, "Converse"),
        monitoring.MonitoringError("no"),
        monitoring.MissingExtraError("boto3", "monitoring"),
        monitoring.MissingPermissionError("iam:CreateRole", "*", "us-east-1", "no"),
        monitoring.ExistingConfigurationError("there is one", "us-east-1", {"a": 1}),
        monitoring.InvalidAlarmError("mine", ["no"]),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("travel", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_errors_of_other_modules_travel(error, travel):
    twin = travel(error)
    assert isinstance(twin, type(error))
    assert (str(twin), vars(twin)) == (str(error), vars(error))


def test_every_error_of_the_service_has_a_class(emulator):
    for service in ("bedrock", "bedrock-runtime"):
        for name in dir(emulator.client(service).exceptions):
            assert name in exceptions.__all__


PROGRAM = """
import sys
{before}
import outcrop
from outcrop import exceptions
client = outcrop.client("bedrock-runtime", **{connection!r})
request = {{"modelId": "no.such-model", "messages": [{{"role": "user", "content": [{{"text": "x"}}]}}]}}
{after}
def raised(call):
    try:
        call()
    except exceptions.OutcropError as error:
        return error
refused, wrong = raised(lambda: client.converse(**request)), raised(lambda: client.converse(modelId="m", wrong=1))
assert isinstance(refused, client.exceptions.ValidationException)
{check}
"""
CHECK = """
assert isinstance(refused, botocore.exceptions.ClientError)
assert isinstance(wrong, botocore.exceptions.ParamValidationError)
assert isinstance(wrong, botocore.exceptions.BotoCoreError)
"""


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        ("import botocore.exceptions", "", CHECK),
        ("", "import botocore.exceptions", CHECK),
        ("import boto3", "", "import botocore.exceptions" + CHECK),
        ("", "", "assert not [name for name in sys.modules if name.startswith('boto')]"),
    ],
    ids=["botocore first", "botocore after the client", "boto3 first", "no botocore"],
)
def test_whenever_botocore_comes(emulator, before, after, check):
    program = PROGRAM.format(before=before, after=after, check=check, connection=emulator.connection)
    subprocess.run([sys.executable, "-c", program], check=True)
