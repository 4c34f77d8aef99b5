#!/usr/bin/env bash
# Programs that know nothing of this project, on the emulated device: mshv-run with a client in C, then with QEMU as Debian has it.
# Each line says what was tried. Ends with: N passed, N failed, N skipped.
#   CLIENT_KICKS=10000  signals after each delay
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh

nothing() {
    echo "skipped: $*"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

[ "$(uname -m)" = x86_64 ] || nothing "mshv-run is for x86-64"
[ -r /dev/kvm ] && [ -w /dev/kvm ] || nothing "/dev/kvm cannot be opened here"
headers=../../headers
[ -e "$headers/downloaded/usr/include/linux/mshv.h" ] || fail "the kernel's headers are missing: run ./regenerate.sh first"
need_dotnet
need_gcc

away=$(mktemp -d)
qemu_id=
end() {
    [ -z "$qemu_id" ] || kill "$qemu_id" 2>/dev/null || true
    rm -rf "$away"
}
trap end EXIT
passed=0 failed=0 skipped=0

pass() {
    echo "pass  $1"
    passed=$((passed + 1))
}

fails() {
    echo "FAIL  $1"
    failed=$((failed + 1))
}

# check NAME COMMAND...: the command's exit code decides; its output is shown when it fails.
check() {
    if "${@:2}" >"$away/log" 2>&1; then
        pass "$1"
    else
        fails "$1"
        sed 's/^/      /' "$away/log" | tail -n 40
    fi
}

exits() {
    local code=0
    "${@:2}" || code=$?
    echo "exit code $code"
    [ "$code" -eq "$1" ]
}

../../runtime/HvBindgen.Mshv.Run/build.sh "$away/run"
run=$away/run/mshv-run
gcc -std=gnu17 -O2 -Wall -Wextra -Werror -I "$headers/shim" -I "$headers" -I "$headers/downloaded" \
    -I "$headers/downloaded/usr/include/x86_64-linux-gnu" -I "$headers/downloaded/usr/include" -o "$away/client" ./*.c -lpthread
echo 'int main(void) { return 7; }' >"$away/seven.c"
gcc -o "$away/seven" "$away/seven.c"
gcc -static -o "$away/static" "$away/seven.c"

check "a command's exit code is mshv-run's" exits 7 "$run" "$away/seven"
check "a command that is not there is 127" exits 127 "$run" "$away/nowhere"
check "a program that is linked statically is refused" exits 126 "$run" "$away/static"
check "a command alone is asked for" exits 126 "$run"
check "commands are found in PATH, and see a device" "$run" sh -c 'test -c /dev/mshv && test -w /dev/mshv && ls -l /dev/mshv'

started=$SECONDS
timeout 600 "$run" "$away/client" | tee "$away/log" || true
read -r good bad _ < <(tail -n 1 "$away/log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p') ||
    fail "the client came to no end"
passed=$((passed + good)) failed=$((failed + bad))
echo "client in C: $((SECONDS - started)) s"

. ./boot.sh

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
