"""Build the documentation's site into dist/site: pages, notebooks with their outputs, and the reference.

The source is put together in target/site, where every page lies as it does in the repository, so that links between
them lead to pages of the site, too. Run by `make site`, which brings Sphinx.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "target" / "site"
TARGET = ROOT / "dist" / "site"

GUIDES = (
    "client",
    "cross_region",
    "langchain",
    "migration",
    "caching",
    "monitoring",
    "emulator",
    "testing",
    "performance",
)
SECTIONS = {
    "Start": ["README", "docs/first_steps_on_aws", "docs/troubleshooting", "docs/cookbook"],
    "Guides": [f"docs/{name}" for name in GUIDES],
    "Notebooks": ["notebooks/*"],
    "Reference": ["reference/*"],
    "Decisions": ["docs/dev/*"],
    "Project": ["CHANGELOG", "CONTRIBUTING", "SECURITY"],
}
REFERENCE = {
    "outcrop": "outcrop",
    "clients": "outcrop._clients",
    "cross_region": "outcrop.cross_region",
    "exceptions": "outcrop.exceptions",
    "langchain": "outcrop.langchain",
    "emulator": "outcrop.emulator",
    "pytest": "outcrop.pytest_plugin",
    "monitoring": "outcrop.monitoring",
    "telemetry": "outcrop.telemetry",
}
_LINK = re.compile(r"(\[[^\]]*\]\()([^)\s#]+)(#[^)\s]*)?\)")


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()})


def assemble() -> None:
    """Put the source together."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    for page in tracked("*.md"):
        if page.relative_to(ROOT).parts[0] in {"docs", page.name}:
            write(page.relative_to(ROOT), linked(page, page.read_text()))
    for picture in tracked("docs/*.svg", "docs/*.png"):
        target = SOURCE / picture.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, target)
    for notebook in tracked("notebooks/*.ipynb"):
        convert(notebook)
    for name, module in REFERENCE.items():
        write(Path("reference") / f"{name}.md", reference(name, module))
    index = ["# outcrop", "", "A native Amazon Bedrock client, made for cross-Region inference.", ""]
    for section, pages in SECTIONS.items():
        index += ["```{toctree}", f":caption: {section}", ":maxdepth: 1", ":glob:", "", *pages, "```", ""]
    write(Path("index.md"), "\n".join(index))
    write(Path("conf.py"), CONF)


def linked(page: Path, text: str) -> str:
    """The text, with links that lead inside the site, or say what they name where they lead to no page."""

    def link(match: re.Match[str]) -> str:
        target = (page.parent / match[2]).resolve()
        if "://" in match[2] or match[2].startswith("mailto:"):
            return match[0]
        if target.suffix == ".ipynb":
            return f"{match[1]}{match[2].removesuffix('.ipynb')}.md)"
        if target.suffix in {".md", ".svg", ".png"}:
            return match[0]
        # Sources and the licence are in the repository, not on the site.
        return f"{match[1][1:-2]} (`{target.relative_to(ROOT)}`)"

    parts = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    return "".join(part if part.startswith("```") else _LINK.sub(link, part) for part in parts)


def convert(notebook: Path) -> None:
    """A notebook as a page, with the outputs that are kept in it."""
    from nbconvert import MarkdownExporter

    text, resources = MarkdownExporter().from_filename(str(notebook))
    folder = SOURCE / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    # Pictures of several notebooks have the same names.
    for name, picture in resources["outputs"].items():
        (folder / f"{notebook.stem}_{name}").write_bytes(picture)
        text = text.replace(f"]({name})", f"]({notebook.stem}_{name})")
    # A notebook's styles are for the notebook.
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    (folder / f"{notebook.stem}.md").write_text(linked(notebook, text))


def reference(name: str, module: str) -> str:
    """A page of the reference."""
    title = {"outcrop": "outcrop", "clients": "The clients", "pytest": "pytest fixtures"}.get(name, module)
    options = [":members:", ":imported-members:", ":inherited-members: dict, Exception, BaseModel, Sequence, tuple"]
    if name == "clients":
        options = [
            ":members: BedrockClient, BedrockRuntimeClient, AsyncBedrockClient, AsyncBedrockRuntimeClient, Client"
        ]
    if name in {"exceptions", "pytest"}:
        options = [":members:"]
    if name == "langchain":
        options = [":members: ChatBedrock, ChatBedrockConverse, BedrockEmbeddings, BedrockPromptCachingMiddleware"]
    if name == "outcrop":
        members = "Cache, Credentials, Retries, Session, Timeouts, add_cache_points, async_client, client, repair"
        options = [f":members: {members}", ":imported-members:"]
    lines = "\n".join(options)
    return (
        f"# {title}\n\n```{{eval-rst}}\n.. automodule:: {module}\n   {lines.replace(chr(10), chr(10) + '   ')}\n```\n"
    )


def write(path: Path, text: str) -> None:
    """Write a file of the source."""
    target = SOURCE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def summary() -> str:
    """llms.txt: what there is, a line a page, for readers that are programs."""
    lines = ["# outcrop", "", "> A native Amazon Bedrock client for Python, made for cross-Region inference.", ""]
    for section, pages in SECTIONS.items():
        lines += [f"## {section}", ""]
        for pattern in pages:
            for page in sorted(SOURCE.glob(f"{pattern}.md")):
                path = page.relative_to(SOURCE)
                title = page.read_text().lstrip().partition("\n")[0].lstrip("# ")
                lines.append(f"- [{title}](_sources/{path}.txt)")
        lines.append("")
    return "\n".join(lines)


CONF = r'''
import inspect  # before any client: its methods have signatures then
import re
import textwrap

import outcrop


def rewritten(app, what, name, obj, options, lines):
    """Docstrings are Markdown in the small: fences, and one backtick for code."""
    text = textwrap.dedent("\n".join(lines))
    fence = r"^( *)```(\w*)\n(.*?)^ *```$"
    blocks = []

    def block(match):
        code = textwrap.indent(textwrap.dedent(match[3]), match[1] + "   ")
        blocks.append(f"{match[1]}.. code-block:: {match[2] or 'text'}\n\n{code}")
        return f"\0{len(blocks) - 1}\0"

    text = re.sub(fence, block, text, flags=re.MULTILINE | re.DOTALL)
    if what == "module" and not blocks:
        # A drawing, or an example, stands indented.
        text = re.sub(r"\n\n((?:    .*(?:\n|$)|\n)+)", lambda it: "\n\n.. code-block:: text\n\n" + it[1] + "\n", text)
    if not text.startswith(".. code") and "code-block:: text" not in text:
        text = re.sub(r"(?<![`\w:])`([^`]+)`(?![`\w])", lambda it: "``" + " ".join(it[1].split()) + "``", text)
    text = re.sub("\0(\\d+)\0", lambda it: blocks[int(it[1])], text)
    lines[:] = text.splitlines()


def setup(app):
    app.connect("autodoc-process-docstring", rewritten, priority=400)


project = "outcrop"
copyright = "the authors of outcrop"
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
autodoc_default_options = {"show-inheritance": False}
python_maximum_signature_line_length = 100
napoleon_numpy_docstring = False
exclude_patterns = []
suppress_warnings = [
    # Docstrings speak of types as readers do, and of members that only pages of other projects have.
    "ref.python", "ref.class",
    # `python no-run` marks examples that a test passes over; a notebook's page begins below its title.
    "misc.highlighting_failure", "myst.header",
    # A class that two modules show is described twice.
    "app.add_node",
]
'''


def main() -> int:
    """Build the site; a warning is an error."""
    assemble()
    shutil.rmtree(TARGET, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", "-j", "auto"]
    done = subprocess.run([*command, str(SOURCE), str(TARGET)], check=False)
    if done.returncode == 0:
        (TARGET / "llms.txt").write_text(summary())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
