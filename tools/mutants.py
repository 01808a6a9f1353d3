# ruff: noqa: E501  -- a mutant a line
"""Breaks each line that decides where data may go, one at a time, and sees that a test fails for it.

    python tools/mutants.py             # all of them: those in Rust take a compilation each
    python tools/mutants.py --python    # those in Python alone
    python tools/mutants.py --rust
    python tools/mutants.py fresh rule  # those whose name has one of these words
    python tools/mutants.py --sample    # a few of each, always the same, for CI

What is broken is a copy: nothing is left behind. It exits with 1 when a mutant survives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FACTS, RULES, UNKNOWN, PLANS, ODD_IDS, WAYS_OUT, MODELS, ACCOUNTS, QUOTAS, TERMS, PROJECTS, AFFINITY, WEIGHTS = (
    f"test_{name}.py"
    for name in (
        *("facts", "rules", "unknown", "plans", "odd_ids", "ways_out", "next_models", "accounts"),
        "quotas",
        "projects_and_retention",
        "projects_by_account",
        "affinity",
        "weights",
    )
)
# Tests of one crate alone, compiled as fast as may be; what it depends on is there.
QUICKLY = [f"--config=profile.dev-opt.package.outcrop-client.{name}" for name in ("opt-level=0", "debug=false")]
EVERY = 8


class Mutant(NamedTuple):
    """A text in a file, what stands in its place, and the tests that must see it."""

    name: str
    file: str
    before: str
    after: str
    tests: str


PYTHON = [
    Mutant("older list wins", "_facts.py", "if found.number >= known.number:", "if True:", FACTS),
    Mutant("store gives up what it had", "_store.py", "found if entry.facts is None else entry.facts.with_newer(found)", "found", FACTS),
    Mutant("router gives up what it had", "_known.py", "            if self.facts:\n", "            if False:\n", FACTS),
    Mutant("failed list stays fresh", "_store.py", "(min(max_age, AGAIN) if self.facts.note else max_age)", "max_age", FACTS),
    Mutant("failed list is an empty one", "_listing.py", 'return otherwise(f"because {operation} failed: {self._failed[number]}")', "return Listed((), self._number)", FACTS),
    Mutant("unreadable list is an empty one", "_listing.py", 'return otherwise(f"because {operation} gave what cannot be read ({type(error).__name__}: {error})")', "return Listed((), self._number)", FACTS),
    Mutant("live means snapshot too", "_base.py", ' and self._catalogue != "live"', "", FACTS),
    Mutant("a child waits for a lock", "_known.py", "os.register_at_fork(after_in_child=_begin_anew)", "pass", FACTS),
    Mutant("batch never looks again", "../_batch/blocking.py", "            self._client._prepare()  # noqa: SLF001  -- the clients' own room\n", "", FACTS),
    Mutant("awaitables are true", "residency.py", 'if hasattr(kind, "__await__") or hasattr(kind, "__anext__"):', "if False:", RULES),
    Mutant("all objects are true", "residency.py", 'if not (hasattr(kind, "__bool__") or hasattr(kind, "__len__") or isinstance(answer, re.Match)):', "if False:", RULES),
    Mutant("async functions are seen late", "residency.py", "            if _is_awaited(rule):\n", "            if False:\n", RULES),
    Mutant("rule permits what it was asked", "_known.py", "permitted = verdict.permitted or frozenset()", "permitted = self._regions", RULES),
    Mutant("rule is asked once", "_rules.py", "        self.ask = ask\n", "        self.ask = __import__('functools').cache(ask)\n", RULES),
    Mutant("rule is asked once for a batch", "_rules.py", "        self._ask = client.ask\n", "        self._ask = __import__('functools').cache(client.ask)\n", RULES),
    Mutant("rule is gone around", "_rules.py", "return self.native.call(operation, arguments, trace, credentials, self.ask(), **others)", "return self.native.call(operation, arguments, trace, credentials, None, **others)", RULES),
    Mutant("unknown is in its source Region", "planning.py", 'kind, facts.region, "unknown", ())', 'kind, facts.region, "regions", (facts.region,))', UNKNOWN),
    Mutant("unknown application profile likewise", "planning.py", '"APPLICATION", facts.region, "unknown", ()', '"APPLICATION", facts.region, "regions", (facts.region,)', UNKNOWN),
    Mutant("a profile's ARN is a model's", "identifiers.py", 'return Identifier(text, "profile", match["name"]', 'return Identifier(text, "model", match["name"]', UNKNOWN),
    Mutant("plan says yes to the unknown", "planning.py", "known=False)", "known=True)", UNKNOWN),
    Mutant("command line says yes to the unknown", "../cli/plan.py", "good = [target.allowed and target.known for target in found]", "good = [target.allowed for target in found]", UNKNOWN),
    Mutant("Mantle's Regions are on demand", "_snapshot.py", 'tuple(self._regions[index] for index in row["regions"]),', "tuple(self._regions),", UNKNOWN),
    Mutant("global fits", "residency.py", 'if profile.scope == "global":', "if False:", PLANS),
    Mutant("unknown fits", "residency.py", 'if profile.scope == "unknown":', "if False:", PLANS),
    Mutant("destinations do not count", "residency.py", "        if outside:\n", "        if False:\n", PLANS),
    Mutant("the source does not count", "residency.py", "if profile.source_region not in self.permitted:", "if False:", PLANS),
    Mutant("a plan of refusals is enough", "resolving.py", "if not found.allowed:", "if not found:", PLANS),
    Mutant("an ARN is called in any Region", "resolving.py", "if identifier.region is not None and identifier.region not in regions:", "if False:", ODD_IDS),
    Mutant("any text is an id", "identifiers.py", 'if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]*", text):', "if False:", ODD_IDS),
    Mutant("a mapping's keys are Regions", "residency.py", "if isinstance(rule, Mapping):", "if False:", WAYS_OUT),
    Mutant("a residency of one's own says nothing", "residency.py", "return rule if type(rule) is Residency else Residency(rule.permits)", "return rule", WAYS_OUT),
    Mutant("a carried client calls other models", "_base.py", "(not self._residency.unlimited or model_id in names)", "model_id in names", WAYS_OUT),
    Mutant("a carried client does all else", "../_botocore/carrier.py", "if operation not in _BESIDE:", "if False:", WAYS_OUT),
    Mutant("a carried client's Region does not count", "../_botocore/carrier.py", "for name in (region, *(arn.groups() if arn else ()))", "for name in (arn.groups() if arn else ())", WAYS_OUT),
    Mutant("a carried client's guardrail does not count", "../_botocore/carrier.py", "(region, *(arn.groups() if arn else ()))", "(region,)", WAYS_OUT),
    Mutant("a mode that is not known is right", "terms.py", "if self.retention is None or (mode is not None and mode.mode in self.retention):", "if self.retention is None or mode is None or mode.mode in (None, *self.retention):", TERMS),
    Mutant("any project will do", "terms.py", "        if placed.project is None:", "        if False:", TERMS),
    Mutant("a project is any account's", "terms.py", "if owner is not None and placed.account not in (None, owner):", "if False:", PROJECTS),
    Mutant("a project of a Region is all its accounts'", "sources.py", "    if len(here) > 1 and name != _projects.DEFAULT and (len(accounts) > 1 or None in accounts):", "    if False:", PROJECTS),
    Mutant("application profiles have projects", "terms.py", 'if placed.in_project and profile.type == "APPLICATION":', "if False:", TERMS),
    Mutant("a project's own default is the account's mode", "_retention.py", '            if mode == "default":\n                break\n', "", TERMS),
    Mutant("the account's mode counts before the project's", "_retention.py", '[(_PROJECT, "project"), (_ACCOUNT, "account")]', '[(_ACCOUNT, "account"), (_PROJECT, "project")]', TERMS),
    Mutant("a mode that cannot be read is the account's", "_retention.py", "            if number in self._failed:\n                return", "            if number in self._failed:\n                continue\n                return", TERMS),
    Mutant("modes are not read before a call", "_base.py", "            fresh_for = min(fresh_for, self._read_modes())", "            pass", TERMS),
    Mutant("lists of all projects are one", "_store.py", 'placed.in_project or ""', '""', TERMS),
    Mutant("a next model refuses nothing", "_known.py", "    if model == 0 or profile.base_model is None:\n", "    if True:\n", MODELS),
    Mutant("a request is changed under the caller's hands", "_adapting.py", "{**_copied(request), name: model}", "{**request, name: model}", MODELS),
    Mutant("a batch is not adapted", "_bringing.py", "        self._calls.start(number, operation, arguments, *trace, **self._client.said(operation, arguments))", "        self._calls.start(number, operation, arguments, *trace)", MODELS),
    Mutant("a pickle forgets next models", "_base.py", "        if len(self.models) > 1:\n            options", "        if False:\n            options", MODELS),
    Mutant("a copy knows nothing", "_base.py", "        like.__dict__.update(self.__dict__)\n        return like", "        like.__dict__.update(self.__dict__)\n        like._known = Known(self._router, self._identifiers, self._geographies, self._residency, terms=self._terms)\n        return like", FACTS),
    Mutant("an application profile is every account's", "planning.py", "if facts.account not in (None, identifier.account):", "if False:", ACCOUNTS),
    Mutant("an application profile is anybody's", "planning.py", "if not listed.live and facts.account is None and not alone:", "if False:", ACCOUNTS),
    Mutant("one session signs for all", "_base.py", '"session": source.number,', '"session": 0,', ACCOUNTS),
    Mutant("a session with a function signs by itself", "_base.py", '"asked": source.asked,', '"asked": False,', ACCOUNTS),
    Mutant("one function signs for all", "../_credentials.py", "providers = [provider_of(each) for each in given]", "providers = [provider_of(given[0]) for each in given]", ACCOUNTS),
    Mutant("a function that fails ends the call", "../_credentials.py", "if failed and len(failed) == len(found):", "if failed:", ACCOUNTS),
    Mutant("all accounts have the first one's lists", "_store.py", "return scope(placed.session), placed.region, tags", "return placed.region, placed.region, tags", ACCOUNTS),
    Mutant("all accounts have the first one's breakers", "_base.py", "_store.scope(source.session)", "_store.scope(sessions[0])", ACCOUNTS),
    Mutant("the default comes before the applied value", "_quotas.py", "asked.get_service_quota(", "asked.get_aws_default_service_quota(", QUOTAS),
    Mutant("a local Bedrock asks AWS", "_quotas.py", 'if is_loopback(session.endpoint_url or "") and not', "if False and not", QUOTAS),
    Mutant("a function is asked for no key", "_affinity.py", "        found = self._key(*asked)\n", "        found = None\n", AFFINITY),
    Mutant("a key is everybody's", "_affinity.py", 'return _values.text("the key that affinity gave", found) or None', 'return "key"', AFFINITY),
    Mutant("a pickle forgets affinity", "_base.py", '            "affinity": affinity,\n', "", AFFINITY),
    Mutant("all sources draw as one", "_base.py", '"nth": source.nth,', '"nth": 0,', WEIGHTS),
    Mutant("weights are not told", "_base.py", '"weight": source.weight,', '"weight": None,', WEIGHTS),
    Mutant("a source is of two weights", "sources.py", "if first.weight != source.weight:", "if first.weight is ...:", WEIGHTS),
    Mutant("a share is a whole", "_quotas.py", "value * self._wish.share", "value", QUOTAS),
]  # fmt: skip
RUST = [
    Mutant("global and unknown fit", "router/permit.rs", "Reach::Global | Reach::Unknown => false,", "Reach::Global | Reach::Unknown => true,", "router::"),
    Mutant("the source does not count", "router/permit.rs", "permitted.contains(&target.source.region)\n                    && ", "", "router::"),
    Mutant("one destination is enough", "router/permit.rs", ".all(|region| permitted.contains(region))", ".any(|region| permitted.contains(region))", "router::"),
    Mutant("nowhere fits", "router/permit.rs", "&& !regions.is_empty()\n", "\n", "router::"),
    Mutant("no answer is a yes", "router/permit.rs", "Self::Asked => Some(verdict.map_or(&NONE, |verdict| &verdict.0)),", "Self::Asked => verdict.map(|verdict| &verdict.0),", "router::"),
    Mutant("a permit for what was chosen", "router/permit.rs", "let inside = residency.permits(verdict.map(|it| &**it), it);", "let inside = verdict.is_some() || it.model_id.len() < 9999;", "router::"),
    Mutant("a permit for what nothing may sign", "router/permit.rs", "is_right && unsigned(signers, it).is_none()", "is_right", "router::"),
    Mutant("a failed function signs", "router/permit.rs", "if let Some(why) = signers.and_then(|it| it.failure(source.session)) {", "if let Some(why) = signers.and_then(|it| it.failure(99)) {", "router::"),
    Mutant("a function need not be asked", "router/permit.rs", "if source.asked && ", "if false && ", "router::"),
    Mutant("a profile is every account's", "router/permit.rs", "(!target.is_own()).then(", "false.then(", "router::"),
    Mutant("an account's id is its own for all", "account.rs", "is_none_or(|own| own == id)", "is_none_or(|own| !own.is_empty() || own == id)", "router::"),
    Mutant("one session's keys for all", "signing.rs", "let signer = self.of(session)?;", "let signer = self.of(session.min(0))?;", "router::"),
    Mutant("one source's client for all", "router/mod.rs", "&self.clients[permit.target().source.number]", "&self.clients[0]", "router::"),
    Mutant("a kept answer is every account's", "cache/key.rs", "field(&mut hash, who.bytes());", "let _ = who;", "cache::"),
    Mutant("older facts get in", "router/facts.rs", "known.number > number ||", "known.number < number ||", "router::"),
    Mutant("a call's answer is lost", "router/journey.rs", "verdict: transport.verdict().cloned(),", "verdict: None,", "router::"),
    Mutant("an unknown mode is right", "router/terms.rs", "(!known.is_some_and(|mode| right.contains(mode)))", "(known.is_some_and(|mode| !right.contains(mode)))", "router::"),
    Mutant("any mode is right", "router/terms.rs", ".then_some(Refused::Retention)", ".then_some(Refused::Retention).filter(|_| false)", "router::"),
    Mutant("a source without a project is called", "router/terms.rs", "return Some(Refused::NoProject);", "return None;", "router::"),
    Mutant("keys that are not taken are tried again", "router/journey.rs", "Lacks::Keys => other.source.session == target.source.session,", "Lacks::Keys => false,", "router::"),
    Mutant("another account's project is called", "router/terms.rs", "return Some(Refused::ForeignProject);", "return None;", "router::"),
    Mutant("an application profile goes in a project", "router/terms.rs", "return Some(Refused::ApplicationProfile);", "return None;", "router::"),
    Mutant("a permit for any mode", "router/permit.rs", "inside && conditions.refused(it).is_none()", "inside", "router::"),
    Mutant("a call may name any project", "router/terms.rs", "if is_named(call, headers) {", "if false && is_named(call, headers) {", "router::"),
    Mutant("a written header's project is not seen", "router/terms.rs", "    written.any(|name| name.eq_ignore_ascii_case(HEADER))\n", "    written.any(|name| name.is_empty())\n", "router::"),
    Mutant("a body's project is not seen", "router/terms.rs", "is_located(located) || is_in_body(call, body)", "is_located(located) || (is_in_body(call, body) && false)", "router::"),
    Mutant("the account's mode counts as the project's", "router/terms.rs", "self.retention.is_some() && member(call).is_none()", "self.retention.is_none() && member(call).is_none()", "router::"),
    Mutant("older modes get in", "router/facts.rs", "*known > number)", "*known < number)", "router::"),
    Mutant("other Regions' endpoints pass", "endpoint.rs", "named.find(|named| !named.eq_ignore_ascii_case(region))", "named.find(|named| named.is_empty() && region.is_empty())", "endpoint::"),
    Mutant("Regions among other words pass", "endpoint.rs", "is_region(parts) && is_among_words(parts)", "false && is_region(parts) && is_among_words(parts)", "endpoint::"),
    Mutant("a header may name another host", "endpoint.rs", 'name.eq_ignore_ascii_case("host")', "name.is_empty()", "endpoint::"),
    Mutant("a guardrail may be anywhere", "router/failover.rs", "regions().into_iter().find(outside)", "regions().into_iter().find(|it| false && outside(it))", "router::"),
    Mutant("a body's guardrail is not seen", "router/guardrail.rs", "filter_map(|body| in_body(call, body));", "filter_map(|body| in_body(call, body)).filter(|_| false);", "router::"),
    Mutant("a written header's guardrail is not seen", "router/guardrail.rs", "name.eq_ignore_ascii_case(HEADER)", "name.is_empty()", "router::"),
    Mutant("one account's state is another's", "router/tenants.rs", "if let Some(known) = states.get(&tenant) {", "if let Some((_, known)) = states.iter().next() {", "router::"),
    Mutant("accounts are let go of under way", "router/tenants.rs", "&& Arc::strong_count(&oldest) > 1", "&& Arc::strong_count(&oldest) > 9", "router::"),
    Mutant("accounts are never let go of", "router/tenants.rs", "if states.len() <= KEPT {", "if states.len() > 0 {", "router::"),
    Mutant("an account's breaker is not forced", "router/tenants.rs", "            state.breaker.force(phase);\n", "", "router::"),
    Mutant("callers may name any model", "router/facts.rs", "for row in self.lists.values().flat_map(|known| &known.rows) {", "for row in self.lists.values().take(0).flat_map(|known| &known.rows) {", "router::"),
    Mutant("no count is remembered", "router/estimates.rs", "            self.learnt().counts.put(key, told);\n", "            let _ = (key, told);\n", "router::"),
    Mutant("a next model takes anything", "router/journey.rs", "target.chosen.number >= self.model && self.misfit(target).is_none()", "target.chosen.number >= self.model", "router::"),
    Mutant("a call goes back to a model before", "router/journey.rs", "target.chosen.number >= self.model && self.misfit", "self.misfit", "router::"),
    Mutant("another model is no other endpoint", "router/journey.rs", "!self.tried.iter().any(as_bad)", "self.tried.len() < 99 || !self.tried.iter().any(as_bad)", "router::"),
    Mutant("the request's own error moves on", "router/classify.rs", '"ResourceNotFoundException" => !says("guardrail"),\n        _ => false,', "_ => true,", "router::"),
    Mutant("a hedge asks another model", "router/choice.rs", "busy.chosen.number == it.chosen.number && ", "", "router::"),
    Mutant("signatures go along", "router/features.rs", '"signature" | "redactedContent" => is_something(Some(value)),', '"signature" | "redactedContent" => false,', "router::"),
    Mutant("a body is read by any model", "router/features.rs", "call.operation.takes_bytes() && !is_one_family(own, other)", "false", "router::"),
    Mutant("tokens are counted by another model", "router/features.rs", 'if call.operation.name == "CountTokens" {', 'if call.operation.name == "Counted" {', "router::"),
    Mutant("another model's guardrail is not seen", "router/guardrail.rs", ".chain(rewritten().map(|(_, body)| body))", "", "router::"),
    Mutant("a used-up day is one target's", "router/day.rs", "account.targets.iter().filter_map(Weak::upgrade).collect()", "account.targets.iter().take(0).filter_map(Weak::upgrade).collect()", "router::"),
    Mutant("a used-up day is every account's", "router/day.rs", "let account = accounts.entry(tenant).or_default();\n            account.until", "let account = accounts.entry(None).or_default();\n            account.until", "router::"),
    Mutant("each profile has a quota", "router/state.rs", "quota.unwrap_or(model_id)", "*model_id", "router::"),
    Mutant("a clock that jumps makes a quota", "router/lending/ledger.rs", "(self.monotonic - earlier.monotonic).min(", "(self.monotonic - earlier.monotonic).max(", "router::"),
    Mutant("what is lent is there still", "router/lending/ledger.rs", "        self.level -= lent;\n", "", "router::"),
    Mutant("a lease is spent after its time", "router/lending/lease.rs", "fresh && pool.available() >=", "pool.available() >=", "router::"),
    Mutant("all accounts spend one quota", "router/lending/mod.rs", 'format!("account {account}")', 'format!("account {}", account.len())', "router::"),
    Mutant("throttled requests are given back", "router/limiter.rs", "Word::Unsent) = (&mut inner.requests, word)", "_) = (&mut inner.requests, word)", "router::"),
    Mutant("a conversation's model comes first", "router/order.rs", "(it.chosen.number, !sticky.is_at(it), it.rank, drawn)", "(!sticky.is_at(it), it.chosen.number, it.rank, drawn)", "router::"),
    Mutant("weights come before ranks", "router/order.rs", "!sticky.is_at(it), it.rank, drawn)", "!sticky.is_at(it), drawn, it.rank)", "router::"),
    Mutant("all weights are one", "router/order.rs", "(-chance.ln() / weight).to_bits()", "(-chance.ln() / weight.signum()).to_bits()", "router::"),
    Mutant("conversations are everybody's", "router/sticky.rs", "let key = (conversation.id, tenants.together());", "let key = (conversation.id, tenants.together().filter(|_| false));", "router::"),
    Mutant("a conversation stays for ever", "router/assignments.rs", "let current = assigned.iter().filter(|it| it.until > now);", "let current = assigned.iter().filter(|it| it.until > now || it.model < 99);", "router::"),
    Mutant("an hour is taken away", "router/assignments.rs", "until = until.max(before.until);", "until = until.max(until);", "router::"),
    Mutant("conversations are never let go of", "router/assignments.rs", "known.len() > KEPT.get()\n", "known.len() > usize::MAX - 1\n", "router::"),
    Mutant("a prompt asks for an hour", "router/conversation.rs", 'Some(point.get("ttl")? == "1h")', "Some(!point.is_null())", "router::"),
    Mutant("all that is said is the conversation", "router/prefix.rs", "        if is_users {\n", "        if is_users && found.len() > 9 {\n", "router::"),
    Mutant("AWS's domains are anybody's", "endpoint.rs", "before.is_some_and(|before| before.ends_with('.'))", "before.is_some()", "endpoint::"),
]  # fmt: skip


def main() -> int:
    """Tries the mutants that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", action="store_true", help="those in Python alone")
    parser.add_argument("--rust", action="store_true", help="those in Rust alone")
    parser.add_argument("--sample", action="store_true", help="every eighth of each, always the same")
    parser.add_argument("words", nargs="*", help="words in the names of those that are tried")
    asked = parser.parse_args()
    survived = []
    for mutants, wanted, tried in ((PYTHON, asked.python, in_python), (RUST, asked.rust, in_rust)):
        if (asked.python or asked.rust) and not wanted:
            continue
        chosen = [it for it in mutants if not asked.words or any(word in it.name for word in asked.words)]
        chosen = chosen[:: EVERY if asked.sample else 1]
        with tempfile.TemporaryDirectory() as folder:
            survived += [mutant.name for mutant in chosen if not caught(mutant, Path(folder), tried)]
    print(f"survived: {', '.join(survived)}" if survived else "all were caught")
    return 1 if survived else 0


def caught(mutant: Mutant, folder: Path, tried: object) -> bool:
    """Whether the mutant's tests fail."""
    failed: bool = tried(mutant, folder)  # type: ignore[operator]
    print(f"{'caught  ' if failed else 'SURVIVED'}  {mutant.file}: {mutant.name}", flush=True)
    return failed


def broken(mutant: Mutant, path: Path) -> None:
    """Writes the mutant."""
    text = path.read_text()
    if text.count(mutant.before) != 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} has the text {text.count(mutant.before)} times, not once")
    path.write_text(text.replace(mutant.before, mutant.after))


def in_python(mutant: Mutant, folder: Path) -> bool:
    """Runs its tests on a copy of the package."""
    copied = folder / "python"
    shutil.rmtree(copied, ignore_errors=True)
    shutil.copytree(ROOT / "python", copied, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for module in (ROOT / "python" / "outcrop").glob("*.so"):
        (copied / "outcrop" / module.name).symlink_to(module)
    broken(mutant, copied / "outcrop" / "cross_region" / mutant.file)
    return fails(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/cross_region/{mutant.tests}"],
        ROOT,
        {"PYTHONPATH": str(copied)},
    )


def in_rust(mutant: Mutant, folder: Path) -> bool:
    """Runs its tests on a copy of the crates, with what was compiled for these."""
    copied = folder / "rust"
    shutil.rmtree(copied / "src", ignore_errors=True)
    shutil.copytree(ROOT / "src", copied / "src")
    for name in ("Cargo.toml", "Cargo.lock", "clippy.toml"):
        shutil.copy(ROOT / name, copied / name)
    broken(mutant, copied / "src" / "client" / "src" / mutant.file)
    command = [
        "cargo",
        "test",
        "-p",
        "outcrop-client",
        "--lib",
        "--locked",
        "--profile",
        "dev-opt",
        "--quiet",
        *QUICKLY,
    ]
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    return fails([*command, "--", mutant.tests], copied, {"CARGO_TARGET_DIR": target})


def fails(command: list[str], where: Path, environment: dict[str, str]) -> bool:
    """Whether a command says that tests failed; that it could not run them is an error."""
    try:
        done = subprocess.run(
            command,
            cwd=where,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    said = done.stdout + done.stderr
    if done.returncode and not ("failed" in said and ("passed" in said or "test result" in said or "FAILED" in said)):
        raise SystemExit(f"{' '.join(command)} ran no tests:\n{said[-2000:]}")
    return done.returncode != 0


if __name__ == "__main__":
    raise SystemExit(main())
