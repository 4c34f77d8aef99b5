#!/usr/bin/env bash
# Has the sample that watches input devices see a keyboard: one that keyboard.c makes with uinput, here where the kernel lets it, else on
# the machine with a full KVM, whose kernel has uinput.
# Ends with: N passed, N failed, N skipped
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet
need_gcc

sample=$(realpath ../../samples/EvdevWatch/bin/Release/net10.0/EvdevWatch.dll)
[ -e "$sample" ] || fail "build the solution first"
shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT
gcc -O2 -Wall -Werror -static -o "$shared/keyboard" keyboard.c
watch=("$shared/keyboard" "$(command -v dotnet)" "$sample")

if [ -w /dev/uinput ] && [ -d /dev/input ]; then
    where="this machine"
    "${watch[@]}" >"$shared/said" 2>&1 && status=0 || status=$?
else
    where="a machine of its own"
    status=0
    make_or_skip ./build.sh ", and there is no /dev/uinput here"
    FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-150} ./run.sh "$made" "$shared" "${watch[@]}" >"$shared/said" 2>&1 || status=$?
fi

if [ "$status" -eq 0 ]; then
    echo "a keyboard on $where: listed, its key pressed and released, gone"
    echo "1 passed, 0 failed, 0 skipped"
else
    echo "FAIL  a keyboard on $where is not what EvdevWatch tells of:"
    sed 's/^/      /' "$shared/said"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
