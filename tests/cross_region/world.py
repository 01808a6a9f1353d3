"""Bedrock as raw servers: one for each source Region that records what it got, and one for the lists of all of them."""

from __future__ import annotations

import json
import re
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import outcrop
from tests.support.frames import CONTENT_TYPE, event
from tests.support.server import Answer, Request, Server, json_answer
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

ANSWER = json.dumps(
    {
        "output": {"message": {"role": "assistant", "content": [{"text": "A rock."}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 1},
        # What an embedding model says.
        "embedding": [0.5],
        "inputTextTokenCount": 3,
    }
).encode()
STREAM = b"".join(
    event(kind, payload)
    for kind, payload in [
        ("messageStart", {"role": "assistant"}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "A rock."}}),
        ("contentBlockStop", {"contentBlockIndex": 0}),
        ("messageStop", {"stopReason": "end_turn"}),
        ("metadata", {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}, "metrics": {"latencyMs": 1}}),
    ]
)
ACCOUNT = "123456789012"
LISTS = ("SYSTEM_DEFINED", "APPLICATION", "models")


@dataclass
class Version:
    """What AWS's lists say at one time: for each source Region its profiles' destinations, and what is on demand."""

    profiles: dict[str, dict[str, tuple[str, ...]]]
    """Source Region → profile id → destinations; an empty name among them stands for anywhere."""
    models: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Source Region → models served there on demand."""

    def reach(self, region: str, model_id: str) -> set[str] | None:
        """Where data may get by a call; `None` where nobody knows."""
        if model_id in self.models.get(region, ()):
            return {region}
        destinations = self.profiles.get(region, {}).get(model_id)
        return None if not destinations or "" in destinations else {region, *destinations}


@dataclass
class Sent:
    """A request for a model, as a source Region got it."""

    region: str
    model_id: str
    body: bytes
    key: str = ""
    """The access key that signed it."""


class World:
    """The servers.

    Args:
        regions: The source Regions.
        version: What the lists say first.
    """

    def __init__(self, regions: list[str], version: Version) -> None:
        self.regions = regions
        self.versions = [version]
        self.sent: list[Sent] = []
        self.listed: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str, str, str]] = []
        """The same with the key that asked before it, and the project behind it."""
        self.delivered: dict[tuple[str, str, str], int] = {}
        """The newest version of each list that was answered with, by the key that asked, the Region and the list."""
        self.lists: dict[str, str] = {}
        """How lists fail, by source Region: `throttled`, `denied`, `garbage`, `late`."""
        self.failing: dict[str, str] = {}
        """How calls fail, by source Region or by what is called: the code of an error."""
        self.modes: dict[tuple[str, ...], str] = {}
        """The modes of data retention, by source Region and project; `""` is the account's, `denied` is no answer.
        With the access key before both, those of its account alone."""
        self.read: list[tuple[str, str]] = []
        """The modes that were asked for."""
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._servers = {region: Server(answer=self._answering(region)) for region in regions}
        self._control = Server(answer=self._list)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for server in (*self._servers.values(), self._control):
            self._stack.enter_context(server)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._stack.close()

    @property
    def version(self) -> int:
        """The number of what the lists say now."""
        return len(self.versions) - 1

    def connection(self, *sources: str) -> dict[str, Any]:
        """The arguments of a router that calls the servers of these source Regions."""
        return {
            "endpoint_url": self._control.url,
            "endpoint_urls": {region: self._servers[region].url for region in sources},
            "sources": list(sources),
            "aws_access_key_id": "AKIDEXAMPLE",
            "aws_secret_access_key": "secret",
            "shared": False,
        }

    def accounts(self, *places: tuple[str, str], weights: Sequence[float | None] = ()) -> dict[str, Any]:
        """The arguments of a router that calls each of these source Regions with the key named before it."""
        given = self.connection(*dict.fromkeys(region for _, region in places))
        plain = {"endpoint_url": given.pop("endpoint_url"), "aws_secret_access_key": given.pop("aws_secret_access_key")}
        del given["aws_access_key_id"]
        sessions = {
            key: outcrop.Session(region_name=places[0][1], aws_access_key_id=key, **plain)
            for key in dict.fromkeys(key for key, _ in places)
        }
        sources = [
            outcrop.Source(region, session=sessions[key], weight=weight)
            for (key, region), weight in zip_longest(places, weights[: len(places)])
        ]
        return {**given, "sources": sources}

    def change(self, version: Version) -> None:
        """From now on the lists say this."""
        self.versions.append(version)

    def release(self) -> None:
        """Let late lists come, and those that are asked for later at once."""
        with self._lock:
            self.lists = {region: how for region, how in self.lists.items() if how != "late"}
            self.released.set()
            self.released = threading.Event()

    def wait_for_lists(self, count: int) -> None:
        """Wait until so many lists have been asked for."""
        with self._lock:
            assert self._arrived.wait_for(lambda: len(self.listed) >= count, PATIENCE)

    def take(self) -> list[Sent]:
        """The requests since the last `take`."""
        with self._lock:
            sent, self.sent = self.sent, []
        return sent

    def _answering(self, region: str) -> Any:
        def answer(request: Request) -> Answer:
            key = _signed(request)[0]
            match = re.fullmatch(r"/model/([^/]+)/([a-z-]+)", request.path)
            if match is None:
                # Whatever it is, it has left. Lists are asked for with GET; a late one's port may be this one's now.
                with self._lock:
                    self.sent += [Sent(region, request.path, request.body, key)] if request.method == "POST" else []
                return json_answer(b'{"message": "no"}', 404)
            with self._lock:
                self.sent.append(Sent(region, unquote(match[1]), request.body, key))
            if code := self.failing.get(region) or self.failing.get(unquote(match[1])):
                status = {"ThrottlingException": 429, "ServiceUnavailableException": 503}.get(code, 403)
                text = json.dumps({"message": "with an explicit deny in a service control policy"})
                return json_answer(text.encode(), status, x_amzn_ErrorType=code)
            if match[2] == "converse-stream":
                head = {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": "r"}
                return Answer(200, head, STREAM)
            return json_answer(b'{"inputTokens": 3}' if match[2] == "count-tokens" else ANSWER)

        return answer

    def _mode(self, key: str, region: str, request: Request) -> Answer:
        project = request.path.removeprefix("/projects/") if request.path.startswith("/projects/") else ""
        with self._lock:
            self.read.append((region, project))
            mode = self.modes.get((key, region, project), self.modes.get((region, project), "inherit"))
        if mode == "denied":
            return json_answer(b'{"message": "no"}', 403, x_amzn_ErrorType="AccessDeniedException")
        told: dict[str, Any] = {"mode": mode}
        if project:
            arn = f"arn:aws:bedrock:{region}:{ACCOUNT}:project/{project}"
            told = {"id": project, "arn": arn, "name": "p", "status": "active", "dataRetention": told}
        return json_answer(json.dumps(told).encode())

    def _list(self, request: Request) -> Answer:
        key, region = _signed(request)
        if request.path == "/data-retention" or request.path.startswith("/projects/"):
            return self._mode(key, region, request)
        kind = "models" if request.path == "/foundation-models" else re.search(r"type=([A-Z_]+)", request.query)[1]
        with self._lock:
            number, how = self.version, self.lists.get(region)
            self.listed.append((region, kind))
            self.asked.append((key, region, kind, request.query.partition("projectIdentifier=")[2].partition("&")[0]))
            self._arrived.notify_all()
            released = self.released
        if how == "throttled":
            return json_answer(b'{"message": "slow down"}', 429, x_amzn_ErrorType="ThrottlingException")
        if how == "denied":
            return json_answer(b'{"message": "no"}', 403, x_amzn_ErrorType="AccessDeniedException")
        if how == "garbage":
            body = {"inferenceProfileSummaries": [{"inferenceProfileId": "us.x.y"}], "modelSummaries": [{}]}
            return json_answer(json.dumps(body).encode())
        answer = json_answer(json.dumps(self._listed(region, kind, self.versions[number])).encode())
        with self._lock:
            self.delivered[key, region, kind] = max(number, self.delivered.get((key, region, kind), -1))
        if how == "late":
            return Answer(answer.status, answer.headers, b"", chunks=(answer.body,), hold=released)
        return answer

    def _listed(self, region: str, kind: str, version: Version) -> dict[str, Any]:
        if kind == "models":
            return {
                "modelSummaries": [
                    {"modelId": name, "modelArn": _model(region, name), "inferenceTypesSupported": ["ON_DEMAND"]}
                    for name in version.models.get(region, ())
                ]
            }
        profiles = version.profiles.get(region, {}) if kind == "SYSTEM_DEFINED" else {}
        return {
            "inferenceProfileSummaries": [
                {
                    "inferenceProfileId": name,
                    "inferenceProfileArn": f"arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{name}",
                    "models": [{"modelArn": _model(where, name.partition(".")[2])} for where in destinations],
                    "status": "ACTIVE",
                    "type": kind,
                }
                for name, destinations in profiles.items()
            ]
        }


def _signed(request: Request) -> tuple[str, str]:
    """The access key and the Region of a signature."""
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", request.header("Authorization") or "")
    assert scope is not None
    return scope[1], scope[2]


def _model(region: str, name: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{name}"
