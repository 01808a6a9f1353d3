"""One client, boto3 or outcrop, in environments that come one by one: each gets a fresh fork of this process."""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from pathlib import Path

import boto3
import botocore.config
import botocore.credentials
import botocore.loaders
import botocore.session
import botocore.tokens

REQUEST = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}


def by_boto3(arguments):
    """A client of boto3's."""
    of_client = {name: arguments.pop(name) for name in ("endpoint_url", "verify", "proxy") if name in arguments}
    if proxy := of_client.pop("proxy", None):
        of_client["config"] = botocore.config.Config(proxies={"http": proxy, "https": proxy})
    if retries := arguments.pop("retries", None):
        named = {"total_max_attempts": retries["max_attempts"]}
        of_client["config"] = botocore.config.Config(retries=retries | named)
    return boto3.session.Session(**arguments).client("bedrock-runtime", **of_client)


def by_outcrop(arguments):
    """A client of outcrop's."""
    import outcrop

    return outcrop.client("bedrock-runtime", **arguments)


def outcome(make, environment, arguments, calls, user):
    """What came of calls: the names of the error's classes, none where there was an answer."""
    if user is not None:
        # Read while the interpreter's own files can be: a name of a host is encoded by it.
        "localhost".encode("idna")
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    os.environ.clear()
    os.environ.update(environment)
    # botocore fixes this path when it is imported.
    folder = str(Path("~/.aws/sso/cache").expanduser())
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = folder
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = folder
    try:
        client = make(arguments)
        for _ in range(calls):
            client.converse(**REQUEST)
    except Exception as error:  # noqa: BLE001  -- which one is what is asked
        told = "".join(traceback.format_exception(error))
        return {"classes": [each.__name__ for each in type(error).__mro__], "text": str(error), "traceback": told}
    return {"classes": []}


def serve(make):
    """Answer each line of standard input with one of standard output."""
    for line in sys.stdin:
        environment, arguments, calls, user = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            told = json.dumps(outcome(make, environment, arguments, calls, user))
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
        for service in ("bedrock-runtime", "sts", "sso", "sso-oidc", "signin"):
            botocore.session.Session().create_client(service, **keys)
        serve(by_boto3)
    else:
        import outcrop  # noqa: F401  -- before the forks

        serve(by_outcrop)
