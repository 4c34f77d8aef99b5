#!/usr/bin/env bash
# Builds everything and runs all tests; the C compilers that serve as oracle are installed if they are missing.
# Ends with one line: N passed, N failed, N skipped.
#   ./test.sh            the tests
#   ./test.sh --sweep    also every header of linux-libc-dev for four machines, headers of other projects, releases compared with their
#                        successors, some hundred thousand random instructions, and minutes of damaged input, from seeds that it prints (a
#                        quarter of an hour more); of every third header where HVBINDGEN_SWEEP is 3
#   ./test.sh --packages also makes the packages and uses them as a stranger would
#   ./test.sh --clients  also lets programs that know nothing of this repository use the emulated device: one in C, and QEMU
#   ./test.sh --parser   only what depends on the version of libclang
#   ./test.sh --driver   also asks the driver of Linux in user-mode Linux, and runs guests on it; the first time its kernel is fetched and
#                        built
#   ./test.sh --built    everything is built already
#   ./test.sh --fullkvm  also runs guests where KVM is complete, on an emulated processor (a few minutes more)
set -euo pipefail
cd "$(dirname "$0")"
. .ci/setup.sh

sweep= packages= driver= clients= parser= fullkvm= built=
for argument in "$@"; do
    case "$argument" in
        --sweep) sweep=1; export HVBINDGEN_SWEEP=${HVBINDGEN_SWEEP:-1} ;;
        --packages) packages=1 ;;
        --driver) driver=1 ;;
        --clients) clients=1 ;;
        --parser) parser=1 ;;
        --fullkvm) fullkvm=1 ;;
        --built) built=1 ;;
        *) fail "unknown argument $argument" ;;
    esac
done

# Each command of the SDK leaves folders among the temporary files, and each .NET program that a test ends a socket: they go with this one.
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
export TMPDIR=$temporary
# What an assertion found is printed whole: names of files, not their beginnings.
export XUNIT_PRINT_MAX_STRING_LENGTH=1000 XUNIT_PRINT_MAX_ENUMERABLE_LENGTH=20

need_dotnet
need_libclang
need_gcc
need_clang
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
[ -e /usr/aarch64-linux-gnu/include/stdint.h ] || install_packages libc6-dev-arm64-cross
need s390x-linux-gnu-gcc gcc-s390x-linux-gnu
need abidiff abigail-tools
need jq jq
need make make
need gdb gdb
need dtc device-tree-compiler

[ -n "$built" ] || build HvBindgen.sln
dotnet generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll headers sync

passed=0 failed=0 skipped=0 status=0
log=$(mktemp) reasons=$(mktemp) failures=$(mktemp)
# A part that hangs fails after this many seconds, and the others have their turn.
limit=1500
run() {
    echo "== $1"
    # Most tests start programs that live for a second, and never use the profile that they would take. Guests in software run for longer.
    local profile=0
    [[ $1 != HvBindgen.@(Emulation|Mshv|Samples).* ]] || profile=1
    DOTNET_TieredPGO=$profile timeout "$limit" dotnet "tests/$1/bin/Release/net10.0/$1.dll" -noLogo -noColor "${@:2}" | tee "$log" || status=1

    # The runner says [SKIP] behind a test's name, and the reason on the next line; [FAIL] likewise, and what happened behind it.
    sed -n '/ \[SKIP\]$/{n;s/^ *//p}' "$log" >>"$reasons"
    sed -n '/ \[FAIL\]$/,+9p' "$log" >>"$failures"

    # The runner closes with: Total: 370, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 26.888s
    local summary total errors bad left
    summary=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1) || { echo "FAIL  $1 gave no summary" | tee -a "$failures"; status=1; return; }
    total=$(number "Total" "$summary") errors=$(number "Errors" "$summary")
    bad=$(number "Failed" "$summary") left=$(number "Skipped" "$summary")
    echo "$1: done at $SECONDS s"
    passed=$((passed + total - bad - left)) failed=$((failed + bad + errors)) skipped=$((skipped + left))
}

number() {
    sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$2"
}

if [ -n "$parser" ]; then
    run HvBindgen.Generator.Tests -namespace '*.Clang' -namespace '*.Parsing' -namespace '*.Emit'
    run HvBindgen.Layout.Tests
else
    for project in tests/*.Tests; do
        run "$(basename "$project")" ${sweep:+-showLiveOutput}
    done

    # The same guests on processors in software, which need no KVM.
    HVBINDGEN_MSHV=software run HvBindgen.Mshv.Tests -namespace HvBindgen.Mshv.Tests.Emulator -namespace HvBindgen.Mshv.Tests.Guests \
        -namespace HvBindgen.Mshv.Tests.Conformance
fi
[ -z "$sweep" ] || run HvBindgen.Sweep -showLiveOutput

# A script that closes with: N passed, N failed, N skipped
add() {
    echo "== $1"
    timeout "$limit" "${@:2}" | tee "$log" || status=1
    echo "$1: done at $SECONDS s"
    sed -n '/^FAIL  /,+9p' "$log" >>"$failures"
    local good bad left
    read -r good bad left < <(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p') ||
        { echo "FAIL  $1 gave no summary" | tee -a "$failures"; status=1; return; }
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    sed -n 's/^skipped: //p' "$log" >>"$reasons"
}

if [ -n "$packages" ]; then
    ./pack.sh --host-only
    add packages tests/Packages/consume.sh
fi
[ -z "$clients" ] || add "other programs" tests/Clients/clients.sh
[ -z "$driver" ] || add "the driver of Linux" tests/RealDriver/conformance.sh
[ -z "$driver" ] || add "guests on the driver of Linux" tests/RealDriver/guests.sh
[ -z "$fullkvm" ] || add "guests on a full KVM" tests/FullKvm/guests.sh
[ -z "$fullkvm" ] || add "input devices" tests/FullKvm/input.sh
[ -z "$fullkvm" ] || add "Linux on a full KVM" tests/FullKvm/linux.sh
[ -z "$fullkvm" ] || add "the sample with Linux on a full KVM" tests/FullKvm/sample.sh

if [ -s "$failures" ]; then
    echo "== failed:"
    cat "$failures"
fi
if [ -s "$reasons" ]; then
    echo "== skipped because:"
    sort "$reasons" | uniq -c | sort -rn
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ]
