#!/usr/bin/env bash
# Runs the guests' tests on the real driver, under both of its schedulers: in user-mode Linux, over the emulated device's own hypervisor,
# which is a process outside. Tests that are known to fail there stand in guests.known with the reason: they are counted as skipped, and
# one that passes is an error.
#   guests.sh                 ends with: N passed, N failed, N skipped
#   guests.sh SCHEDULER ARGS  one scheduler (core or root), with arguments of the runner; prints what the runner prints
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet

status=0
reason=$(mktemp)
shared=$(mktemp -d)
outside=
trap 'rm -rf "$shared" "$reason"; [ -z "$outside" ] || kill "$outside" 2>/dev/null || true' EXIT
kernel=$(./build.sh 2>"$reason") || status=$?
cat "$reason" >&2
if [ "$status" -eq 4 ]; then
    echo "skipped: $(tail -n 1 "$reason")"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
[ "$status" -eq 0 ] || exit "$status"
hypervisor=$(realpath Outside/bin/Release/net10.0/HvBindgen.Mshv.Outside.dll)
tests=$(realpath ../HvBindgen.Mshv.Tests/bin/Release/net10.0/HvBindgen.Mshv.Tests.dll)
[ -e "$hypervisor" ] && [ -e "$tests" ] || fail "build the solution first"

# What the runner prints is $shared/output, and what the hypervisor says $shared/said.
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
        wait "$outside" || status=$?
        outside=
        return "$status"
    fi
    ./run.sh "$kernel" "$shared" "${option[@]}" --hypervisor "$shared/hypervisor" \
        env HVBINDGEN_REAL_DRIVER=1 "$(command -v dotnet)" "$tests" -noLogo -noColor -parallelMode none "$@" || true
    status=0
    timeout 20 tail --pid="$outside" -f /dev/null || kill "$outside"
    wait "$outside" || status=$?
    outside=
    return "$status"
}

if [ "$#" -gt 0 ]; then
    on_driver "$@" || true
    cat "$shared/said" >&2
    exit
fi

# The runner says [FAIL] behind a test's name, [SKIP] likewise, and ends with: Total: 3, Errors: 0, Failed: 0, Skipped: 0, ...
sed -nE '/^#|^$/!p' guests.known | sort -u >"$shared/known"
passed=0 failed=0 skipped=0
for scheduler in core root; do
    started=$SECONDS ended=0
    on_driver "$scheduler" -namespace HvBindgen.Mshv.Tests.Guests >/dev/null 2>"$shared/errors" || ended=$?
    if [ "$ended" -eq 4 ]; then
        echo "skipped: guests do not run on the driver: $(tail -n 1 "$shared/said")"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
    read -r total left < <(sed -nE 's/.*Total: ([0-9]+), Errors: 0, Failed: [0-9]+, Skipped: ([0-9]+),.*/\1 \2/p' "$shared/output") ||
        { cat "$shared/output" "$shared/errors" "$shared/said"; fail "the tests came to no end under the $scheduler scheduler"; }
    sed -nE 's/^ *(HvBindgen\..*) \[FAIL\]$/\1/p' "$shared/output" | sort -u >"$shared/failed"
    new=$(comm -23 "$shared/failed" "$shared/known" | wc -l)
    stale=$(comm -13 "$shared/failed" "$shared/known" | sed 's/^/passes now, and is still in guests.known: /' | tee "$shared/stale" | wc -l)
    cat "$shared/stale"
    known=$(comm -12 "$shared/failed" "$shared/known" | wc -l)
    [ "$new" -eq 0 ] || cat "$shared/output" "$shared/said"
    sed -n '/ \[SKIP\]$/{n;s/^ */skipped: /p}' "$shared/output"
    awk '/^# /{reason = substr($0, 3)} /^[^#]/{print $0 "\t" reason}' guests.known | while IFS=$'\t' read -r name why; do
        ! grep -qxF "$name" "$shared/failed" || echo "skipped: $why"
    done
    echo "$scheduler scheduler: $total tests, $((SECONDS - started)) s; $(tail -n 1 "$shared/said")"
    passed=$((passed + total - new - known - left)) failed=$((failed + new + stale)) skipped=$((skipped + known + left))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
