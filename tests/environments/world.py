"""What stands around a client: Bedrock, STS, single sign-on, a container's and a machine's metadata, proxies.

One loopback server plays all of them and keeps what it was asked, in a form in which two clients can be compared.
"""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs

import trustme

from tests.support.certificates import own_certificate
from tests.support.server import Answer, Server, json_answer
from tests.support.waiting import PATIENCE

LATER = "2099-01-01T00:00:00Z"
OVER = "2020-01-01T00:00:00Z"
ROLE = "arn:aws:iam::123456789012:role/Geologist"
SIGNED = re.compile(r"Credential=(.*?)/\d{8}/([^/]*)/([^/]+)/")
ANSWER = b'{"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn"}'
NAMED = {"outcrop", "botocore"}


def expiration(when):
    """When keys expire: in ten minutes, years ago, or far from now."""
    soon = datetime.now(timezone.utc) + timedelta(minutes=10)
    return {"soon": f"{soon:%Y-%m-%dT%H:%M:%SZ}", "over": OVER}.get(when, LATER)


def keys(name, when=None):
    """Temporary keys as containers and instances give them."""
    return {
        "AccessKeyId": name,
        "SecretAccessKey": "s",
        "Token": f"{name}-token",
        "Expiration": expiration(when),
        "Code": "Success",
    }


def signer(request):
    """Who signed a request: access key, Region and token; a bearer token where there is one."""
    authorization = request.header("authorization") or ""
    if found := SIGNED.search(authorization):
        return (*found.groups(), request.header("x-amz-security-token"))
    return (authorization,)


class World:
    """The server, and what it says. `told` has what differs between environments."""

    def __init__(self):
        self.seen = []
        self.told = {}
        self.running = ExitStack()

    def __enter__(self):
        """Start it in the clear, behind TLS, and behind a certificate that signs itself."""
        folder = Path(self.running.enter_context(TemporaryDirectory()))
        authority, behind = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(behind)
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        trustme.CA().cert_pem.write_to_path(str(folder / "stranger.pem"))
        _, itself = own_certificate(folder, authority=True)
        self.server, tls, own = (
            self.running.enter_context(Server(answer=self.answer, context=context))
            for context in (None, behind, itself)
        )
        self.names = {
            "{world}": self.server.url,
            "{address}": self.server.url.removeprefix("http://"),
            "{localhost}": self.server.url.replace("127.0.0.1", "localhost"),
            "{tls}": tls.url,
            "{own}": own.url,
            "{certificates}": str(folder),
        }
        return self

    def __exit__(self, *_):
        self.running.close()

    def asked(self, told):
        """What was asked since the last time; repeats of the same count once."""
        seen, self.seen, self.told = self.seen, [], told
        self.server.requests.clear()
        return [event for number, event in enumerate(seen) if number == 0 or event != seen[number - 1]]

    def answer(self, request):
        """Play whoever is asked. Bedrock answers everybody."""
        absolute = request.target.startswith("http://")
        if request.method == "CONNECT":
            # Host names have no case.
            self.seen.append(("connect", request.target.lower(), request.header("proxy-authorization")))
            return Answer(403)
        path = re.sub(r"^http://[^/]*", "", request.path)
        by = (
            ("forwarded", request.target.split("/")[2].lower(), request.header("proxy-authorization"))
            if absolute
            else ()
        )
        for begin, play in (
            ("/latest", self.instance),
            ("/container", self.container),
            ("/federation", self.sso),
            ("/token", self.oidc),
            ("/v1/token", self.login),
            ("/model", self.bedrock),
        ):
            if path.startswith(begin):
                return self.said(play.__name__, play(request, path, by))
        if "/model/" in path:
            return self.bedrock(request, path, by)
        return self.said("sts", self.sts(request, by))

    def said(self, who, usual):
        """What one of them says in place of the usual: a status, headers and a body."""
        other = self.told.get("say", {}).get(who)
        return Answer(other[0], other[1], other[2].encode()) if other else usual

    def bedrock(self, request, path, by):
        self.seen.append(("bedrock", path, signer(request), *by))
        return json_answer(ANSWER)

    def instance(self, request, path, by):
        token = request.header("x-aws-ec2-metadata-token")
        self.seen.append(("instance", request.method, path, token, *by))
        status = self.told.get("instance", 404)
        if status == "silent":
            # As where the answer to the PUT dies on its way into a container: it may take one hop.
            return Answer(200, {}, chunks=(), hold=threading.Event()) if request.method == "PUT" else Answer(401)
        if request.method == "PUT":
            return Answer(
                status, {"x-aws-ec2-metadata-token-ttl-seconds": "21600"}, b"METADATA" if status == 200 else b""
            )
        if status == 404 and not self.told.get("version_1"):
            return Answer(404)
        if path.endswith("/security-credentials/"):
            return Answer(200, {}, b"instance-role")
        return json_answer(json.dumps(self.machine("ASIAINSTANCE")).encode())

    def container(self, request, path, by):
        self.seen.append(("container", path, request.header("authorization"), *by))
        return json_answer(json.dumps(self.machine("ASIACONTAINER")).encode())

    def machine(self, name):
        when = self.told.get("expires")
        return keys(name, when.get("machine") if isinstance(when, dict) else when)

    def sso(self, request, path, by):
        self.seen.append(
            ("sso", sorted(parse_qs(request.query).items()), request.header("x-amz-sso_bearer_token"), *by)
        )
        if self.told.get("sso") == "refuses":
            return json_answer(b'{"message":"no"}', 401, **{"x-amzn-errortype": "UnauthorizedException"})
        expiration = int((time.time() + 3600) * 1000)
        role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "sso-token", "expiration": expiration}
        return json_answer(json.dumps({"roleCredentials": role}).encode())

    def oidc(self, request, path, by):
        self.seen.append(("oidc", json.loads(request.body), *by))
        token = {"accessToken": "renewed", "expiresIn": 28800, "refreshToken": "r2"}
        return json_answer(json.dumps(token).encode())

    def login(self, request, path, by):
        self.seen.append(("login", path, json.loads(request.body), bool(request.header("dpop")), *by))
        if self.told.get("sso") == "refuses":
            error = b'{"error": "TOKEN_EXPIRED", "message": "no"}'
            return json_answer(error, 403, **{"x-amzn-errortype": "AccessDeniedException"})
        access = {"accessKeyId": "ASIALOGIN", "secretAccessKey": "s", "sessionToken": "login-token"}
        token = {"accessToken": access, "expiresIn": 3600, "refreshToken": "r2", "tokenType": "aws_sigv4"}
        return json_answer(json.dumps(token).encode())

    def sts(self, request, by):
        asked = {name: value[0] for name, value in parse_qs(request.body.decode()).items()}
        asked.pop("Version", None)
        name = asked.get("RoleSessionName", "")
        if name.partition("-")[0] in NAMED and not self.told.get("names"):
            asked["RoleSessionName"] = "its own"
        self.seen.append(("sts", sorted(asked.items()), signer(request), *by))
        later = self.told.get("sts") == "refuses later" and [event[0] for event in self.seen].count("sts") > 1
        if self.told.get("sts") == "refuses" or later:
            error = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            return Answer(403, {"Content-Type": "text/xml"}, error)
        action = asked.get("Action", "AssumeRole")
        role = asked.get("RoleArn", "").rpartition("/")[2]
        key = f"ASIA{role.upper()}"
        when = self.told.get("expires")
        expires = expiration(when.get(role) if isinstance(when, dict) else when)
        return Answer(
            200,
            {"Content-Type": "text/xml"},
            f"""<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
            <AssumedRoleUser><AssumedRoleId>AROA:b</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/r/b</Arn></AssumedRoleUser>
            <Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
            <SessionToken>{key}-token</SessionToken><Expiration>{expires}</Expiration></Credentials>
            </{action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>""".encode(),
        )


class Worker:
    """A child process with one of the clients."""

    def __init__(self, client):
        program = [sys.executable, str(Path(__file__).with_name("worker.py")), client]
        self.process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, environment, arguments, calls, user):
        """Make calls in an environment."""
        self.process.stdin.write(json.dumps([environment, arguments, calls, user]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """End it."""
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
