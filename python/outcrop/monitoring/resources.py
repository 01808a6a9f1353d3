"""The role, log group and bucket policy of one Region: what is there, and the steps to what is wanted and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from outcrop.monitoring import documents
from outcrop.monitoring.clients import Clients, error_code
from outcrop.monitoring.errors import MonitoringError, RoleNotSuitableError
from outcrop.monitoring.plan import Step, shown
from outcrop.monitoring.receipts import FILTER_BEFORE_TAG, FILTER_TAG, TAG, Receipt, unpacked

ROLE_TAG = "outcrop:made-by"
DEFAULT_RETENTION_DAYS = 365


@dataclass
class Place:
    """Where things are: a Region of an account, and the clients to reach it."""

    clients: Clients
    region: str
    account: str = field(init=False)
    partition: str = field(init=False)

    def __post_init__(self) -> None:
        self.account = self.clients.account(self.region)
        self.partition = self.clients.partition(self.region)

    def role_arn(self, role_name: str) -> str:
        """The ARN of a role of the account."""
        return f"arn:{self.partition}:iam::{self.account}:role/{role_name}"

    def log_group_arn(self, log_group_name: str) -> str:
        """The ARN of a log group, as tag operations want it."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{log_group_name}"

    def read(self, service: str, operation: str, *, resource: str = "*", **parameters: Any) -> dict[str, Any]:
        """Asks something without changing anything."""
        return self.clients.call(service, self.region, operation, parameters, resource=resource)

    def read_or_none(
        self, missing: tuple[str, ...], service: str, operation: str, *, resource: str = "*", **parameters: Any
    ) -> dict[str, Any] | None:
        """Asks for something that may not be there."""
        from botocore.exceptions import ClientError

        try:
            return self.read(service, operation, resource=resource, **parameters)
        except ClientError as error:
            if error_code(error) in missing:
                return None
            raise

    def log_group(self, name: str) -> dict[str, Any] | None:
        """A log group as DescribeLogGroups tells it, or None."""
        # Names come sorted, so the exact one is the first of those with this prefix.
        groups = self.read("logs", "DescribeLogGroups", resource=self.log_group_arn("*"), logGroupNamePrefix=name)
        return next((group for group in groups["logGroups"] if group["logGroupName"] == name), None)

    def log_group_tags(self, name: str) -> dict[str, str]:
        """The tags of a log group; none where there is no such group."""
        arn = self.log_group_arn(name)
        found = self.read_or_none(
            ("ResourceNotFoundException",), "logs", "ListTagsForResource", resource=arn, resourceArn=arn
        )
        return (found or {}).get("tags", {})

    def role(self, name: str) -> dict[str, Any] | None:
        """A role as GetRole tells it, or None."""
        found = self.read_or_none(
            ("NoSuchEntity", "NoSuchEntityException"), "iam", "GetRole", resource=self.role_arn(name), RoleName=name
        )
        return found["Role"] if found else None

    def inline_policy(self, role_name: str, policy_name: str) -> dict[str, Any] | None:
        """An inline policy of a role, or None."""
        found = self.read_or_none(
            ("NoSuchEntity", "NoSuchEntityException"),
            "iam",
            "GetRolePolicy",
            resource=self.role_arn(role_name),
            RoleName=role_name,
            PolicyName=policy_name,
        )
        return documents.parsed(found["PolicyDocument"]) if found else None

    def bucket_policy(self, bucket: str) -> dict[str, Any] | None:
        """The policy of a bucket, or None."""
        found = self.read_or_none(
            ("NoSuchBucketPolicy",),
            "s3",
            "GetBucketPolicy",
            resource=f"arn:{self.partition}:s3:::{bucket}",
            Bucket=bucket,
        )
        return json.loads(found["Policy"]) if found else None


def log_group_steps(
    place: Place,
    name: str,
    retention_days: int | None,
    tags: dict[str, str],
    *,
    receipt: Receipt,
    known: Receipt | None,
) -> list[Step]:
    """The steps to a log group with retention. Notes in the receipt what is made and what was there."""
    receipt.log_group_name = name
    arn = place.log_group_arn(name)
    group = place.log_group(name)
    mine = known is not None and known.log_group_created and known.log_group_name == name
    steps = []
    if group is None:
        receipt.log_group_created = True
        parameters: dict[str, Any] = {"logGroupName": name}
        if tags:
            parameters["tags"] = tags
        steps.append(
            Step(
                place.region, "create", f"log group {name}", "logs", "CreateLogGroup", parameters, arn,
                ignore=("ResourceAlreadyExistsException",),
            )
        )  # fmt: skip
    else:
        receipt.log_group_created = mine
        steps.append(Step(place.region, "keep", f"log group {name}"))
    before = group.get("retentionInDays") if group else None
    # A group that somebody else made keeps its retention, unless a retention was asked for.
    wanted = retention_days if retention_days or (group and not mine) else DEFAULT_RETENTION_DAYS
    if wanted and wanted != before:
        if group and not mine:
            receipt.retention_changed, receipt.retention_before = True, before
        steps.append(
            Step(
                place.region, "change" if group else "create", f"retention of {wanted} days on log group {name}",
                "logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": wanted}, arn,
            )
        )  # fmt: skip
    elif before:
        steps.append(Step(place.region, "keep", f"retention of {before} days on log group {name}"))
    if known is not None and known.log_group_name == name and known.retention_changed:
        receipt.retention_changed, receipt.retention_before = True, known.retention_before
    return steps


def role_steps(
    place: Place, name: str, log_group_name: str, tags: dict[str, str], *, receipt: Receipt, regions: list[str]
) -> list[Step]:
    """The steps to a role that lets Bedrock write one stream, from this account and these Regions only."""
    arn = place.role_arn(name)
    source = documents.source_arn(place.partition, place.region, place.account)
    stream = documents.stream_arn(place.partition, place.region, place.account, log_group_name)
    role = place.role(name)
    if role is None:
        receipt.role_name = name
        # A role belongs to no Region: it is made for all the Regions of the plan at once.
        sources = [documents.source_arn(place.partition, region, place.account) for region in regions]
        streams = [documents.stream_arn(place.partition, region, place.account, log_group_name) for region in regions]
        all_tags = {ROLE_TAG: "outcrop.monitoring", **tags}
        creation = {
            "RoleName": name,
            "AssumeRolePolicyDocument": json.dumps(documents.trust_document(place.account, sources)),
            "Tags": [{"Key": key, "Value": value} for key, value in all_tags.items()],
        }
        return [
            Step(
                place.region, "create", f"role {name}", "iam", "CreateRole", creation, arn,
                ignore=("EntityAlreadyExists", "EntityAlreadyExistsException"),
            ),
            _put_policy(place, name, streams, "create"),
        ]  # fmt: skip
    trust = documents.parsed(role["AssumeRolePolicyDocument"])
    trusted = documents.trusts(trust, place.account, source)
    if any(tag["Key"] == ROLE_TAG for tag in role.get("Tags", [])):
        receipt.role_name = name
        policy = place.inline_policy(name, name) or {}
        streams = documents.values_of(policy, "Resource")
        steps = []
        if not trusted:
            sources = [*documents.values_of(trust, "Condition", "ArnLike", "aws:SourceArn"), source]
            document = json.dumps(documents.trust_document(place.account, sources))
            steps.append(
                Step(
                    place.region, "change", f"trust policy of role {name}: add Region {place.region}", "iam",
                    "UpdateAssumeRolePolicy", {"RoleName": name, "PolicyDocument": document}, arn,
                )
            )  # fmt: skip
        if not documents.allows_writing([policy], stream):
            steps.append(_put_policy(place, name, [*streams, stream], "change"))
        return steps or [Step(place.region, "keep", f"role {name}")]
    allowed = documents.allows_writing(_all_policies(place, name), stream)
    if trusted and allowed:
        return [Step(place.region, "keep", f"role {name}, which was there")]
    lacks = []
    if not trusted:
        lacks.append(f"trust as in {shown(documents.trust_document(place.account, [source]))}")
    if not allowed:
        lacks.append(f"a policy as {shown(documents.write_document([stream]))}")
    message = (
        f"the role {name} exists, was not made by outcrop, and lacks {' and '.join(lacks)}: add that, "
        "or choose another role_name"
    )
    raise RoleNotSuitableError(message)


def bucket_steps(place: Place, destinations: list[tuple[str, str]], receipt: Receipt) -> list[Step]:
    """The steps to bucket policies that let Bedrock write. Statements of others stay as they are."""
    steps = []
    added: dict[str, list[str]] = {}
    policies: dict[str, dict[str, Any] | None] = {}
    source = documents.source_arn(place.partition, place.region, place.account)
    for number, (bucket, prefix) in enumerate(dict.fromkeys(destinations)):
        if bucket not in policies:
            policies[bucket] = place.bucket_policy(bucket)
        sid = f"OutcropBedrockLogs{place.region.replace('-', '')}{number}"
        statement = documents.bucket_statement(
            sid, place.partition, place.region, place.account, bucket=bucket, prefix=prefix
        )
        policy = policies[bucket] or {"Version": "2012-10-17", "Statement": []}
        listed = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        if statement in listed:
            added.setdefault(bucket, []).append(sid)
        if documents.lets_put(policy, place.account, source, statement["Resource"]):
            steps.append(Step(place.region, "keep", f"policy of bucket {bucket}"))
            continue
        added.setdefault(bucket, []).append(sid)
        policies[bucket] = policy = {**policy, "Statement": [*listed, statement]}
        steps.append(_put_bucket_policy(place, bucket, policy, f"policy of bucket {bucket}: let Bedrock write logs"))
    receipt.bucket_statements = added or None
    return steps


def undo_steps(place: Place, receipt: Receipt, *, delete_logs: bool, notes: list[str]) -> list[Step]:
    """The steps that take back what a receipt tells, and nothing else."""
    return [
        *_undo_role(place, receipt, notes),
        *_undo_buckets(place, receipt),
        *_undo_log_group(place, receipt, delete_logs=delete_logs, notes=notes),
    ]


def _undo_role(place: Place, receipt: Receipt, notes: list[str]) -> list[Step]:
    name = receipt.role_name
    role = place.role(name) if name else None
    if name is None or role is None or not any(tag["Key"] == ROLE_TAG for tag in role.get("Tags", [])):
        return []
    arn = place.role_arn(name)
    trust = documents.parsed(role["AssumeRolePolicyDocument"])
    mine = documents.source_arn(place.partition, place.region, place.account)
    sources = [
        source for source in documents.values_of(trust, "Condition", "ArnLike", "aws:SourceArn") if source != mine
    ]
    policy = place.inline_policy(name, name) or {}
    my_streams = f"arn:{place.partition}:logs:{place.region}:{place.account}:"
    streams = [stream for stream in documents.values_of(policy, "Resource") if not stream.startswith(my_streams)]
    if sources and streams:
        document = json.dumps(documents.trust_document(place.account, sources))
        return [
            Step(
                place.region, "change", f"trust policy of role {name}: remove Region {place.region}", "iam",
                "UpdateAssumeRolePolicy", {"RoleName": name, "PolicyDocument": document}, arn,
            ),
            _put_policy(place, name, streams, "change"),
        ]  # fmt: skip
    gone = ("NoSuchEntity", "NoSuchEntityException")
    steps = [
        Step(
            place.region, "delete", f"inline policy {name} of role {name}", "iam", "DeleteRolePolicy",
            {"RoleName": name, "PolicyName": name}, arn, ignore=gone,
        )
    ]  # fmt: skip
    others = _others_policies(place, name)
    if others:
        # IAM deletes no role that has policies, and they are not outcrop's to take away.
        notes.append(f"{place.region}: role {name} has policies of others ({', '.join(others)}) and was kept")
        return steps
    steps.append(
        Step(place.region, "delete", f"role {name}", "iam", "DeleteRole", {"RoleName": name}, arn, ignore=gone)
    )
    return steps


def _others_policies(place: Place, role_name: str) -> list[str]:
    arn = place.role_arn(role_name)
    inline = place.read("iam", "ListRolePolicies", resource=arn, RoleName=role_name)["PolicyNames"]
    attached = place.read("iam", "ListAttachedRolePolicies", resource=arn, RoleName=role_name)["AttachedPolicies"]
    return [name for name in inline if name != role_name] + [policy["PolicyName"] for policy in attached]


def _undo_buckets(place: Place, receipt: Receipt) -> list[Step]:
    steps = []
    for bucket, sids in (receipt.bucket_statements or {}).items():
        policy = place.bucket_policy(bucket)
        if policy is None:
            continue
        listed = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        rest = [statement for statement in listed if statement.get("Sid") not in sids]
        if rest == listed:
            continue
        subject = f"policy of bucket {bucket}: remove what let Bedrock write logs"
        if rest:
            steps.append(_put_bucket_policy(place, bucket, {**policy, "Statement": rest}, subject))
        else:
            arn = f"arn:{place.partition}:s3:::{bucket}"
            steps.append(Step(place.region, "delete", subject, "s3", "DeleteBucketPolicy", {"Bucket": bucket}, arn))
    return steps


def _undo_log_group(place: Place, receipt: Receipt, *, delete_logs: bool, notes: list[str]) -> list[Step]:
    name = receipt.log_group_name
    if name is None or place.log_group(name) is None:
        return []
    arn = place.log_group_arn(name)
    if receipt.log_group_created:
        streams = place.read("logs", "DescribeLogStreams", resource=arn, logGroupName=name, limit=1)["logStreams"]
        if delete_logs or not streams:
            return [
                Step(place.region, "delete", f"log group {name}", "logs", "DeleteLogGroup", {"logGroupName": name}, arn)
            ]
        notes.append(f"{place.region}: log group {name} holds records and was kept: delete it with delete_logs=True")
    steps = []
    tags = place.log_group_tags(name)
    for key in tags:
        if key.startswith(FILTER_TAG):
            filter_name = key[len(FILTER_TAG) :]
            before = unpacked(tags, f"{FILTER_BEFORE_TAG}{filter_name}:")
            parameters: dict[str, Any] = {"logGroupName": name, "filterName": filter_name}
            if before is not None:
                parameters |= json.loads(before)
                subject = f"metric filter {filter_name}: back to what it was"
                steps.append(Step(place.region, "change", subject, "logs", "PutMetricFilter", parameters, arn))
                continue
            steps.append(
                Step(
                    place.region, "delete", f"metric filter {filter_name}", "logs", "DeleteMetricFilter",
                    parameters, arn, ignore=("ResourceNotFoundException",),
                )
            )  # fmt: skip
    if receipt.retention_changed:
        days = receipt.retention_before
        parameters = {"logGroupName": name}
        if days:
            parameters["retentionInDays"] = days
        steps.append(
            Step(
                place.region, "change", f"retention on log group {name}: back to {days or 'for ever'}", "logs",
                "PutRetentionPolicy" if days else "DeleteRetentionPolicy", parameters, arn,
            )
        )  # fmt: skip
    mine = [key for key in tags if key.startswith((TAG, FILTER_TAG, FILTER_BEFORE_TAG))]
    if mine:
        parameters = {"resourceArn": arn, "tagKeys": mine}
        steps.append(
            Step(
                place.region, "delete", f"outcrop's tags of log group {name}", "logs", "UntagResource", parameters, arn
            )
        )
    return steps


def _put_policy(place: Place, role_name: str, streams: list[str], effect: Any) -> Step:
    # The policy bears the role's name, as in the sample.
    document = json.dumps(documents.write_document(streams))
    parameters = {"RoleName": role_name, "PolicyName": role_name, "PolicyDocument": document}
    subject = f"inline policy {role_name} of role {role_name}"
    return Step(place.region, effect, subject, "iam", "PutRolePolicy", parameters, place.role_arn(role_name))


def _put_bucket_policy(place: Place, bucket: str, policy: dict[str, Any], subject: str) -> Step:
    parameters = {"Bucket": bucket, "Policy": json.dumps(policy)}
    arn = f"arn:{place.partition}:s3:::{bucket}"
    return Step(place.region, "change", subject, "s3", "PutBucketPolicy", parameters, arn)


def _all_policies(place: Place, role_name: str) -> list[dict[str, Any]]:
    arn = place.role_arn(role_name)
    found = []
    for name in place.read("iam", "ListRolePolicies", resource=arn, RoleName=role_name)["PolicyNames"]:
        document = place.inline_policy(role_name, name)
        if document:
            found.append(document)
    attached = place.read("iam", "ListAttachedRolePolicies", resource=arn, RoleName=role_name)["AttachedPolicies"]
    for policy in attached:
        policy_arn = policy["PolicyArn"]
        version = place.read("iam", "GetPolicy", resource=policy_arn, PolicyArn=policy_arn)["Policy"][
            "DefaultVersionId"
        ]
        read = place.read("iam", "GetPolicyVersion", resource=policy_arn, PolicyArn=policy_arn, VersionId=version)
        found.append(documents.parsed(read["PolicyVersion"]["Document"]))
    return found


def missing_log_group(name: str, region: str) -> MonitoringError:
    """The error for a log group that is not there."""
    return MonitoringError(
        f"there is no log group {name} in {region}: run monitoring.enable first, or pass log_group_name"
    )
