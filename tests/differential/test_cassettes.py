"""Real recorded traffic: outcrop asks what was asked, and reads from the bytes what botocore reads."""

from __future__ import annotations

import pytest

from tests.support.cassettes import recordings

from .comparison import assert_same, meaning


def dropped(name, value):
    """Real answers hold members that this botocore does not know; padding and nulls are no members."""
    return value is not None and name != "p"


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: recording.name)
def test_recorded_traffic(pairs, recording):
    pair = pairs("bedrock-runtime")
    pair.play(recording.answer)
    told, requests = [], []
    for client in (pair.ours, pair.theirs):
        answer = getattr(client, recording.method)(**recording.arguments)
        requests.append(meaning(pair.server.take()))
        if "stream" in answer:
            answer["stream"] = list(answer["stream"])
        told.append(answer)
    assert requests[0] == requests[1]
    assert requests[0]["body"] == recording.body
    assert_same(*told, dropped=dropped)


def test_the_recordings_are_all_there():
    assert len(recordings()) == 21
