"""What somebody sees who looks around in IPython or Jupyter: names, arguments, lines about them, examples."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys

import pytest

import outcrop
from outcrop import _settings

COMPLETIONS = """
import json, sys
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
import outcrop

shell = InteractiveShell.instance()
session = outcrop.Session(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
shell.user_ns.update(outcrop=outcrop, session=session, client=session.client("bedrock-runtime"))
found = {}
for jedi in (False, True):
    shell.Completer.use_jedi = jedi
    for text in json.loads(sys.argv[1]):
        with provisionalcompleter():
            rows = [it.text.lstrip(".") for it in shell.Completer.completions(text, len(text))]
        found.setdefault(text, []).append(rows)
print(json.dumps(found))
"""
CONNECTING = ["outcrop.client(", "outcrop.async_client(", "outcrop.Session(", "session.client(", "outcrop.CrossRegion("]
CONNECTING += [
    "outcrop.plan(",
    "outcrop.profiles(",
    "outcrop.resolve(",
    "outcrop.async_profiles(",
    "outcrop.benchmark(",
]


@pytest.fixture(scope="module")
def offered(tmp_path_factory):
    """What Tab offers behind each text, without jedi and with it."""
    texts = ["outcrop.", "client.", "client.converse(", *CONNECTING]
    command = [sys.executable, "-W", "ignore", "-c", COMPLETIONS, json.dumps(texts)]
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = {**os.environ, "IPYTHONDIR": str(folder), "HOME": str(folder)}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=environment,
    )
    return json.loads(done.stdout)


def test_tab_offers_every_public_name(offered):
    public = set(outcrop.__all__) - {"__version__"}
    for names in offered["outcrop."]:
        assert public == {name for name in names if not name.startswith("_")}


def test_tab_offers_every_argument_of_a_call(offered):
    arguments = {f"{name}=" for name in outcrop.types.ConverseRequest.__annotations__}
    for names in offered["client.converse("]:
        assert arguments <= set(names)


@pytest.mark.parametrize("text", CONNECTING)
def test_tab_offers_every_connection_argument(offered, text):
    for names in offered[text]:
        assert {f"{name}=" for name in _settings.NAMES} <= set(names)


def public():
    for name in outcrop.__all__:
        found = getattr(outcrop, name)
        if callable(found):
            yield pytest.param(found, id=name)


@pytest.mark.parametrize("found", list(public()))
def test_each_public_name_has_an_example_and_a_line_for_each_argument(found):
    document = inspect.getdoc(found)
    assert "Example:\n    >>> " in document
    if inspect.isclass(found) and (issubclass(found, (dict, tuple)) or found.__name__.endswith("Client")):
        return
    session = inspect.getdoc(outcrop.Session)
    for name, argument in inspect.signature(found).parameters.items():
        assert argument.kind is not inspect.Parameter.VAR_KEYWORD
        assert f"\n    {name}: " in document or f"\n    {name}: " in session, name


@pytest.mark.parametrize("kind", [outcrop.BedrockRuntimeClient, outcrop.AsyncBedrockRuntimeClient, outcrop.CrossRegion])
def test_a_call_names_each_argument_with_its_type_and_a_line(kind):
    shown = str(inspect.signature(kind.converse))
    assert "Ellipsis" not in shown
    document = inspect.getdoc(kind.converse)
    for name in outcrop.types.ConverseRequest.__annotations__:
        assert f"{name}: '" in shown
        [line] = [line.strip() for line in document.splitlines() if line.startswith(f"    {name} (")]
        # More than whether it has to be there.
        assert len(line.partition(": ")[2].removeprefix("Required.").removeprefix("Optional.").strip()) > 10
