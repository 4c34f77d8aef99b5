#!/usr/bin/env bash
# Runs tests compiled for arm64, on processors in software too, where the machine is x86-64: QEMU's user emulation carries the process.
# QEMU and the C library of arm64 come from Debian, into the user's cache folder; nothing is installed.
#   run.sh [PROJECT [ARGUMENTS OF THE TEST PROGRAM]]
# Without a project: the processor's tests and the guests' tests of the emulated device.
# Ends with: N passed, N failed, N skipped
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
. ../../.ci/apt.sh
need_dotnet

suite=bookworm
left_out() {
    echo "skipped: $*"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

[ "$(uname -m)" = x86_64 ] || left_out "QEMU is the one of x86-64"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvbindgen/arm64
root=$cache/root-$(cat run.sh ../../.ci/apt.sh | sha256sum | cut -c1-16)
if [ ! -d "$root" ]; then
    new=$root.new apt=$cache/apt
    rm -rf "$cache"
    mkdir -p "$new"
    private_apt "$apt" "$suite" >&2 || left_out "Debian's packages cannot be fetched"
    fetch() {
        (cd "$new" && apt-get -c "$apt/apt.conf" -q download "$@") >&2 || left_out "$* cannot be fetched"
    }
    fetch qemu-user-static
    # The same suite as arm64 machines have it; libssl is what .NET takes digests from.
    sed -i 's/amd64/arm64/' "$apt/apt.conf" "$apt/sources.list.d/private.sources"
    apt-get -c "$apt/apt.conf" -q update >&2 || left_out "the lists of Debian's packages for arm64 cannot be fetched"
    fetch libc6 libgcc-s1 libstdc++6 libssl3
    dpkg-deb --fsys-tarfile "$new"/qemu-user-static_*.deb | tar -x -C "$new" ./usr/bin/qemu-aarch64-static
    for package in "$new"/*_arm64.deb; do
        dpkg-deb --extract "$package" "$new/arm64"
    done
    rm "$new"/*.deb
    rm -rf "$apt"
    mv "$new" "$root"
fi

shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT
passed=0 failed=0 skipped=0

# In the repository, whose files some tests read, and compiled before: there the just-in-time compiler would be most of the time. QEMU sees a
# change of code where it was made, and .NET otherwise writes code at another address than it runs it at.
run() {
    local project=$1 log=$shared/log summary total bad left
    local publish=../$1/bin/Release/net10.0/linux-arm64/publish
    dotnet publish "../$project" -c Release -r linux-arm64 --self-contained -p:PublishReadyToRun=true -v quiet -nologo -clp:NoSummary ||
        left_out "the runtime for arm64 cannot be had"
    DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0 HVBINDGEN_MSHV=software \
        "$root/usr/bin/qemu-aarch64-static" -L "$root/arm64" "$publish/$project" -noLogo -noColor "${@:2}" |
        tee "$log" || true
    summary=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1) || fail "the tests came to no end"
    total=$(number Total "$summary") bad=$(($(number Failed "$summary") + $(number Errors "$summary")))
    left=$(number Skipped "$summary")
    passed=$((passed + total - bad - left)) failed=$((failed + bad)) skipped=$((skipped + left))
}

number() {
    sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$2"
}

started=$SECONDS
if [ $# -gt 0 ]; then
    run "$@"
else
    run HvBindgen.Emulation.Tests -namespace HvBindgen.Emulation.Tests.X64 -namespace HvBindgen.Emulation.Tests.X64.Processor
    run HvBindgen.Mshv.Tests -namespace HvBindgen.Mshv.Tests.Guests
fi
echo "as an arm64 process: $((SECONDS - started)) s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
