#!/usr/bin/env bash
# The README's two commands on a machine that has nothing: a new Debian in a folder, with git and this machine's .NET SDK, no caches, no
# libclang but the release's oldest, SIGINT ignored, newer instructions hidden. Then the tests again without /dev/kvm and network.
#   .ci/bare.sh [bookworm|trixie]     needs root; the committed state is what is tried
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

suite=${1:-bookworm}
[ "$(id -u)" -eq 0 ] || fail "a machine in a folder needs root: sudo $0 $suite"
need_dotnet
need git git
need debootstrap debootstrap
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")

root=$(mktemp -d)
# A root that is no mount has no namespaces of its own: restricted.sh could take nothing away there.
mount --bind "$root" "$root"
mount --make-private "$root"
# Nothing of this machine may be below the folder when it is removed.
remove() {
    umount --lazy "$root/sdk" "$root/dev" "$root/proc" "$root" 2>/dev/null || true
    if grep -q " $root" /proc/mounts; then
        echo "still in use: $root" >&2
    else
        rm -rf "$root"
    fi
}
trap remove EXIT

echo "=== a new $suite"
debootstrap --variant=minbase --include=ca-certificates,git "$suite" "$root" >"$root.log" 2>&1 || { tail "$root.log" >&2; fail "debootstrap"; }
rm "$root.log"
mkdir "$root/sdk"
mount --bind -o ro "$sdk" "$root/sdk"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Where packages come from, and whom this machine trusts, is its own business; which packages are there already is not taken along.
rm -r "$root/etc/ssl/certs"
cp -rL /etc/ssl/certs "$root/etc/ssl/certs"
if [ -e "$HOME/.nuget/NuGet/NuGet.Config" ]; then
    mkdir -p "$root/root/.nuget/NuGet"
    cp "$HOME/.nuget/NuGet/NuGet.Config" "$root/root/.nuget/NuGet/"
fi
git clone --quiet --no-hardlinks . "$root/src"

inside() {
    chroot "$root" env -i HOME=/root PATH=/sdk:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
        ${NUGET_CERT_REVOCATION_MODE:+NUGET_CERT_REVOCATION_MODE=$NUGET_CERT_REVOCATION_MODE} \
        HVBINDGEN_CPU_MASK="${HVBINDGEN_CPU_MASK:-avx,avx2,bmi1,bmi2,movbe,movdiri,movdir64b}" \
        bash -c "trap '' INT; cd /src; $1"
}

inside '. .ci/setup.sh; install_packages "$(libclang_packages | head -n 1)"' 2>&1 | tail -n 1
echo "=== ./regenerate.sh"
inside './regenerate.sh && git diff --exit-code'
echo "=== ./test.sh"
status=0
inside ./test.sh || status=1
echo "=== ./test.sh without /dev/kvm and network"
# Here it must be so: what restricted.sh says where it can take nothing away is no answer.
inside 'unshare --net --mount true' || fail "no namespaces in a folder"
inside '.ci/restricted.sh ./test.sh' || status=1
exit "$status"
