"""Write the operation tables of the client crate from botocore's service models.

Run it with a botocore that has the shapes wanted (`make model`); the result is committed, so a build needs no botocore.
Only facts are taken: names, types, locations, required members, minimum sizes. Documentation, patterns and maxima stay
behind, because botocore does not check them either; enumerations go into a file of their own, which only type checkers
see.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

MODEL = Path(__file__).parent.parent / "src" / "client" / "model"
ENUMERATIONS = Path(__file__).with_name("enumerations.json")

SERVICES = ("bedrock-runtime", "bedrock")

SHAPE_FACTS = ("type", "payload", "union", "document", "eventstream", "event", "exception", "timestampFormat", "min")


def tables(service: str) -> dict[str, Any]:
    """The table of one service, as it is committed."""
    loader = Loader()
    model = loader.load_service_model(service, "service-2")
    pages = loader.load_service_model(service, "paginators-1")["pagination"]
    shapes: dict[str, Any] = {}
    operations = {name: operation(model, pages, name, shapes) for name in names(model)}
    exceptions = sorted(name for name, shape in model["shapes"].items() if shape.get("exception"))
    for name in exceptions:
        collect(model, name, shapes)
    return {
        "source": f"botocore {botocore.__version__}",
        "service": service,
        "service_id": model["metadata"]["serviceId"],
        "exceptions": exceptions,
        "operations": operations,
        "shapes": dict(sorted(shapes.items())),
    }


def names(model: dict[str, Any]) -> list[str]:
    """A service's operations: all but those that send a stream of events, which is a protocol of its own."""
    shapes = model["shapes"]

    def sends_events(row: dict[str, Any]) -> bool:
        members = shapes[row["input"]["shape"]]["members"].values()
        return any(shapes[member["shape"]].get("eventstream") for member in members)

    return sorted(name for name, row in model["operations"].items() if not sends_events(row))


def operation(model: dict[str, Any], pages: dict[str, Any], name: str, shapes: dict[str, Any]) -> dict[str, Any]:
    """One operation's row; the shapes it reaches are added to `shapes`."""
    source = model["operations"][name]
    row: dict[str, Any] = {"method": source["http"]["method"], "path": source["http"]["requestUri"]}
    for side in ("input", "output"):
        row[side] = source[side]["shape"]
        collect(model, row[side], shapes)
    row["errors"] = sorted(error["shape"] for error in source["errors"])
    if name in pages:
        row["paginator"] = pages[name]
    return row


def collect(model: dict[str, Any], name: str, shapes: dict[str, Any]) -> None:
    """Add a shape and all that it reaches."""
    if name in shapes:
        return
    source = model["shapes"][name]
    # 0 is a minimum, too, though it equals False.
    shape = {fact: source[fact] for fact in SHAPE_FACTS if source.get(fact) is not None and source[fact] is not False}
    shapes[name] = shape
    if "retryable" in source:
        shape["retryable"] = True
    if "error" in source:
        shape["status"] = source["error"].get("httpStatusCode")
    required = set(source.get("required", ()))
    if source["type"] == "structure":
        # A list, because AWS's order is the order of reports and of signatures.
        shape["members"] = []
        for member, traits in source["members"].items():
            row = {"name": member, "shape": traits["shape"]}
            row |= {fact: traits[fact] for fact in ("location", "locationName", "idempotencyToken") if fact in traits}
            if member in required:
                row["required"] = True
            shape["members"].append(row)
            collect(model, traits["shape"], shapes)
    for part in ("member", "key", "value"):
        if part in source:
            shape[part] = source[part]["shape"]
            collect(model, shape[part], shapes)


def enumerations(service: str) -> dict[str, list[str]]:
    """The values that AWS lists for strings of a service's operations, by shape."""
    shapes = Loader().load_service_model(service, "service-2")["shapes"]
    return {name: shapes[name]["enum"] for name in tables(service)["shapes"] if "enum" in shapes[name]}


def write(folder: Path) -> None:
    """Write the table of every service into `folder`, and the enumerations of all beside this script."""
    for service in SERVICES:
        text = json.dumps(tables(service), indent=1) + "\n"
        (folder / f"{service.replace('-', '_')}.json").write_text(text)
    listed = {service.replace("-", "_"): enumerations(service) for service in SERVICES}
    ENUMERATIONS.write_text(json.dumps(listed, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=MODEL)
    write(parser.parse_args().into)
