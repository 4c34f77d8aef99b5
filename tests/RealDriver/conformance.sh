#!/usr/bin/env bash
# Asks the real driver every case of the conformance suite, under both of its schedulers, and compares with what is written down. Then
# the library's tests of what it steers around.
#   conformance.sh            ends with: N passed, N failed, N skipped
#   conformance.sh --accept   writes down what it answers now
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
expected=../../runtime/HvBindgen.Mshv.Conformance/expected.txt
tool=$(realpath ../../generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll)
[ -e "$tool" ] || fail "build the solution first"

make_or_skip ./build.sh
kernel=$made

shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT
passed=0 failed=0
for scheduler in core root; do
    rm -f "$shared/report"
    option=()
    [ "$scheduler" = core ] || option=(--root-scheduler)
    started=$SECONDS
    ./run.sh "$kernel" "$shared" "${option[@]}" "$(command -v dotnet)" "$tool" doctor --conformance /dev/shm/host/report || true
    [ -s "$shared/report" ] || fail "the suite came to no end"
    grep -v '^#' "$shared/report" | sort >"$shared/answers"
    if [ "${1:-}" = --accept ] && [ "$scheduler" = core ]; then
        { echo "# What the driver of Linux answers, written by tests/RealDriver/conformance.sh --accept."; cat "$shared/answers"; } >"$expected"
    fi
    different=$(grep -v '^#' "$expected" | sort | comm -13 - "$shared/answers" | wc -l)
    cases=$(wc -l <"$shared/answers")
    grep -v '^#' "$expected" | sort | diff - "$shared/answers" | sed -n 's/^</  expected:/p; s/^>/  answered:/p' || true
    echo "$scheduler scheduler: $cases cases, $different answered otherwise, $((SECONDS - started)) s"
    passed=$((passed + cases - different)) failed=$((failed + different))
done

# The runner ends with: Total: 3, Errors: 0, Failed: 0, Skipped: 0, ...
tests=$(realpath ../HvBindgen.Mshv.Tests/bin/Release/net10.0/HvBindgen.Mshv.Tests.dll)
./run.sh "$kernel" "$shared" env HVBINDGEN_REAL_DRIVER=1 "$(command -v dotnet)" "$tests" -noLogo -noColor \
    -namespace HvBindgen.Mshv.Tests.RealDriver >"$shared/tests" || true
read -r total bad < <(sed -nE 's/.*Total: ([0-9]+), Errors: 0, Failed: ([0-9]+), Skipped: 0,.*/\1 \2/p' "$shared/tests") ||
    { cat "$shared/tests"; fail "the tests came to no end"; }
[ "$bad" -eq 0 ] || cat "$shared/tests"
echo "what the library steers around: $total tests, $bad failed"
passed=$((passed + total - bad)) failed=$((failed + bad))
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
