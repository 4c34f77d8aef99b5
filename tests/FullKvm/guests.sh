#!/usr/bin/env bash
# Runs the guests' tests, the emulated device's tests and the walks of page tables where KVM is complete.
# Tests that are known to fail there stand in known.txt with the reason: they are counted as skipped, and one that passes is an error.
# Those that fail at times stand there behind a question mark: they are counted as what they did.
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
FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-900} ./run.sh "$machine" "$shared" sh -c "
$mshv -noLogo -noColor -namespace $space.Guests -namespace $space.Guests.Programs -namespace $space.Guests.Systems \
    -namespace $space.Emulator -namespace $space.Conformance$left
$emulation -noLogo -noColor -class HvBindgen.Emulation.Tests.X64.PageWalkerKvmTests" || true

# The runner says [FAIL] behind a test's name, [SKIP] likewise with the reason on the next line, and ends each program with
# Total: 3, Errors: 0, Failed: 0, Skipped: 0, ...
log=$shared/output
[ "$(grep -cE 'Total: [0-9]+, Errors: 0, ' "$log")" -eq 2 ] || fail "the tests came to no end"
total=$(sed -nE 's/.*Total: ([0-9]+), Errors: .*/\1/p' "$log" | awk '{sum += $1} END {print sum}')
sed -nE 's/^ *(HvBindgen\..*) \[FAIL\]$/\1/p' "$log" | sort -u >"$shared/failed"
skipped=$(grep -c ' \[SKIP\]$' "$log" || true)
sed -nE '/^#|^\?|^$/!p' known.txt | sort -u >"$shared/always"
sed -nE '/^#|^$/!s/^\? //p' known.txt | sort -u - "$shared/always" >"$shared/known"
new=$(comm -23 "$shared/failed" "$shared/known" | wc -l)
stale=$(comm -13 "$shared/failed" "$shared/always" | sed 's/^/FAIL  passes now, and is still in known.txt: /' | tee "$shared/stale" | wc -l)
cat "$shared/stale"
# What the runner says below the name, up to where in the code that was.
comm -23 "$shared/failed" "$shared/known" | while read -r name; do
    echo "FAIL  $name: $(name=$name awk '
        is_said && (/^ *Stack Trace:/ || /^$/) {exit}
        is_said {sub(/^ +/, ""); printf "%s ", $0}
        {sub(/^ +/, "")} $0 == ENVIRON["name"] " [FAIL]" {is_said = 1}' "$log" | cut -c1-1000)"
done
known=$(comm -12 "$shared/failed" "$shared/known" | wc -l)
sed -n '/ \[SKIP\]$/{n;s/^ */skipped: /p}' "$log"
awk '/^# /{reason = substr($0, 3)} /^[^#]/{sub(/^[?] /, ""); print $0 "\t" reason}' known.txt | while IFS=$'\t' read -r name why; do
    ! grep -qxF "$name" "$shared/failed" || echo "skipped: $why"
done
echo "a full KVM: $total tests, $((SECONDS - started)) s"
echo "$((total - new - known - skipped)) passed, $((new + stale)) failed, $((known + skipped)) skipped"
[ "$((new + stale))" -eq 0 ]
