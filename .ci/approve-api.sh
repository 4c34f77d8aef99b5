#!/usr/bin/env bash
# Takes the libraries' public API as it is now for the approved one. Look at the difference before you commit it.
# What was released stands in PublicAPI.Shipped.txt; nothing has been yet, so all of it is "unshipped".
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need_dotnet
log=$(mktemp)
trap 'rm -f "$log"' EXIT
projects=()
for readme in runtime/*/README.md; do
    projects+=("$(dirname "$readme")")
done
for project in "${projects[@]}"; do
    echo '#nullable enable' | tee "$project/PublicAPI.Shipped.txt" >"$project/PublicAPI.Unshipped.txt"
done
for project in "${projects[@]}"; do
    # Quiet about the rest: with empty lists every public symbol is reported, by the very text that belongs into the list.
    dotnet build "$project" -c Release -nologo -v quiet -clp:NoSummary --no-incremental \
        -p:CheckPublicApi=true -p:TreatWarningsAsErrors=false >>"$log"
done
for project in "${projects[@]}"; do
    sed -nE "s/.*RS0016: Symbol '(.*)' is not part of .*\[.*\/$(basename "$project")\.csproj\]\$/\1/p" "$log" |
        LC_ALL=C sort -u >>"$project/PublicAPI.Unshipped.txt"
    echo "$project: $(($(wc -l <"$project/PublicAPI.Unshipped.txt") - 1)) symbols"
done
