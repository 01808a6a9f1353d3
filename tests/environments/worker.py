"""One client, boto3 or outcrop, in environments that come one by one: each gets a fresh fork of this process."""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from pathlib import Path

import botocore.credentials
import botocore.loaders
import botocore.session
import botocore.tokens

REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


def by_boto3(arguments):
    """One call by boto3."""
    import boto3

    endpoint = arguments.pop("endpoint_url", None)
    session = boto3.session.Session(**arguments)
    session.client("bedrock-runtime", endpoint_url=endpoint).converse(**REQUEST)


def by_outcrop(arguments):
    """One call by outcrop."""
    import outcrop

    outcrop.client("bedrock-runtime", **arguments).converse(**REQUEST)


def outcome(call, environment, arguments):
    """What came of a call: the names of the error's classes, none where there was an answer."""
    os.environ.clear()
    os.environ.update(environment)
    # botocore fixes this path when it is imported.
    folder = str(Path("~/.aws/sso/cache").expanduser())
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = folder
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = folder
    try:
        call(arguments)
    except Exception as error:  # noqa: BLE001  -- which one is what is asked
        told = "".join(traceback.format_exception(error))
        return {"classes": [each.__name__ for each in type(error).__mro__], "text": str(error), "traceback": told}
    return {"classes": []}


def serve(call):
    """Answer each line of standard input with one of standard output."""
    for line in sys.stdin:
        environment, arguments = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            told = json.dumps(outcome(call, environment, arguments))
            with os.fdopen(writing, "w") as pipe:
                pipe.write(told)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        sys.stdout.write((told or json.dumps({"classes": ["Died"], "text": ""})) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "boto3":
        # Each fork would read the same megabytes of JSON again.
        loader = botocore.loaders.JSONFileLoader
        loader.load_file = functools.cache(loader.load_file)
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        for service in ("bedrock-runtime", "sts", "sso", "sso-oidc"):
            botocore.session.Session().create_client(service, **keys)
        serve(by_boto3)
    else:
        import outcrop  # noqa: F401  -- before the forks

        serve(by_outcrop)
