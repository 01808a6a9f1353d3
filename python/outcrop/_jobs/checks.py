"""What jobs need of the account, asked before anything is uploaded: the role, its trust, its rights, the buckets."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote

from outcrop._jobs import bucket_keys, permissions
from outcrop._jobs.storage import reason_of
from outcrop.cross_region._tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from outcrop._jobs.setup import Setup
    from outcrop._jobs.targets import Target

Verdict = Literal["ok", "missing", "not asked"]


class Check(NamedTuple):
    """What was asked, and what came of it.

    Attributes:
        subject: What it is about.
        verdict: `ok`, `missing`, or `not asked` where AWS could not be asked.
        reason: Why not.
        statement: The statement that is missing.
    """

    subject: str
    verdict: Verdict
    reason: str = ""
    statement: Mapping[str, Any] | None = None


class Checks(Table[Check]):
    """A sequence of `Check` that shows itself as a table."""

    columns = ("subject", "verdict", "reason", "statement")

    def cells(self, row: Check) -> tuple[str, ...]:
        """What a check shows."""
        return (row.subject, row.verdict, row.reason, "" if row.statement is None else json.dumps(row.statement))

    def record(self, row: Check) -> dict[str, Any]:
        """A check as plain data."""
        return row._asdict()

    @property
    def missing(self) -> list[Check]:
        """What lacks."""
        return [row for row in self if row.verdict == "missing"]

    def require(self) -> None:
        """See to it that nothing is known to lack.

        Raises:
            PermissionError: Something does; it tells the statements.
        """
        if not self.missing:
            return
        told = [
            f"{row.subject}: {row.reason}" + (f"; add {json.dumps(row.statement)}" if row.statement is not None else "")
            for row in self.missing
        ]
        raise PermissionError("batch jobs would fail, so nothing was uploaded: " + "; ".join(told))


def of(setup: Setup, targets: Sequence[Target], iam: Any) -> Checks:
    """What is known of the role, its trust and rights, and the buckets.

    Args:
        setup: Where jobs are made.
        targets: The Regions that they may be made in.
        iam: A client of `iam`, or nothing.
    """
    rows: list[Check] = []
    for role in dict.fromkeys(setup.making.roles[target.region] for target in targets):
        of_role = [target for target in targets if setup.making.roles[target.region] == role]
        rows += _of_role(setup, role, of_role, iam)
    return Checks(rows + [check for target in targets for check in _of_buckets(setup, target)])


def _of_role(setup: Setup, role: str, targets: Sequence[Target], iam: Any) -> Iterator[Check]:
    subjects = (f"the trust of {role}", f"the rights of {role}")
    if iam is None:
        yield from (Check(subject, "not asked", "no client of iam was given") for subject in subjects)
        return
    try:
        answer = iam.get_role(RoleName=role.rpartition("/")[2])
    except Exception as error:
        if (code := reason_of(error)) is None:
            raise
        if code == "NoSuchEntity":
            yield Check(role, "missing", "there is no such role")
        else:
            yield from (Check(subject, "not asked", f"GetRole answered {code}") for subject in subjects)
        return
    yield _of_trust(setup, subjects[0], targets, answer["Role"]["AssumeRolePolicyDocument"])
    yield from _of_rights(setup, subjects[1], role, targets, iam)


def _of_trust(setup: Setup, subject: str, targets: Sequence[Target], document: Any) -> Check:
    if isinstance(document, str):
        document = json.loads(unquote(document))
    needed = permissions.trust(setup, targets)
    _, account = setup.account(targets[0].region)
    lacking = [
        arn.split(":")[3]
        for arn in permissions.job_arns(setup, targets)
        if not any(_trusts(statement, account, arn) for statement in _listed(document.get("Statement")))
    ]
    if not lacking:
        return Check(subject, "ok")
    reason = f"{permissions.SERVICE} may not assume it for jobs in {', '.join(lacking)}"
    return Check(subject, "missing", reason, needed)


def _trusts(statement: Mapping[str, Any], account: str, arn: str) -> bool:
    """Whether a statement lets the service assume the role for jobs of a Region."""
    principal = statement.get("Principal")
    services = _listed(principal.get("Service")) if isinstance(principal, dict) else _listed(principal)
    if statement.get("Effect") != "Allow" or not {permissions.SERVICE, "*"} & set(services):
        return False
    if not any(fnmatchcase("sts:assumerole", str(action).lower()) for action in _listed(statement.get("Action"))):
        return False
    known = {"aws:sourceaccount": account, "aws:sourcearn": arn.replace("/*", "/job")}
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            value = known.get(key.lower())
            # What else a condition may ask is not known here, and is not held against it.
            if value is None or operator.startswith("Null"):
                continue
            fits = any(fnmatchcase(value, str(pattern)) for pattern in _listed(values))
            if fits == ("Not" in operator):
                return False
    return True


def _of_rights(setup: Setup, subject: str, role: str, targets: Sequence[Target], iam: Any) -> Iterator[Check]:
    keys = bucket_keys.of(setup, targets)
    yield from (Check(f"the key of the bucket {it}", "not asked", reason) for it, reason in keys.unknown.items())
    statements = [
        *permissions.storage(setup, targets),
        *permissions.models(setup, targets),
        *permissions.keys(keys),
    ]
    for statement in statements:
        about = f"{subject} ({statement['Sid']})"
        try:
            denied = list(dict.fromkeys(_denied(iam, role, statement)))
        except Exception as error:
            if (code := reason_of(error)) is None:
                raise
            yield Check(about, "not asked", f"SimulatePrincipalPolicy answered {code}")
            continue
        if denied:
            yield Check(about, "missing", f"it is not allowed {', '.join(denied)}", statement)
        else:
            yield Check(about, "ok")


def _denied(iam: Any, role: str, statement: Mapping[str, Any]) -> Iterator[str]:
    context = [
        {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": _listed(values)[:1]}
        for keys in statement.get("Condition", {}).values()
        for key, values in keys.items()
    ]
    for action in statement["Action"]:
        # A bucket is listed, and what is in it read and written.
        resources = [it for it in statement["Resource"] if not action.startswith("s3:") or _is_of(action, it)]
        more = {"ContextEntries": context} if context else {}
        answer = iam.simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=resources, **more
        )
        yield from (
            f"{result['EvalActionName']} on {result.get('EvalResourceName', '*')}"
            for result in answer["EvaluationResults"]
            if result["EvalDecision"] != "allowed"
        )


def _is_of(action: str, resource: str) -> bool:
    return resource.endswith("/*") != (action == "s3:ListBucket")


def _of_buckets(setup: Setup, target: Target) -> Iterator[Check]:
    for place in dict.fromkeys((setup.inputs[target.region], setup.outputs[target.region])):
        subject = f"the bucket {place.bucket}"
        try:
            where = setup.storages[target.region].region(place)
        except Exception as error:
            if (code := reason_of(error)) is None:
                raise
            yield Check(subject, "missing", f"it answered {code} to HeadBucket")
            continue
        if where is None:
            yield Check(subject, "not asked", "the storage does not tell where it lies")
        elif where != target.region:
            yield Check(subject, "missing", f"it lies in {where}, and not in {target.region}")
        else:
            yield Check(subject, "ok")


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]
