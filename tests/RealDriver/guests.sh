#!/usr/bin/env bash
# Runs the guests' tests and the conformance suite on the real driver, under both of its schedulers: in user-mode Linux, over the
# emulated device's own hypervisor, which is a process outside.
# What is known to fail, or to answer otherwise than over the model, stands in guests.known with the reason: it is counted as skipped,
# and what is there and passes is an error.
#   guests.sh                 ends with: N passed, N failed, N skipped
#   guests.sh SCHEDULER ARGS  tests under one scheduler (core or root), with arguments of the runner; prints what the runner prints
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet

make_or_skip ./build.sh
kernel=$made
shared=$(mktemp -d)
outside=
trap 'rm -rf "$shared"; [ -z "$outside" ] || kill "$outside" 2>/dev/null || true' EXIT
hypervisor=$(realpath Outside/bin/Release/net10.0/HvBindgen.Mshv.Outside.dll)
tests=$(realpath ../HvBindgen.Mshv.Tests/bin/Release/net10.0/HvBindgen.Mshv.Tests.dll)
tool=$(realpath ../../generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll)
expected=../../runtime/HvBindgen.Mshv.Conformance/expected.txt
[ -e "$hypervisor" ] && [ -e "$tests" ] && [ -e "$tool" ] || fail "build the solution first"

# on_driver SCHEDULER COMMAND...: what the command prints is $shared/output, and what the hypervisor says $shared/said.
on_driver() {
    local scheduler=$1 option=() waited
    shift
    [ "$scheduler" = core ] || option=(--root-scheduler)
    rm -f "$shared/hypervisor" "$shared/output"
    dotnet "$hypervisor" "$shared/hypervisor" 2>"$shared/said" &
    outside=$!
    for ((waited = 0; waited < 300; waited++)); do
        [ ! -e "$shared/hypervisor" ] && kill -0 "$outside" 2>/dev/null || break
        sleep 0.1
    done
    if [ ! -e "$shared/hypervisor" ]; then
        status=0
        kill "$outside" 2>/dev/null || true
        wait "$outside" || status=$?
        outside=
        return "$status"
    fi
    ./run.sh "$kernel" "$shared" "${option[@]}" --hypervisor "$shared/hypervisor" \
        env HVBINDGEN_REAL_DRIVER=1 "$(command -v dotnet)" "$@" || true
    status=0
    timeout 20 tail --pid="$outside" -f /dev/null || kill "$outside"
    wait "$outside" || status=$?
    outside=
    return "$status"
}

run_tests=("$tests" -noLogo -noColor -parallelMode none)
if [ "$#" -gt 0 ]; then
    on_driver "$1" "${run_tests[@]}" "${@:2}" || true
    cat "$shared/said" >&2
    exit
fi

# The runner says [FAIL] behind a test's name, [SKIP] likewise, and ends with: Total: 3, Errors: 0, Failed: 0, Skipped: 0, ...
sed -nE '/^#|^$/!p' guests.known | sort -u >"$shared/known"
passed=0 failed=0 skipped=0
for scheduler in core root; do
    # Once, beside a machine with more to do than it had cores for, they came to no end in the time that run.sh gives.
    for attempt in first second; do
        started=$SECONDS ended=0
        on_driver "$scheduler" "${run_tests[@]}" -namespace HvBindgen.Mshv.Tests.Guests >/dev/null 2>"$shared/errors" || ended=$?
        if [ "$ended" -eq 4 ]; then
            echo "skipped: guests do not run on the driver: $(tail -n 1 "$shared/said")"
            echo "0 passed, 0 failed, 1 skipped"
            exit 0
        fi
        ! read -r total left < <(sed -nE 's/.*Total: ([0-9]+), Errors: 0, Failed: [0-9]+, Skipped: ([0-9]+),.*/\1 \2/p' "$shared/output") ||
            break
        cat "$shared/output" "$shared/errors" "$shared/said"
        [ "$attempt" = first ] || fail "the tests came to no end under the $scheduler scheduler, twice"
        echo "the tests came to no end under the $scheduler scheduler, and run once more"
    done
    sed -nE 's/^ *(HvBindgen\..*) \[FAIL\]$/\1/p' "$shared/output" >"$shared/failures"
    sed -n '/ \[SKIP\]$/{n;s/^ */skipped: /p}' "$shared/output"
    cp "$shared/output" "$shared/log"
    cat "$shared/said" >>"$shared/log"
    echo "$scheduler scheduler: $total tests, $((SECONDS - started)) s; $(tail -n 1 "$shared/said")"

    started=$SECONDS
    rm -f "$shared/report"
    on_driver "$scheduler" "$tool" doctor --conformance /dev/shm/host/report >/dev/null 2>"$shared/errors" || true
    [ -s "$shared/report" ] || { cat "$shared/output" "$shared/errors" "$shared/said"; fail "the suite came to no end"; }
    grep -v '^#' "$shared/report" | sort >"$shared/answers"
    cases=$(wc -l <"$shared/answers")
    grep -v '^#' "$expected" | sort | comm -13 - "$shared/answers" | tee -a "$shared/log" | sed 's/ :: .*//' >>"$shared/failures"
    echo "$scheduler scheduler: $cases cases, $((SECONDS - started)) s; $(tail -n 1 "$shared/said")"

    sort -u "$shared/failures" >"$shared/failed"
    new=$(comm -23 "$shared/failed" "$shared/known" | wc -l)
    comm -13 "$shared/failed" "$shared/known" | sed 's/^/FAIL  passes now, and is still in guests.known: /' >"$shared/stale"
    stale=$(wc -l <"$shared/stale")
    cat "$shared/stale"
    comm -23 "$shared/failed" "$shared/known" | sed 's/^/FAIL  /'
    known=$(comm -12 "$shared/failed" "$shared/known" | wc -l)
    [ "$new" -eq 0 ] || cat "$shared/log"
    awk '/^# /{reason = substr($0, 3)} /^[^#]/{print $0 "\t" reason}' guests.known | while IFS=$'\t' read -r name why; do
        ! grep -qxF "$name" "$shared/failed" || echo "skipped: $why"
    done
    passed=$((passed + total + cases - new - known - left)) failed=$((failed + new + stale)) skipped=$((skipped + known + left))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
