"""Where a package of an extra is missing, one sentence says which extra brings it; and extras hold what guides use."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from .documents import ROOT, blocks, pages, tracked

WITHOUT = """
import sys
from importlib.machinery import PathFinder

missing = set(sys.argv[1].split(","))

class Found:
    # Some look up their own version as they are imported.
    find_distributions = PathFinder.find_distributions

    @staticmethod
    def find_spec(name, path=None, target=None):
        # Nothing is found, as in an environment that does not have it.
        return None if name.partition(".")[0] in missing else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Found
"""

EVERYTHING = """
import importlib, json, pkgutil
import outcrop

said = {}

def walk(package):
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        # The parts of telemetry that need OpenTelemetry are asked for by `instrument`, which says so.
        if found.name.rpartition(".")[2] in {"__main__", "_native"} or found.name.startswith("outcrop.telemetry._"):
            continue
        try:
            module = importlib.import_module(found.name)
            for name in getattr(module, "__all__", ()):
                getattr(module, name)
        except ImportError as error:
            said[found.name] = str(error)
        else:
            if found.ispkg:
                walk(module)

walk(outcrop)
print(json.dumps(said))
"""

LOCAL = """
from outcrop.emulator import Emulator
bedrock = Emulator().start()
runtime = bedrock.client("bedrock-runtime", region_name="us-east-1")
call = {"modelId": "us.amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "a"}]}]}
runtime.converse(**call)
"""
REPORT = "import outcrop.monitoring.report as r; report = r.RoutingReport.__new__(r.RoutingReport)\n"
CALLS = {
    "runtime.metrics().to_pandas()": ("pandas", LOCAL),
    "report.to_pandas()": ("pandas", REPORT),
    'outcrop.profiles("amazon.nova-lite-v1:0", sources="us-east-1", catalogue="snapshot").to_pandas()': ("pandas", ""),
    'outcrop.benchmark(call["modelId"], calls=2, yes=True, **bedrock.connection).plot()': ("matplotlib", LOCAL),
    "report.plot()": ("matplotlib", REPORT),
    'list(runtime.batch("converse", [call], progress=True))': ("tqdm", LOCAL),
    "import outcrop.telemetry; outcrop.telemetry.instrument()": ("opentelemetry", ""),
    "outcrop.monitoring.enable(outcrop.Session(**bedrock.connection), dry_run=True)": ("boto3", LOCAL),
    'from outcrop.cli import main; sys.exit(main(["monitor", "report", "--source", "us-east-1"]))': ("boto3", ""),
    "import outcrop.boto3": ("boto3", ""),
    'import outcrop.ray; outcrop.ray.Converse(runtime, prompt="q")': ("ray", LOCAL),
    'import outcrop.spark; outcrop.spark.Converse(runtime, prompt="q").schema(None)': ("pyspark", LOCAL),
    "from outcrop.langchain import ChatBedrockConverse": ("langchain_core", ""),
    "from outcrop.langchain import BedrockPromptCachingMiddleware": ("langchain", ""),
}
_NOT_HERE = {
    "outcrop.langchain.apis.openai": "langchain_openai",
    "outcrop.langchain.apis.anthropic": "langchain_anthropic",
}
"""What needs packages that this environment never has."""

TOGETHER = {"boto3": "boto3,botocore", "langchain": "langchain,langgraph"}
"""Packages that come and go with another."""


def run(package, code):
    missing = TOGETHER.get(package, package)
    command = [sys.executable, "-c", f"{WITHOUT}\nimport outcrop\n{code}", missing]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def extras():
    """What each extra brings, those that it names included."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    brought = {extra: {re.match(r"[\w.-]+", row)[0] for row in rows} for extra, rows in table.items()}
    inner = {
        extra: re.findall(r"[\w-]+", " ".join(re.findall(r"outcrop\[(.*?)\]", " ".join(rows))))
        for extra, rows in table.items()
    }
    for _ in table:
        for extra, names in brought.items():
            names.update(*(brought[name] for name in inner[extra]))
    return brought


def says_which_extra(text, package):
    """Whether a sentence names an extra that brings the package."""
    named = re.search(r"pip install 'outcrop\[([\w-]+)\]'", text)
    assert named, text
    assert {"opentelemetry": "opentelemetry-api"}.get(package, package.replace("_", "-")) in extras()[named[1]], text
    assert len(text) < 250, text


@pytest.mark.parametrize(
    "package", ["boto3", "langchain_core", "langchain", "pandas", "matplotlib", "tqdm", "opentelemetry", "rich"]
)
def test_a_module_that_needs_it_says_so(package):
    done = run(package, EVERYTHING)
    assert done.returncode == 0, done.stderr
    for name, text in json.loads(done.stdout).items():
        says_which_extra(text, _NOT_HERE.get(name, package))


@pytest.mark.parametrize("code", CALLS)
def test_a_call_that_needs_it_says_so(code):
    package, before = CALLS[code]
    done = run(package, f"{before}\n{code}")
    assert done.returncode != 0
    [last] = done.stderr.strip().splitlines()[-1:]
    assert last.startswith(
        ("ImportError: ", "outcrop.monitoring.errors.MissingExtraError: ", "outcrop monitor report: ")
    ), done.stderr
    says_which_extra(last, package)


def imported(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def used():
    """What the guides and the notebooks import."""
    for page in pages():
        for block in blocks(page):
            # Those of other clients, frameworks and engines run in environments of their own.
            elsewhere = any(word.startswith(("apis", "frameworks", "engines")) for word in block.options)
            if block.language == "python" and not elsewhere:
                # `await` outside of a function, as in a notebook.
                inner = "".join(f"    {line}" for line in block.code.splitlines(keepends=True))
                yield from imported(f"async def cell():\n{inner}\n    pass\n")
    for notebook in tracked("notebooks/*.ipynb"):
        for cell in json.loads(notebook.read_text())["cells"]:
            if cell["cell_type"] == "code":
                yield from imported("".join(cell["source"]))


def test_extras_hold_what_the_guides_use():
    foreign = {name for name in used() if name not in sys.stdlib_module_names and name != "outcrop"}
    assert {"langchain", "langgraph", "moto", "matplotlib"} <= foreign
    # botocore comes with boto3, pydantic with langchain-core; OpenTelemetry's packages share a name.
    distributions = {"botocore": "boto3", "pydantic": "langchain-core", "opentelemetry": "opentelemetry-sdk"}
    needed = {distributions.get(name, name.replace("_", "-")) for name in foreign}
    assert needed - extras()["notebooks"] == set()
    assert extras()["all"] <= extras()["notebooks"]
    assert (ROOT / "README.md").read_text().count("`notebooks`") == 1
