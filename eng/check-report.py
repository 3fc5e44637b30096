#!/usr/bin/env python3
"""Checks a report of Rotunda alone: nothing but python3's own library and openssl.

    python3 check-report.py FOLDER [AUDIT.jsonl]

FOLDER is what 'rotunda report' wrote; AUDIT.jsonl what 'rotunda audit export' printed, then or later.
It checks the signature of checkpoint.json, the digests of the files, the chain of hashes of the audit up to the row that was
signed, and, for a report of a period, counts its numbers again from the rows. It prints what it checked; exit code 1 if anything is wrong.
"""
import datetime
import hashlib
import json
import os
import struct
import subprocess
import sys

problems = []


def check(good, what):
    print(("ok   " if good else "BAD  ") + what)
    if not good:
        problems.append(what)


def ledger_time(text):
    """The audit's own form: seven digits of a second, and a Z. An export has as many digits as are not zero."""
    text = text.replace("+00:00", "").rstrip("Z")
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(7, '0')}Z"


def field(text):
    if text is None:
        return struct.pack(">i", -1)
    data = text.encode("utf-8")
    return struct.pack(">i", len(data)) + data


def row_hash(row):
    """As docs/reports.md has it: the number, then each field with its length in front, the hash before among them."""
    data = struct.pack(">q", row["sequence"])
    for name in ("at", "actor", "action", "secret", "rotationId", "stepId", "detail", "previousHash"):
        value = row.get(name)
        data += field(ledger_time(value) if name == "at" else value)
    return hashlib.sha256(data).hexdigest()


def check_signature(folder):
    path = lambda name: os.path.join(folder, name)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", path("checkpoint.pem"), "-signature", path("checkpoint.sig"), path("checkpoint.json")],
        capture_output=True, text=True, check=False)
    check(done.returncode == 0, "checkpoint.json is signed by the key in checkpoint.pem")
    key = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", path("checkpoint.pem"), "-outform", "DER"], capture_output=True, check=False).stdout
    digest = hashlib.sha256(key).hexdigest()
    with open(path("checkpoint.json"), encoding="utf-8") as file:
        checkpoint = json.load(file)
    for name, expected in checkpoint["files"].items():
        with open(path(name), "rb") as file:
            check(hashlib.sha256(file.read()).hexdigest() == expected, f"{name} is what was signed")
    return checkpoint, digest


def check_chain(checkpoint, rows, key):
    before, bad = "0" * 64, None
    for number, row in enumerate(rows, 1):
        if row["sequence"] != number or row["previousHash"] != before or row_hash(row) != row["hash"]:
            bad = number
            break
        before = row["hash"]
    check(bad is None, f"the chain of {len(rows)} rows is whole" + ("" if bad is None else f", up to row {bad}"))
    signed = checkpoint["rows"]
    head = rows[signed - 1]["hash"] if 0 < signed <= len(rows) else "0" * 64 if signed == 0 else None
    check(head == checkpoint["head"], f"row {signed} has the hash that was signed")
    made = [row["detail"] for row in rows if row["action"] == "checkpoint.key-made"]
    check(key in made, "the audit has when this key was made")


def days_between(begin, end):
    parse = lambda text: datetime.datetime.fromisoformat(ledger_time(text)[:26] + "+00:00")
    return (parse(end) - parse(begin)).total_seconds() / 86400


def detail_of(row):
    try:
        detail = json.loads(row.get("detail") or "null")
        return detail if isinstance(detail, dict) else {}
    except ValueError:
        return {}


def check_numbers(report, rows):
    """Counts again what the report says, knowing nothing of how it was made."""
    begin, end = ledger_time(report["from"]), ledger_time(report["until"])
    listed = {one["name"]: one for one in report["secrets"]}
    in_use, adopted, rotations, orphans, leaks, seen = {}, {}, {}, set(), {}, 0
    for row in rows[:report["rows"]]:
        at, action, secret, detail = ledger_time(row["at"]), row["action"], row.get("secret"), detail_of(row)
        if secret is None or at >= period_end(report["period"]):
            continue
        seen += at >= begin
        rotation = row.get("rotationId")
        if action == "secret.renamed" and secret == detail.get("to"):
            for table in (in_use, adopted):
                if detail["from"] in table:
                    table[secret] = table.pop(detail["from"])
        elif action == "secret.adopted":
            adopted.setdefault(secret, at)
        elif action == "credential.promoted":
            in_use.setdefault(secret, []).append((at, rotation))
        elif action == "credential.unpromoted":
            if in_use.get(secret) and in_use[secret][-1][1] == rotation:
                in_use[secret].pop()
        elif action == "credential.orphaned":
            orphans.add(detail["credential"])
        elif action in ("credential.revoked", "credential.handed-over"):
            orphans.discard(detail["credential"])
            for (credential, _), leak in leaks.items():
                if action == "credential.revoked" and credential == detail["credential"]:
                    leak["dead"] = True
        elif action in ("leak.found", "leak.known-dead"):
            known = leaks.setdefault((detail["credential"], detail["incident"]), {"at": at, "dead": False})
            known["dead"] = known["dead"] or action == "leak.known-dead"
        elif action == "rotation.planned":
            rotations[rotation] = {"at": at, "trigger": detail["trigger"], "end": None}
        elif action.startswith("rotation.") and rotation in rotations:
            if action[len("rotation."):] in ("succeeded", "rolled-back", "rejected", "cancelled", "superseded"):
                rotations[rotation]["end"] = (at, action[len("rotation."):])
    started = [one for one in rotations.values() if one["at"] >= begin]
    ended = [one["end"][1] for one in rotations.values() if one["end"] and one["end"][0] >= begin]
    found = [leak for leak in leaks.values() if leak["at"] >= begin]
    ages = {}
    for name in listed:
        since = in_use[name][-1][0] if in_use.get(name) else adopted.get(name)
        ages[name] = days_between(since, end) if since else None
    timed = {name: one["frequencyDays"] for name, one in listed.items() if one.get("frequencyDays") is not None}
    again = {
        "secrets": len(listed),
        "withinFrequency": sum(1 for name, most in timed.items() if ages[name] is not None and ages[name] <= most),
        "overdue": sum(1 for name, most in timed.items() if ages[name] is not None and ages[name] > most),
        "withoutFrequency": sum(1 for name, one in listed.items() if one["inCatalog"] and name not in timed),
        "within90Days": sum(1 for age in ages.values() if age is not None and int(age // 1) <= 90),
        "rotationsStarted": len(started),
        "rotationsSucceeded": ended.count("succeeded"),
        "rotationsNotSucceeded": len(ended) - ended.count("succeeded"),
        "emergencies": sum(1 for one in started if one["trigger"] == "emergency"),
        "leaks": len(found),
        "leaksDead": sum(1 for leak in found if leak["dead"]),
        "orphans": len(orphans),
        "auditRows": seen,
    }
    for name, number in again.items():
        told = report["totals"][name]
        check(told == number, f"{name}: {told}" + ("" if told == number else f", counted again {number}"))
    wrong = [name for name, one in listed.items() if one.get("ageDays") != (None if ages[name] is None else int(ages[name] // 1))]
    check(not wrong, "the age of each secret" + (f": {', '.join(wrong[:5])}" if wrong else ""))


def period_end(period):
    """The first moment after a year, a quarter or a month."""
    year, _, part = period.partition("-")
    months = int(part[1]) * 3 if part.startswith("Q") else int(part) if part else 12
    year, month = int(year) + months // 12, months % 12 + 1
    return f"{year:04d}-{month:02d}-01T00:00:00.0000000Z"


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    if not os.path.exists(os.path.join(sys.argv[1], "checkpoint.json")):
        print("BAD  there is no checkpoint.json: the report is not signed" + (
            ". It is of some secrets alone (PARTIAL.txt)" if os.path.exists(os.path.join(sys.argv[1], "PARTIAL.txt")) else ""))
        return 1
    checkpoint, key = check_signature(sys.argv[1])
    print(f"     the key's digest is {key}: compare it with one that you were told by another way")
    if len(sys.argv) == 3:
        with open(sys.argv[2], encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
        check_chain(checkpoint, rows, key)
        path = os.path.join(sys.argv[1], "report.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                check_numbers(json.load(file), rows)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
