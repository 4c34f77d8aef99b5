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
need unzip unzip
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

# refused TEXT COMMAND...: succeeds when the command fails and prints the text.
refused() {
    local text=$1 output
    shift
    output=$("$@" 2>&1) && { echo "$output"; return 1; }
    echo "$output"
    [[ $output == *"$text"* ]]
}

skip() {
    echo "skip  $1: $2"
    skipped=$((skipped + 1))
}

# sizes_agree: whether each package is as large as the table of samples/consuming-the-packages.md says, within a tenth.
sizes_agree() {
    local name number unit file bytes status=0 count=0
    while read -r name number unit; do
        file=$packages/$name.$version.nupkg
        [ "$name" != HvBindgen.Tool ] || file=$packages/$name.linux-x64.$version.nupkg
        bytes=$(stat -c %s "$file") || return 1
        count=$((count + 1))
        awk -v bytes="$bytes" -v number="$number" -v unit="$unit" -v name="$name" 'BEGIN {
            said = number * (unit == "MB" ? 1000000 : 1000)
            if (bytes > said * 1.1 || bytes < said * 0.9) { print name ": " bytes " bytes, the table says " number " " unit; exit 1 }
        }' || status=1
    done < <(sed -nE 's/^\| `(HvBindgen[A-Za-z.]*)` \| ([0-9.]+) (KB|MB) \|.*/\1 \2 \3/p' "$here/../../samples/consuming-the-packages.md")
    echo "$count packages"
    [ "$count" -ge 7 ] && [ "$status" -eq 0 ]
}

# names_repository: whether a package names the repository that its publisher gives.
names_repository() (
    cd "$here/../../runtime/HvBindgen.Abi"
    export REPOSITORY_URL=https://example.org/owner/project
    dotnet pack -c Release -v quiet -nologo -o "$away/published" || exit 1
    unzip -p "$away/published/HvBindgen.Abi.$version.nupkg" HvBindgen.Abi.nuspec >"$away/published/nuspec"
    cat "$away/published/nuspec"
    grep -q "<projectUrl>$REPOSITORY_URL</projectUrl>" "$away/published/nuspec" &&
        grep -q "<repository type=\"git\" url=\"$REPOSITORY_URL\"" "$away/published/nuspec"
)

if [ -e "$packages/HvBindgen.Tool.linux-x64.$version.nupkg" ]; then
    check "packages are as large as the guide says" sizes_agree
else
    skip "packages are as large as the guide says" "the table is of linux-x64"
fi
check "packages name the repository that their publisher gives" names_repository

. "$here/tool.sh"
. "$here/sets.sh"
. "$here/runtime.sh"
. "$here/uapi.sh"
. "$here/build.sh"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
