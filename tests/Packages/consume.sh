#!/usr/bin/env bash
# Uses the packages of ./pack.sh as a stranger would: in empty folders outside the repository, from the packages alone.
# Each line says what was tried. Ends with: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")"
packages=$(cd ../../packages 2>/dev/null && pwd) || { echo "no packages: run ./pack.sh first" >&2; exit 3; }
here=$PWD
. ../../.ci/setup.sh

need_dotnet
need gcc gcc
need_libclang
[ -e /usr/include/linux/vfio.h ] || install_packages linux-libc-dev
[ -e /usr/include/zlib.h ] || install_packages zlib1g-dev

away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
# Nothing comes from a cache that an earlier build has filled with packages of the same version.
export NUGET_PACKAGES=$away/nuget
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' ../../Directory.Build.props)
passed=0 failed=0 skipped=0

# check NAME COMMAND...: the command's exit code decides; its output is shown when it fails.
check() {
    local name=$1
    shift
    if "$@" >"$away/log" 2>&1; then
        echo "pass  $name"
        passed=$((passed + 1))
    else
        echo "FAIL  $name"
        sed 's/^/      /' "$away/log" | tail -n 40
        failed=$((failed + 1))
    fi
}

# says TEXT COMMAND...: succeeds when the command prints the text.
says() {
    local text=$1
    shift
    local output
    output=$("$@" 2>&1) || { echo "$output"; return 1; }
    echo "$output"
    [[ $output == *"$text"* ]]
}

# exits CODE COMMAND...: succeeds when the command exits with the code.
exits() {
    local code=0
    "${@:2}" || code=$?
    echo "exit code $code"
    [ "$code" -eq "$1" ]
}

skip() {
    echo "skip  $1: $2"
    skipped=$((skipped + 1))
}

. "$here/tool.sh"
. "$here/sets.sh"
. "$here/runtime.sh"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
