#!/usr/bin/env bash
# Runs the guests' tests, the emulated device's tests and the walks of page tables where KVM is complete.
# Tests that are known to fail there stand in known.txt with the reason: they are counted as skipped, and one that passes is an error.
# Those that fail at times stand there behind a question mark: they are counted as what they did. Another that fails is asked once more, and
# has failed if it fails again; what it said the first time is printed in any case.
# Ends with: N passed, N failed, N skipped
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet

make_or_skip ./build.sh
machine=$made

# Compiled for the machine, with their runtime: there the just-in-time compiler would be most of the time. In the repository, whose files
# some tests read.
publish() {
    dotnet publish "../$1" -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -v quiet -nologo \
        -clp:NoSummary
    realpath "../$1/bin/Release/net10.0/linux-x64/publish/$1"
}
mshv=$(publish HvBindgen.Mshv.Tests)
emulation=$(publish HvBindgen.Emulation.Tests)

# Of these nothing is learnt there: they run on processors in software alone, and the last meets QEMU's error codes of reserved bits, which
# are not those of processors (8,064 of its 27,648 accesses).
space=HvBindgen.Mshv.Tests
left=
for class in Guests.RepeatableGuests Guests.SoftwareGuests Emulator.AccessedPages Emulator.MemoryPermissions Emulator.SoftwareEngineParts \
    Emulator.SoftwareCpuidTests Guests.Systems.PageRightsGuests; do
    left+=" -class- $space.$class"
done
shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT
started=$SECONDS
there() {
    FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-900} ./run.sh "$machine" "$shared" sh -c "$1" || true
    mv "$shared/output" "$2"
}
log=$shared/first again=$shared/again
there "$mshv -noLogo -noColor -namespace $space.Guests -namespace $space.Guests.Programs -namespace $space.Guests.Systems \
    -namespace $space.Emulator -namespace $space.Conformance$left
$emulation -noLogo -noColor -class HvBindgen.Emulation.Tests.X64.PageWalkerKvmTests" "$log"

# The runner says [FAIL] behind a test's name, [SKIP] likewise with the reason on the next line, and ends each program with
# Total: 3, Errors: 0, Failed: 0, Skipped: 0, ...
ends() {
    grep -cE 'Total: [0-9]+, Errors: 0, ' "$1" || true
}
failed() {
    sed -nE 's/^ *(HvBindgen\..*) \[FAIL\]$/\1/p' "$1" | sort -u
}
# What the runner says in a log below a name, up to where in the code that was.
said() {
    name=$2 awk '
        is_said && (/^ *Stack Trace:/ || /^$/) {exit}
        is_said {sub(/^ +/, ""); printf "%s ", $0}
        {sub(/^ +/, "")} $0 == ENVIRON["name"] " [FAIL]" {is_said = 1}' "$1" | cut -c1-1000
}
[ "$(ends "$log")" -eq 2 ] || fail "the tests came to no end"
total=$(sed -nE 's/.*Total: ([0-9]+), Errors: .*/\1/p' "$log" | awk '{sum += $1} END {print sum}')
failed "$log" >"$shared/failed"
skipped=$(grep -c ' \[SKIP\]$' "$log" || true)
sed -nE '/^#|^\?|^$/!p' known.txt | sort -u >"$shared/always"
sed -nE '/^#|^$/!s/^\? //p' known.txt | sort -u - "$shared/always" >"$shared/known"
comm -23 "$shared/failed" "$shared/known" >"$shared/new"
stale=$(comm -13 "$shared/failed" "$shared/always" | sed 's/^/FAIL  passes now, and is still in known.txt: /' | tee "$shared/stale" | wc -l)
cat "$shared/stale"

# That processor errs at times, more often on a busy host (README.md). Many failures are no such errors.
new=$(wc -l <"$shared/new")
if [ "$new" -gt 0 ] && [ "$new" -le 3 ]; then
    programs= asked=0
    for program in "$mshv" "$emulation"; do
        # A row of a theory has no name that the runner takes: all rows are asked.
        methods=$(sed -nE "s/^(${program##*/}\.[^(]*).*/ -method \1/p" "$shared/new" | sort -u | tr -d '\n')
        [ -z "$methods" ] || { programs+="$program -noLogo -noColor$methods;" && asked=$((asked + 1)); }
    done
    echo "asked once more:"
    there "$programs" "$again"
    if [ "$(ends "$again")" -eq "$asked" ]; then
        failed "$again" | comm -12 "$shared/new" - >"$shared/twice"
        comm -23 "$shared/new" "$shared/twice" | while read -r name; do
            echo "failed once, and passed when it was asked again: $name: $(said "$log" "$name")"
        done
        mv "$shared/twice" "$shared/new"
        new=$(wc -l <"$shared/new")
    fi
fi
while read -r name; do
    echo "FAIL  $name: $(said "$log" "$name")"
done <"$shared/new"
known=$(comm -12 "$shared/failed" "$shared/known" | wc -l)
sed -n '/ \[SKIP\]$/{n;s/^ */skipped: /p}' "$log"
awk '/^# /{reason = substr($0, 3)} /^[^#]/{sub(/^[?] /, ""); print $0 "\t" reason}' known.txt | while IFS=$'\t' read -r name why; do
    ! grep -qxF "$name" "$shared/failed" || echo "skipped: $why"
done
echo "a full KVM: $total tests, $((SECONDS - started)) s"
echo "$((total - new - known - skipped)) passed, $((new + stale)) failed, $((known + skipped)) skipped"
[ "$((new + stale))" -eq 0 ]
