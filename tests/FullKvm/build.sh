#!/usr/bin/env bash
# Fetches Debian's kernel and QEMU, makes a machine with a complete KVM of them, and prints the folder it lies in.
# It stays in the user's cache folder, by what went into it: a second run only prints. Nothing is installed but cpio, if it is missing.
# Ends with 4, and the reason, when the packages cannot be had.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/setup.sh
. ../../.ci/apt.sh

no_packages() {
    echo "$*" >&2
    exit 4
}

locked() {
    sed -n "s/^$1 //p" machine.lock
}

[ "$(uname -m)" = x86_64 ] || no_packages "the machine with a full KVM is made of x86-64 packages"
binary=$(locked binary) modules=$(locked modules) version=$(locked version) suites=$(locked suites)
grep -q "\"version\": \"$version\"" ../../headers/headers.lock.json ||
    fail "machine.lock names $version, headers/headers.lock.json another version: move it along"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvbindgen/full-kvm
machine=$cache/machine-$(cat machine.lock build.sh init.c ../../.ci/apt.sh | sha256sum | cut -c1-16)
if [ -d "$machine" ]; then
    echo "$machine"
    exit
fi

need cpio cpio
need xz xz-utils
need_gcc
started=$SECONDS
new=$machine.new apt=$cache/apt
rm -rf "$new" "$apt"
mkdir -p "$new"

# No package is installed: with an empty list of what is there, apt names QEMU and all that it needs, down to the C library.
# shellcheck disable=SC2086 # The suites are words.
private_apt "$apt" $suites || no_packages "Debian's packages cannot be fetched"
apt-get -c "$apt/apt.conf" -q -y --no-install-recommends --download-only -t "${suites##* }" install qemu-system-x86 >&2 ||
    no_packages "QEMU of ${suites##* } cannot be fetched"
(cd "$apt/cache/archives" && apt-get -c "$apt/apt.conf" -q download "$binary=$version" "$modules=$version") >&2 ||
    no_packages "Linux $version cannot be fetched"
for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
        tar -x -C "$new" --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale'
done
rm -rf "$apt"

# In the order in which one needs the other.
tree=$(echo "$new"/usr/lib/modules/*)
mkdir -p "$new/first/modules"
order=0
for module in virt/lib/irqbypass drivers/crypto/ccp/ccp arch/x86/kvm/kvm arch/x86/kvm/kvm-amd \
    fs/netfs/netfs net/9p/9pnet net/9p/9pnet_virtio fs/9p/9p drivers/input/evdev drivers/input/misc/uinput; do
    order=$((order + 1))
    xz -dc "$tree/kernel/$module.ko.xz" >"$new/first/modules/$(printf %02d "$order")-${module##*/}.ko"
done
gcc -O2 -static -o "$new/first/init" init.c
(cd "$new/first" && find . | LC_ALL=C sort | cpio -o -H newc --quiet) >"$new/initramfs"
cp "$tree/vmlinuz" "$new/vmlinuz"
rm -rf "$new/usr/lib/modules" "$new/first"
rm -rf "$machine"
mv "$new" "$machine"
echo "machine with a full KVM: fetched and made in $((SECONDS - started)) s" >&2

# What other inputs had made.
find "$cache" -mindepth 1 -maxdepth 1 -name 'machine-*' ! -path "$machine" -exec rm -rf {} +
echo "$machine"
