#!/usr/bin/env bash
# Makes the packages in packages/ once more, from nothing, and compares them byte for byte. Arguments are those of ./pack.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

compgen -G 'packages/*.nupkg' >/dev/null || fail "there are no packages: run ./pack.sh first"
first=$(mktemp -d)
trap 'rm -rf "$first"' EXIT
cp packages/*.*nupkg packages/*.tar.gz "$first"
for readme in runtime/*/README.md generator/*/README.md; do
    rm -rf "$(dirname "$readme")"/{bin,obj}/Release
done
./pack.sh "$@" >/dev/null
different=0
for file in "$first"/*; do
    cmp "$file" "packages/$(basename "$file")" || different=1
done
[ "$different" = 0 ] || fail "packages differ when they are made again"
echo "$(ls "$first" | wc -l) packages are the same to the byte"
