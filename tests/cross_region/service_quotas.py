"""A Service Quotas that knows some values, and notes what it was asked."""

from __future__ import annotations

import json
from contextlib import contextmanager

from tests.support.server import Server, json_answer
from tests.support.waiting import PATIENCE


class ServiceQuotas:
    """Values by (Region, code), or by the code alone."""

    def __init__(self):
        self.applied, self.defaults, self.asked, self.denies = {}, {}, [], False
        self.hold = None
        self.server = Server(answer=self.answer)

    def place(self, key, region):
        """Whose quotas are asked for, by the key that signed and the Region that it signed for."""
        del key
        return (region,)

    def refuses(self, place):
        """Whether they may not be read."""
        del place
        return self.denies

    def answer(self, request):
        operation = request.header("X-Amz-Target").rpartition(".")[2]
        key, _, region, *_ = request.header("Authorization").partition("Credential=")[2].split("/")
        asked = json.loads(request.body)
        assert asked["ServiceCode"] == "bedrock"
        place, code = self.place(key, region), asked["QuotaCode"]
        self.asked.append((operation, *place, code))
        if self.hold is not None:
            self.hold.wait(PATIENCE)
        if self.refuses(place):
            body = json.dumps({"__type": "AccessDeniedException", "Message": "not authorized"}).encode()
            return json_answer(body, 400)
        known = self.applied if operation == "GetServiceQuota" else self.defaults
        value = known.get((*place, code), known.get(code))
        if value is None:
            return json_answer(json.dumps({"__type": "NoSuchResourceException", "Message": "no"}).encode(), 400)
        return json_answer(json.dumps({"Quota": {"QuotaCode": code, "Value": value}}).encode())

    @contextmanager
    def served(self, monkeypatch):
        """Where clients look for it."""
        with self.server as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", server.url)
            yield self
