"""Build the documentation's site into dist/site: pages, notebooks with their outputs, and the reference.

The source is put together in target/site, where every page lies as it does in the repository, so that links between
them lead to pages of the site, too. Run by `make site`, which brings Sphinx.
"""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import reference

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "target" / "site"
TARGET = ROOT / "dist" / "site"
TREES = ROOT / "target" / "site-trees"
TEXTS = ROOT / "target" / "site-texts"
SUMMARY = "A native Amazon Bedrock client for Python, made for cross-Region inference."

GUIDES = (
    "client",
    "cross_region",
    "langchain",
    "migration",
    "caching",
    "monitoring",
    "emulator",
    "testing",
    "frameworks",
    "batch_jobs",
    "scale",
    "openai_and_anthropic",
    "performance",
)
SECTIONS = {
    "Start": ["README", "docs/first_steps_on_aws", "docs/troubleshooting", "docs/cookbook"],
    "Guides": [f"docs/{name}" for name in GUIDES],
    "Notebooks": ["notebooks/*"],
    "Reference": [f"reference/{name}" for name in reference.pages()],
    "Decisions": ["docs/dev/*"],
    "Project": ["CHANGELOG", "CONTRIBUTING", "SECURITY"],
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
    for name, text in reference.pages().items():
        write(Path("reference") / f"{name}.md", text)
    write(Path("index.md"), contents())
    shutil.copy(ROOT / "tools" / "sphinx_conf.py", SOURCE / "conf.py")


def listed() -> dict[str, list[Path]]:
    """The pages of each section, in order."""
    return {
        section: [page for pattern in patterns for page in sorted(SOURCE.glob(f"{pattern}.md"))]
        for section, patterns in SECTIONS.items()
    }


def contents() -> str:
    """The first page: every page with a sentence, and the order in which the side shows them."""
    lines = ["# outcrop", "", SUMMARY, ""]
    for section, pages in listed().items():
        lines += [f"## {section}", ""]
        for page in pages:
            path = page.relative_to(SOURCE)
            title, sentence = about(page)
            lines.append(f"- [{title}]({path})" + (f": {sentence}" if sentence else ""))
        entries = [f"{about(page)[0]} <{page.relative_to(SOURCE).with_suffix('')}>" for page in pages]
        lines += ["", "```{toctree}", f":caption: {section}", ":hidden:", "", *entries, "```", ""]
    return "\n".join(lines)


def about(page: Path) -> tuple[str, str]:
    """A page's title, and the sentence that it begins with."""
    text = page.read_text()
    path = page.relative_to(SOURCE)
    title = "Introduction" if path.name == "README.md" else text.lstrip().partition("\n")[0].lstrip("# ")
    module = re.search(r"^\.\. automodule:: (\S+)", text, re.MULTILINE)
    if path.parts[0] == "reference" and module is not None:
        text = f"\n{importlib.import_module(module[1]).__doc__}"
    paragraphs = [part for part in text.split("\n\n") if not part.lstrip().startswith(("#", "```", "|", "-", ">>>"))]
    prose = " ".join(" ".join(paragraphs[:1]).split())
    prose = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", lambda it: it[1] or "", prose)
    sentence = re.split(r"(?<=[.:])\s", prose)[0].rstrip(".:")
    return title, sentence


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
        if target == ROOT / "notebooks":
            return f"{match[1]}{'../' * (len(page.relative_to(ROOT).parts) - 1)}index.md#notebooks)"
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
    # Its tables look as the site's own do: with lines and room between columns, and scrolled where a screen is narrow.
    text = re.sub("<table[^>]*>", '<div class="table-wrapper"><table class="docutils">', text)
    text = text.replace("</table>", "</table></div>")
    (folder / f"{notebook.stem}.md").write_text(linked(notebook, text))


def write(path: Path, text: str) -> None:
    """Write a file of the source."""
    target = SOURCE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def summary() -> str:
    """llms.txt: what there is, a line a page, for readers that are programs."""
    lines = ["# outcrop", "", f"> {SUMMARY}", ""]
    for section, pages in listed().items():
        lines += [f"## {section}", ""]
        for page in pages:
            path = page.relative_to(SOURCE)
            # Pages of the reference are made of docstrings; what they say stands in their texts alone.
            link = path.with_suffix(".txt") if path.parts[0] == "reference" else f"_sources/{path}.txt"
            title, sentence = about(page)
            lines.append(f"- [{title}]({link})" + (f": {sentence}" if sentence else ""))
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Build the site; a warning is an error."""
    assemble()
    shutil.rmtree(TARGET, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto", "-d", str(TREES)]
    for kind, folder in (("html", TARGET), ("text", TEXTS)):
        done = subprocess.run([*command, "-b", kind, str(SOURCE), str(folder)], cwd=ROOT, check=False)
        if done.returncode != 0:
            return done.returncode
    for text in (TEXTS / "reference").glob("*.txt"):
        shutil.copy(text, TARGET / "reference" / text.name)
    (TARGET / "llms.txt").write_text(summary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
