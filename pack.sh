#!/usr/bin/env bash
# Makes every package of the repository into packages/ (ignored by git).
#   ./pack.sh              all packages; the tool natively for linux-x64 and linux-arm64, and for the .NET runtime
#   ./pack.sh --host-only  leaves out the native tool of the other architecture
set -euo pipefail
cd "$(dirname "$0")"
. .ci/setup.sh

cross=1
for argument in "$@"; do
    case "$argument" in
        --host-only) cross= ;;
        *) fail "unknown argument $argument" ;;
    esac
done

need_dotnet
need_gcc
[ -e /usr/include/zlib.h ] || install_packages zlib1g-dev
rm -rf packages
mkdir packages
# The time in packages is that of the commit, so that they are the same to the byte whoever makes them, and when.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)}
export SOURCE_DATE_EPOCH
pack() {
    echo "packing $*"
    quietly dotnet pack "$@" -c Release -o packages -v quiet -nologo -clp:NoSummary
}

for project in runtime/*/; do
    [ ! -e "$project/README.md" ] || pack "$project" -p:CheckPublicApi=true
done

pack generator/HvBindgen.Uapi -p:RunAnalyzers=false
pack generator/HvBindgen.Build -p:RunAnalyzers=false

# A build has run the analyzers; each runtime identifier would run them once more.
tool=(generator/HvBindgen.Cli -p:RunAnalyzers=false)
pack "${tool[@]}"
pack "${tool[@]}" -r any
case "$(uname -m)" in
    x86_64) host=linux-x64 other=linux-arm64 triple=aarch64-linux-gnu package=gcc-aarch64-linux-gnu ;;
    aarch64) host=linux-arm64 other=linux-x64 triple=x86_64-linux-gnu package=gcc-x86-64-linux-gnu ;;
    *) host= other= ;;
esac
if [ -n "$host" ]; then
    # The native linker step names its target in clang's way; gcc does for the machine's own.
    pack "${tool[@]}" -r "$host" -p:CppCompilerAndLinker=gcc
    if [ -n "$cross" ]; then
        need "$triple-gcc" "$package"
        need_clang
        pack "${tool[@]}" -r "$other" -p:CppCompilerAndLinker="$(any_clang)" -p:ObjCopyName="$triple-objcopy"
    fi
fi

# For programs in other languages; no package of .NET's, which they would have to install first.
if [ "$host" = linux-x64 ]; then
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    runtime/HvBindgen.Mshv.Run/build.sh "$made/mshv-run"
    cp LICENSE runtime/emulator.md "$made/mshv-run"
    tar -C "$made" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --mode=u+rw,go+r-w -c mshv-run |
        gzip -n9 >packages/mshv-run-linux-x64.tar.gz
fi
ls -1 packages
