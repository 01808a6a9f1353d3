"""Makes `shapes.json`, the input shapes that the emulator checks requests against, out of botocore's service models.

Only what a check needs is kept: where a member goes, what is required, lengths, bounds, enumerations and patterns.

    python build.py shapes.json        # with botocore installed
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import botocore
from botocore.loaders import Loader

sys.path.append(str(Path(__file__).parents[3] / "tools"))
from model import SERVICES
from model import names as every_operation

ANSWERED = {
    "bedrock": [
        "ArchiveProject",
        "CreateGuardrail",
        "CreateGuardrailVersion",
        "CreateInferenceProfile",
        "CreateModelInvocationJob",
        "CreateProject",
        "CreatePromptRouter",
        "DeleteGuardrail",
        "DeleteInferenceProfile",
        "DeleteModelInvocationLoggingConfiguration",
        "DeletePromptRouter",
        "GetAccountDataRetention",
        "GetFoundationModel",
        "GetFoundationModelAvailability",
        "GetGuardrail",
        "GetInferenceProfile",
        "GetModelInvocationJob",
        "GetModelInvocationLoggingConfiguration",
        "GetProject",
        "GetPromptRouter",
        "ListFoundationModels",
        "ListGuardrails",
        "ListInferenceProfiles",
        "ListModelInvocationJobs",
        "ListProjects",
        "ListPromptRouters",
        "ListTagsForResource",
        "PutAccountDataRetention",
        "PutModelInvocationLoggingConfiguration",
        "StopModelInvocationJob",
        "TagResource",
        "UntagResource",
        "UpdateGuardrail",
        "UpdateProject",
    ],
}
"""What the local Bedrock answers of a service, where that is not all of it; it refuses the rest by name."""
LOCATIONS = {"uri": "uri", "querystring": "query", "header": "header"}


def compact_shape(shape: dict) -> dict:
    """One shape with the names that `src/shapes/model.rs` reads."""
    kind = "document" if shape.get("document") else "union" if shape.get("union") else shape["type"]
    compact: dict = {"type": kind}
    for key in ("min", "max", "enum", "pattern"):
        if key in shape:
            compact[key] = shape[key]
    if shape.get("sensitive"):
        compact["sensitive"] = True
    if kind in {"structure", "union"}:
        compact["members"] = {name: compact_member(name, member) for name, member in shape["members"].items()}
        if shape.get("required"):
            compact["required"] = shape["required"]
        if shape.get("payload"):
            compact["payload"] = shape["payload"]
    elif kind == "list":
        compact["member"] = shape["member"]["shape"]
    elif kind == "map":
        compact["key"] = shape["key"]["shape"]
        compact["value"] = shape["value"]["shape"]
    return compact


def compact_member(name: str, member: dict) -> dict:
    """One member: its shape, and where in the request it stands if not in the body."""
    entry = {"shape": member["shape"]}
    if member.get("location") in LOCATIONS:
        entry["in"] = LOCATIONS[member["location"]]
        entry["name"] = member.get("locationName", name)
    return entry


def build() -> dict:
    """All operations with their input shapes, and the status of every modeled error."""
    loader = Loader()
    services: dict = {}
    for service in SERVICES:
        model = loader.load_service_model(service, "service-2")
        everything = every_operation(model)
        names = ANSWERED.get(service, everything)
        operations, shapes, errors = {}, {}, {}
        refused = {name: row["http"] for name, row in sorted(model["operations"].items()) if name not in names}
        pending = []
        for name in names:
            operation = model["operations"][name]
            operations[name] = operation.get("input", {}).get("shape")
            pending.append(operations[name])
            for error in operation.get("errors", []):
                errors[error["shape"]] = model["shapes"][error["shape"]]["error"]["httpStatusCode"]
        while pending:
            name = pending.pop()
            if name is None or name in shapes:
                continue
            shapes[name] = compact_shape(model["shapes"][name])
            pending += [member["shape"] for member in shapes[name].get("members", {}).values()]
            pending += [shapes[name][key] for key in ("member", "key", "value") if key in shapes[name]]
        services[service] = {
            "operations": operations,
            "refused": {name: [http["method"], http["requestUri"]] for name, http in refused.items()},
            "errors": errors,
            "shapes": dict(sorted(shapes.items())),
        }
    source = f"botocore {botocore.__version__} (Apache-2.0), by src/emulator/shapes/build.py"
    return {"source": source, "services": services}


def main() -> None:
    """Writes the shapes to the file named first."""
    Path(sys.argv[1]).write_text(json.dumps(build(), separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
