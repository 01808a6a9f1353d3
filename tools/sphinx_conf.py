"""Sphinx's settings for the site; `tools/documentation.py` puts this file beside the pages, as conf.py."""

from __future__ import annotations

import importlib
import inspect  # noqa: F401  -- before any client is made: its methods have signatures then
import re
import textwrap
from typing import Any

import outcrop
from outcrop import types
from tools.reference import linked

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"\n\n((?:    .*(?:\n|$)|\n)+)")
_CODE = re.compile(r"(?<![`\w:])`([^`]+)`(?![`\w])")


def rewritten(_app: Any, what: str, *rest: Any) -> None:
    """Docstrings are Markdown in the small: fences, and one backtick for code."""
    lines: list[str] = rest[-1]
    text = textwrap.dedent("\n".join(lines))
    blocks: list[str] = []

    def block(language: str, code: str, margin: str = "") -> str:
        code = textwrap.indent(textwrap.dedent(code), f"{margin}   ")
        blocks.append(f"{margin}.. code-block:: {language}\n\n{code}")
        return f"\0{len(blocks) - 1}\0"

    text = _FENCE.sub(lambda it: block(it[2] or "text", it[3], it[1]), text)
    if what == "module":
        # A drawing, or an example, stands indented.
        text = _INDENTED.sub(lambda it: f"\n\n{block(_language(it[1]), it[1])}\n\n", text)
    text = _CODE.sub(lambda it: f"``{' '.join(it[1].split())}``", text)
    lines[:] = re.sub("\0(\\d+)\0", lambda it: blocks[int(it[1])], text).splitlines()


def _language(code: str) -> str:
    first = code.lstrip()
    if first.startswith(">>>"):
        return "pycon"
    return "python" if first.startswith(("import ", "from ")) else "text"


def signed(_app: Any, what: str, name: str, *_rest: Any) -> tuple[str, str] | None:
    """Signatures as type checkers see them; nobody but outcrop makes a client."""
    if what == "class" and name.endswith("Client"):
        return "()", ""
    owner, _, method = name.rpartition(".")
    operation = "".join(part.title() for part in method.split("_"))
    routed = owner.endswith("CrossRegion")
    request = getattr(types, f"{'Routed' * routed}{operation}Request", None)
    if what != "method" or request is None:
        return None
    home = importlib.import_module(request.__module__)
    rows = [
        (key, linked(getattr(kind, "__forward_arg__", kind), home)) for key, kind in request.__annotations__.items()
    ]
    given = [f"{key}: {kind}" for key, kind in rows if not kind.startswith("NotRequired[")]
    left = [f"{key}: {kind[len('NotRequired[') : -1]} = ..." for key, kind in rows if kind.startswith("NotRequired[")]
    streamed = f"Async{operation}Response"
    answer = streamed if ".Async" in owner and hasattr(types, streamed) else f"{operation}Response"
    return f"(*, {', '.join([*given, *left])})" if rows else "()", linked(answer, home)


def setup(app: Any) -> None:
    """Take part in what autodoc does."""
    app.connect("autodoc-process-docstring", rewritten, priority=400)
    app.connect("autodoc-process-signature", signed)


project = "outcrop"
copyright = "the authors of outcrop"  # noqa: A001  -- Sphinx's name for it
release = version = outcrop.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"outcrop {release}"
html_copy_source = True
html_show_sphinx = False
myst_enable_extensions = ["tasklist"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
autodoc_typehints = "signature"
autodoc_member_order = "alphabetical"
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 100
napoleon_numpy_docstring = False
suppress_warnings = [
    # Docstrings speak of types as readers do, and of members that only pages of other projects have.
    "ref.python",
    "ref.class",
    # `python no-run` marks examples that a test passes over; a notebook's page begins below its title.
    "misc.highlighting_failure",
    "myst.header",
]
