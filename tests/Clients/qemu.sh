#!/usr/bin/env bash
# Unpacks the QEMU of qemu.lock, with all that it needs, in the user's cache folder, and prints where. Nothing is installed.
# Ends with 4, and the reason, when it cannot be had.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/setup.sh
. ../../.ci/apt.sh

locked() {
    sed -n "s/^$1 //p" qemu.lock
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvbindgen/clients
root=$cache/qemu-$(cat qemu.lock qemu.sh ../../.ci/apt.sh | sha256sum | cut -c1-16)
if [ ! -d "$root" ]; then
    mkdir -p "$cache"
    apt=$cache/apt
    read -ra suites < <(locked suites)
    private_apt "$apt" "${suites[@]}" || exit 4
    apt-get -c "$apt/apt.conf" -q -y --no-install-recommends --download-only -t "${suites[-1]}" install "$(locked package)=$(locked version)" >&2 ||
        { echo "$(locked package) $(locked version) cannot be fetched from ${suites[-1]}" >&2; exit 4; }
    rm -rf "$root.new"
    mkdir "$root.new"
    for package in "$apt"/cache/archives/*.deb; do
        dpkg-deb --extract "$package" "$root.new"
    done
    rm -rf "$apt"
    mv "$root.new" "$root"
    find "$cache" -mindepth 1 -maxdepth 1 -name 'qemu-*' ! -path "$root" -exec rm -rf {} +
fi
echo "$root"
