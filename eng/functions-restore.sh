#!/usr/bin/env bash
# Says whether a failed restore of the Functions head only means that its packages cannot be had here.
# usage: functions-restore.sh EXIT-CODE <restore's output. Prints one line; ends with 0 if the head may be left out, else with 1.
set -uo pipefail
code="$1"
log="$(cat)"
errors="$(grep -E "error|warning as error" -i <<<"$log" | grep -vE "^ *0 Error" || true)"
codes="$(grep -oE "error [A-Z]+[0-9]+" <<<"$errors" | sed 's/error //' | sort -u)"

# NU1101, NU1102, NU1103, NU1603: the source does not serve the package or the version. NU1301, NU1900: the source cannot be reached.
other="$(grep -vE "^(NU1101|NU1102|NU1103|NU1603|NU1301|NU1900)$" <<<"$codes" | grep . || true)"
if [[ -n "$other" ]] || { [[ -z "$codes" ]] && [[ "$code" -ne 124 ]]; }; then
    echo "the restore of the Functions head failed: $(head -1 <<<"${errors:-$log}")"
    exit 1
fi

missing="$(grep -oE "Unable to find (a stable )?package [A-Za-z0-9.]+|but [A-Za-z0-9.]+ [0-9]" <<<"$log" | sed -E 's/ [0-9]$//' | sed -E 's/.* //; s/\.$//' | sort -u | tr '\n' ' ')"
if [[ -n "$missing" ]]; then
    echo "Functions head: not built, the package source lacks some of its packages (missing: ${missing% })"
elif [[ "$code" -eq 124 ]]; then
    echo "Functions head: not built, the package source gave no answer within two minutes"
else
    echo "Functions head: not built, the package source cannot be reached ($(head -1 <<<"$errors" | sed 's/.*error /error /'))"
fi
