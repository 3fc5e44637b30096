#!/usr/bin/env python3
"""A complete program for Rotunda's `exec` provider (docs/exec-contract.md), to read and to start from.

It keeps the tokens of a small service of one's own in one JSON file, and can do everything the contract has: as a provider
it issues tokens or takes passwords, as a target it takes values, as a consumer it is restarted and checked. A real program does
two or three of these, against a real system.

    provider: { type: exec, program: ./tokens.py, operations: [issue, verify, revoke, list], parameters: { file: ./tokens.json } }
"""
import fcntl
import hashlib
import json
import os
import secrets
import sys


class Refused(Exception):
    """Nothing happened, and trying again will not help."""


class Later(Exception):
    """Nothing happened yet; it may work later."""


def digest(value):
    return hashlib.sha256(value.encode()).hexdigest()


def validate(request, state):
    return {"facts": {"tokens": len(state["tokens"])}}


def issue(request, state):
    value = secrets.token_urlsafe(32)
    name = "t-" + secrets.token_hex(4)
    state["tokens"][name] = {"label": request["label"], "digest": digest(value), "used": False}
    return {"credential": {"id": name}, "value": value, "facts": {"id": name}}


def apply(request, state):
    # The same again is harmless.
    state["passwords"][account_of(request)] = digest(request["value"])
    return {}


def verify(request, state):
    live = [token["digest"] for token in state["tokens"].values() if not token.get("disabled")] + list(state["passwords"].values())
    return {"validity": "valid" if digest(request["value"]) in live else "invalid", "detail": "looked up"}


def revoke(request, state):
    token = state["tokens"].pop(request["credential"]["id"], None)
    password = state["passwords"].pop(request["credential"]["account"], None)
    # What is gone already is a success, too.
    return {"outcome": "done" if token or password else "already-done"}


def list_(request, state):
    found = [(name, token) for name, token in state["tokens"].items() if token["label"].startswith(request["labelPrefix"])]
    return {"credentials": [{"id": name, "label": token["label"]} for name, token in found]}


def disable(request, state):
    return enabled(request, state, False)


def enable(request, state):
    return enabled(request, state, True)


def enabled(request, state, on):
    token = state["tokens"].get(request["credential"]["id"])
    if on and not token:
        raise Refused("there is no such token any more")
    if not token or token.get("disabled", False) is not on:
        return {"outcome": "already-done"}
    token["disabled"] = not on
    return {}


def report_use(request, state):
    token = state["tokens"].get(request["credential"]["id"])
    return {"use": "in-use" if token and token["used"] else "not-used", "detail": "by the last request"}


def capture(request, state):
    return {"captured": json.dumps(state["delivered"]) if state["delivered"] else None}


def deliver(request, state):
    before, state["delivered"] = state["delivered"], request["values"]
    return {"outcome": "already-done" if before == state["delivered"] else "done"}


def restore(request, state):
    state["delivered"] = json.loads(request["captured"]) if request["captured"] else None
    return {}


def confirm(request, state):
    if state["delivered"] != request["values"]:
        raise Later("what stands there is not what was delivered")
    return {"facts": {"fingerprint": request["values"]["primary"]["fingerprint"]}}


def restart(request, state):
    # Here a real program would run: systemctl restart …
    return {}


def check(request, state):
    if not state["healthy"]:
        raise Later("the service is not healthy yet")
    return {"facts": {"fingerprint": request["expected"]["primary"]}}


def account_of(request):
    account = request["credential"]["account"]
    if not account:
        raise Refused("there is no account to set a password for: set 'account' or 'accounts'")
    return account


OPERATIONS = {
    "validate": validate, "issue": issue, "apply": apply, "verify": verify, "revoke": revoke, "list": list_, "report-use": report_use,
    "disable": disable, "enable": enable,
    "capture": capture, "deliver": deliver, "restore": restore, "confirm": confirm, "restart": restart, "check": check,
}


def run(request):
    if request["version"] != 1:
        raise Refused("this program knows version 1 of the contract")
    path = request["parameters"]["file"]
    # Two runs at once would lose one's work: Rotunda may have been killed and started again while an earlier run goes on.
    with open(path + ".lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = {"tokens": {}, "passwords": {}, "delivered": None, "healthy": True}
        if os.path.exists(path):
            with open(path) as file:
                state.update(json.load(file))
        before = json.dumps(state, sort_keys=True)
        answer = OPERATIONS[request["operation"]](request, state)
        after = json.dumps(state, sort_keys=True)
        if after != before:
            # Whole or not at all, and readable by nobody else.
            with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            os.rename(path + ".new", path)
    return {"outcome": "done", **answer}


def main():
    request = json.load(sys.stdin)
    try:
        answer = run(request)
    except Refused as problem:
        answer = {"outcome": "rejected", "reason": str(problem)}
    except Later as problem:
        answer = {"outcome": "retry-later", "reason": str(problem), "retryAfterSeconds": 5}
    # Any other exception ends the program with code 1: Rotunda takes that as "nobody knows", which is the truth.
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
