"""IAM documents of the role that lets Bedrock write invocation logs, and what they allow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

#: The stream that Bedrock writes to, in whatever log group it was given.
LOG_STREAM = "aws/bedrock/modelinvocations"
WRITE_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def source_arn(partition: str, region: str, account: str) -> str:
    """The pattern of what may use the role: anything of Bedrock in one Region of one account."""
    return f"arn:{partition}:bedrock:{region}:{account}:*"


def stream_arn(partition: str, region: str, account: str, log_group_name: str) -> str:
    """The ARN of the log stream that Bedrock writes to."""
    return f"arn:{partition}:logs:{region}:{account}:log-group:{log_group_name}:log-stream:{LOG_STREAM}"


def trust_document(account: str, source_arns: list[str]) -> dict[str, Any]:
    """Who may use the role: Bedrock, for this account and these sources only (no confused deputy)."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account},
                    "ArnLike": {"aws:SourceArn": source_arns[0] if len(source_arns) == 1 else source_arns},
                },
            }
        ],
    }


def write_document(stream_arns: list[str]) -> dict[str, Any]:
    """What the role may do: write the streams, and nothing else."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": list(WRITE_ACTIONS),
                "Resource": stream_arns[0] if len(stream_arns) == 1 else stream_arns,
            }
        ],
    }


def bucket_statement(
    sid: str, partition: str, region: str, account: str, *, bucket: str, prefix: str
) -> dict[str, Any]:
    """The statement of a bucket policy that lets Bedrock write below a prefix."""
    path = f"{prefix}/" if prefix else ""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:{partition}:s3:::{bucket}/{path}AWSLogs/{account}/BedrockModelInvocationLogs/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": source_arn(partition, region, account)},
        },
    }


def trusts(document: Mapping[str, Any], account: str, arn: str) -> bool:
    """Whether a trust policy lets Bedrock assume the role for a source ARN of an account."""
    return _decides(
        document,
        lambda statement: (
            _principal_is_bedrock(statement)
            and _matches(statement.get("Action"), "sts:AssumeRole", fold=True)
            and _conditions_hold(statement.get("Condition", {}), {"aws:sourceaccount": account, "aws:sourcearn": arn})
        ),
    )


def allows_writing(documents: Iterable[Mapping[str, Any]], resource: str) -> bool:
    """Whether policies together let the role write a log stream."""
    merged = {"Statement": [statement for document in documents for statement in _listed(document.get("Statement"))]}
    return all(
        _decides(
            merged,
            lambda statement, action=action: (
                _matches(statement.get("Action"), action, fold=True)
                and _matches(statement.get("Resource"), resource)
                and not statement.get("Condition")
            ),
        )
        for action in WRITE_ACTIONS
    )


def lets_put(document: Mapping[str, Any], account: str, arn: str, resource: str) -> bool:
    """Whether a bucket policy lets Bedrock put objects, for a source ARN of an account."""
    return _decides(
        document,
        lambda statement: (
            _principal_is_bedrock(statement)
            and _matches(statement.get("Action"), "s3:PutObject", fold=True)
            and _matches(statement.get("Resource"), resource)
            and _conditions_hold(statement.get("Condition", {}), {"aws:sourceaccount": account, "aws:sourcearn": arn})
        ),
    )


def values_of(document: Mapping[str, Any], *path: str) -> list[str]:
    """The strings at a path of the first statement, one or many."""
    value: Any = (_listed(document.get("Statement")) or [{}])[0]
    for key in path:
        value = value.get(key, {})
    return [value] if isinstance(value, str) else list(value)


def parsed(document: str | Mapping[str, Any]) -> dict[str, Any]:
    """A policy document, which some clients hand over as text."""
    return json.loads(document) if isinstance(document, str) else dict(document)


def _decides(document: Mapping[str, Any], applies: Any) -> bool:
    effects = {statement.get("Effect") for statement in _listed(document.get("Statement")) if applies(statement)}
    return "Allow" in effects and "Deny" not in effects


def _principal_is_bedrock(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if principal == "*":
        return True
    return isinstance(principal, Mapping) and _matches(principal.get("Service"), "bedrock.amazonaws.com")


def _conditions_hold(conditions: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    """Whether all conditions hold. One that is not understood does not: better to ask than to trust it."""
    for operator, keys in conditions.items():
        for key, wanted in keys.items():
            fact = facts.get(key.lower())
            if fact is None:
                return False
            if operator in {"StringEquals", "ArnEquals"}:
                # ArnEquals matches wildcards as ArnLike does; StringEquals does not.
                held = fact in _listed(wanted) if operator == "StringEquals" else _matches(wanted, fact)
            elif operator in {"ArnLike", "StringLike"}:
                held = _matches(wanted, fact)
            else:
                return False
            if not held:
                return False
    return True


def _matches(patterns: Any, value: str, *, fold: bool = False) -> bool:
    # IAM's patterns know only `*` and `?`; a bracket means itself.
    escaped = [str(pattern).replace("[", "[[]") for pattern in _listed(patterns)]
    if fold:
        return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in escaped)
    return any(fnmatchcase(value, pattern) for pattern in escaped)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
