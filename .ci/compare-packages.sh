#!/usr/bin/env bash
# Makes the packages in packages/ once more, from a fresh clone in another folder, and compares them byte for byte. Arguments are those of
# ./pack.sh. The committed state is what is compared, so nothing may differ from it.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need git git
compgen -G 'packages/*.nupkg' >/dev/null || fail "there are no packages: run ./pack.sh first"
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed: a clone would not have them"
second=$(mktemp -d -t hvbindgen-packages-XXXXXX)
trap 'rm -rf "$second"' EXIT
git clone --quiet . "$second/source"
remote=$(git remote get-url origin 2>/dev/null || true)
cd "$second/source"
# The clone's remote is a folder of this machine; packages name the repository's own.
if [ -n "$remote" ]; then git remote set-url origin "$remote"; else git remote remove origin; fi
./pack.sh "$@" >/dev/null
different=0 count=0
for file in "$OLDPWD"/packages/*.*nupkg "$OLDPWD"/packages/*.tar.gz; do
    [ -e "$file" ] || continue
    cmp "$file" "packages/$(basename "$file")" || different=1
    count=$((count + 1))
done
[ "$different" = 0 ] || fail "packages differ when they are made again"
echo "$count packages are the same to the byte in another folder"
