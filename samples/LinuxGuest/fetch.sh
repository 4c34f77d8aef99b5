#!/usr/bin/env bash
# Fetches Debian's cloud kernel, busybox, SeaBIOS and memtest86+ as guest.lock pins them, and prints the folder that they lie in.
# It stays in the user's cache folder, by what went into it: a second run only prints. Nothing is installed, and nothing of the packages is committed.
# Ends with 4, and the reason, when the packages cannot be had.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/setup.sh
. ../../.ci/apt.sh

no_packages() {
    echo "$*" >&2
    exit 4
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvbindgen/linux-guest
images=$cache/images-$(cat guest.lock fetch.sh ../../.ci/apt.sh | sha256sum | cut -c1-16)
if [ -d "$images" ]; then
    echo "$images"
    exit
fi

new=$images.new apt=$cache/apt
rm -rf "$new" "$apt"
mkdir -p "$new/tree"
private_apt "$apt" "$(sed -n 's/^suite //p' guest.lock)" || no_packages "Debian's packages cannot be fetched"

# unpack WHAT   fetches and unpacks the package of that line of guest.lock
unpack() {
    local package version digest
    read -r package version digest < <(sed -n "s/^$1 //p" guest.lock)
    (cd "$new" && apt-get -c "$apt/apt.conf" -q download "$package=$version") >&2 || no_packages "$package $version cannot be fetched"
    echo "$digest  $(echo "$new"/*.deb)" | sha256sum --check --quiet >&2 || fail "$package $version is not what guest.lock pins"
    dpkg-deb --fsys-tarfile "$new"/*.deb | tar -x -C "$new/tree"
    rm "$new"/*.deb
}

unpack kernel
unpack busybox
unpack seabios
unpack memtest
mv "$new"/tree/boot/vmlinuz-* "$new/vmlinuz"
mv "$new/tree/bin/busybox" "$new/busybox"
mv "$new/tree/usr/share/seabios/bios.bin" "$new/bios.bin"
mv "$new/tree/boot/memtest86+x64.bin" "$new/memtest"
for module in virtio/virtio virtio/virtio_ring virtio/virtio_mmio block/virtio_blk char/virtio_console; do
    mv "$new"/tree/lib/modules/*/kernel/drivers/$module.ko "$new/"
done
rm -rf "$new/tree" "$apt"
mv "$new" "$images"

# What other pins had fetched.
find "$cache" -mindepth 1 -maxdepth 1 -name 'images-*' ! -path "$images" -exec rm -rf {} +
echo "$images"
