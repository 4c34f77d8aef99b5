#!/usr/bin/env bash
# The fuzzers, for long and from a seed that nobody had before, which is printed: half an hour and more.
#   .ci/fuzz.sh [SEED [SECONDS]]     from that seed, the same once more; for so many seconds from each seed of a fuzzer, which is short
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need_dotnet
need_libclang
need_gcc
export HVBINDGEN_FUZZ=1 HVBINDGEN_SEED=${1:-$((100 + (RANDOM << 4 | RANDOM & 15) % 2000))}
[ -z "${2:-}" ] || export HVBINDGEN_FUZZ_SECONDS=$2
echo "HVBINDGEN_SEED=$HVBINDGEN_SEED"
build HvBindgen.sln
status=0
fuzz() {
    echo "== $1 $3"
    timeout 3000 dotnet "tests/$1/bin/Release/net10.0/$1.dll" -noLogo -noColor -showLiveOutput "${@:2}" || status=1
}

fuzz HvBindgen.Generator.Tests -namespace '*.Hostile'
fuzz HvBindgen.Mshv.Tests -namespace '*.Hostile'
fuzz HvBindgen.Mshv.Tests -class '*.HostileMessageTests'
fuzz HvBindgen.Mshv.Tests -class '*.ProgramComparisons'
fuzz HvBindgen.Emulation.Tests -class '*.HostileSystemTests'
fuzz HvBindgen.Emulation.Tests -class '*.ProcessorOracleTests'
fuzz HvBindgen.Emulation.Tests -class '*.InstructionSequenceTests'
[ "$status" = 0 ] || fail "the same once more: .ci/fuzz.sh $HVBINDGEN_SEED"
