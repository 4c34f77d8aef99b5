#!/usr/bin/env bash
# The published tool comparing two mshv snapshots against abidiff comparing two object files of the same headers.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/setup.sh
. tests/Benchmarks/compare.sh

need_dotnet
need gcc gcc
need abidiff abigail-tools
[ -x /usr/bin/time ] || install_packages time
[ -d headers/downloaded ] || ./regenerate.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish generator/HvBindgen.Cli -r linux-x64 -c Release -o "$work/tool" -v quiet -nologo >&2
headers=$PWD/headers

# The same change on both sides: one member renamed. abidiff reads only objects that have a symbol.
mkdir -p "$work/changed/linux"
sed 's/pt_isolation;/pt_isolated;/' headers/downloaded/usr/include/linux/mshv.h >"$work/changed/linux/mshv.h"
printf '#include <%s>\n' kernel.h linux/mshv.h hyperv/hvhdk.h hyperv/hvgdk.h hyperv/hvgdk_ext.h >"$work/all.c"
echo 'int marker(void) { return 0; }' >>"$work/all.c"
for side in before after; do
    changed=()
    [ "$side" = before ] || changed=(-isystem "$work/changed")
    gcc -g -c -fno-eliminate-unused-debug-types -nostdinc "$work/all.c" -o "$work/$side.o" "${changed[@]}" \
        -isystem "$headers/shim" -isystem "$headers" -isystem "$headers/downloaded" \
        -isystem "$headers/downloaded/usr/include/x86_64-linux-gnu" -isystem "$headers/downloaded/usr/include"
done
cp headers/abi/mshv.x86_64.json "$work/before.json"
sed 's/"name":"pt_isolation"/"name":"pt_isolated"/' "$work/before.json" >"$work/after.json"

A=("$work/tool/hvbindgen" diff "$work/before.json" "$work/after.json")
B=(abidiff --non-reachable-types "$work/before.o" "$work/after.o")
compare hvbindgen abidiff
