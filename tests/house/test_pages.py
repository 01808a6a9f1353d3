"""Every page's examples run, its commands exist and its links lead somewhere."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import subprocess
from urllib.parse import unquote

import pytest

from outcrop.cli import made_parser

from .documents import ROOT, blocks, name, pages

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ALONE = {"README.md", "cookbook.md"}
"""Their examples run each alone; test_readme.py sees to them."""
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def runnable(page):
    return [block for block in blocks(page) if block.language == "python" and "no-run" not in block.options]


@pytest.mark.filterwarnings("ignore:The function `loads?` is in beta")  # it has been for years
@pytest.mark.parametrize("page", [page for page in pages() if runnable(page) and page.name not in ALONE], ids=name)
async def test_the_examples_run(page, example_environment):
    """From top to bottom in one namespace, as a reader would type them; `await` works as in a notebook."""
    for block in runnable(page):
        source = "\n" * block.line + block.code
        code = compile(source, str(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        waiting = eval(code, example_environment)
        if inspect.iscoroutine(waiting):
            await waiting


@pytest.mark.parametrize("page", pages(), ids=name)
def test_the_links_lead_somewhere(page):
    for target in _LINK.findall(re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)):
        path, _, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        file = (page.parent / unquote(path)).resolve() if path else page
        assert file.exists(), f"{target}: no such file"
        if anchor and file.suffix == ".md":
            assert anchor in {slug(heading) for heading in _HEADING.findall(file.read_text())}, f"{target}: no heading"


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands():
    for page in pages():
        for block in blocks(page):
            if block.language in {"sh", "console"}:
                for line in block.code.splitlines():
                    command = line.removeprefix("$ ").split("#")[0].strip()
                    if command.startswith(("make", "outcrop")):
                        yield pytest.param(command, id=f"{name(page)}: {command}")


@pytest.mark.parametrize("command", list(dict.fromkeys(commands())))
def test_the_commands_exist(command):
    """A verb of the Makefile can be planned; outcrop's command has the options and words that are written."""
    words = shlex.split(command)
    if words[0] == "make":
        done = subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    else:
        end = next((index for index, word in enumerate(words) if word in {"|", ">", "&"}), len(words))
        made_parser()[0].parse_args(words[1:end])
