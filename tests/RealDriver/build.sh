#!/usr/bin/env bash
# Builds user-mode Linux with the unmodified driver of /dev/mshv and a model of the hypervisor, and prints where the kernel lies.
# What is fetched and built stays in the user's cache folder, by what went into it: a second run only prints.
# Ends with 4, and the reason, when the kernel's source cannot be had.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
. ../../.ci/setup.sh
. ../../.ci/apt.sh

no_source() {
    echo "$*" >&2
    exit 4
}

locked() {
    sed -n "s/^$1 //p" kernel.lock
}

digest() {
    cat "$@" | sha256sum | cut -c1-16
}

[ "$(uname -m)" = x86_64 ] || no_source "user-mode Linux runs on x86-64 only"
package=$(locked package) version=$(locked version) suite=$(locked suite) sha256=$(locked sha256)
grep -q "\"version\": \"$version\"" ../../headers/headers.lock.json ||
    fail "kernel.lock names $version, headers/headers.lock.json another version: move it along"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hvbindgen/real-driver
mkdir -p "$cache"
compiler=$(mktemp)
trap 'rm -f "$compiler"' EXIT
need_gcc
gcc --version >"$compiler"
tree=$cache/tree-$(digest kernel.lock build.sh kernel/config kernel/Kconfig "$compiler")
kernel=$cache/linux-$(digest kernel.lock build.sh kernel/* ../../headers/vmm/*.h "$compiler")
if [ -x "$kernel" ]; then
    echo "$kernel"
    exit
fi

for tool in flex bison m4 bc make; do
    need "$tool" "$tool"
done
need xz xz-utils

fetch() {
    local apt=$cache/apt
    private_apt "$apt" "$suite" || no_source "the package list of $suite cannot be fetched"
    (cd "$apt" && apt-get -c "$apt/apt.conf" -q download "$package=$version") >&2 ||
        no_source "$package $version of $suite cannot be fetched"
    mv "$apt"/*.deb "$source"
    rm -rf "$apt"
}

source=$cache/$sha256.deb
[ -e "$source" ] || fetch
if ! echo "$sha256  $source" | sha256sum --check --quiet >&2; then
    rm "$source"
    fail "$package $version has another content than kernel.lock says"
fi

export ARCH=um SUBARCH=x86_64 LC_ALL=C
# Other architectures and whole classes of drivers are left packed: Kconfig wants their Kconfig files, and nothing else.
unpack() {
    mkdir "$tree.new"
    dpkg-deb --fsys-tarfile "$source" | tar -xO "./usr/src/$package.tar.xz" | xz -dc | tar -x -C "$tree.new" --strip-components=1 \
        --exclude='*/Documentation/*.rst' --exclude='*/Documentation/*.yaml' --exclude='*/tools/testing' --exclude='*/tools/perf' \
        --exclude='*/arch/[!ux]*/*.[chSd]*' --exclude='*/sound/*.[ch]' \
        --exclude='*/drivers/gpu/*.[ch]' --exclude='*/drivers/net/*.[ch]' --exclude='*/drivers/media/*.[ch]' \
        --exclude='*/drivers/infiniband/*.[ch]' --exclude='*/drivers/scsi/*.[ch]' --exclude='*/drivers/staging/*.[ch]'
    cat kernel/Kconfig >>"$tree.new/arch/um/Kconfig"
    echo 'obj-y += mshv_model/' >>"$tree.new/drivers/Makefile"
    make -s -C "$tree.new" tinyconfig
    (cd "$tree.new" && scripts/kconfig/merge_config.sh -m .config "$here/kernel/config" && make -s olddefconfig) >/dev/null
    local wanted
    for wanted in $(grep -o '^CONFIG_[A-Z0-9_]*=y' kernel/config); do
        grep -qx "$wanted" "$tree.new/.config" || fail "the kernel has no $wanted"
    done
    mv "$tree.new" "$tree"
}

started=$SECONDS
rm -rf "$tree.new"
[ -e "$tree/.config" ] || unpack >&2

# The driver is compiled from its own folder, as it came; only the model and a stand-in for one header are added.
model=$tree/drivers/mshv_model
rm -rf "$model.old"
mkdir -p "$model"
install -C -m 644 kernel/*.c kernel/*.h kernel/Makefile ../../headers/vmm/*.h "$model"
{
    printf '#include <linux/export.h>\n#include <asm/mshyperv.h>\n'
    sed -n '/^struct hv_status_info {/,$p' "$tree/drivers/hv/hv_common.c"
} >"$model/statuses.c.new"
cmp -s "$model/statuses.c.new" "$model/statuses.c" || cp "$model/statuses.c.new" "$model/statuses.c"
make -s -C "$tree" -j"$(nproc)" linux >&2
cp "$tree/linux" "$kernel.new"
mv "$kernel.new" "$kernel"
echo "kernel with the driver: built in $((SECONDS - started)) s" >&2

# What other inputs had made.
find "$cache" -mindepth 1 -maxdepth 1 \( -name 'linux-*' -o -name 'tree-*' -o -name '*.deb' \) \
    ! -path "$kernel" ! -path "$tree" ! -path "$source" -exec rm -rf {} +
echo "$kernel"
