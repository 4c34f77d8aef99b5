#!/usr/bin/env bash
# Runs a command on the machine that build.sh made, with the host's files, read-only, as its own; ends with the command's exit code.
#   run.sh MACHINE FOLDER COMMAND...
# FOLDER is the command's to write to, as /dev/shm/host; what it prints is FOLDER/output too, what the kernel says FOLDER/console.
# FULLKVM_TIMEOUT is how long it may take, in seconds (600), FULLKVM_MEMORY how much memory the machine has, in MiB (2048).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=$1 folder=$(cd "$2" && pwd)
shift 2

for word in "$@"; do
    printf "'%s' " "${word//\'/\'\\\'\'}"
done >"$folder/command"
rm -f "$folder/status"
: >"$folder/output"
libraries=$machine/usr/lib/x86_64-linux-gnu
# QEMU comes with the libraries it was built with, its loader first. What is no kernel parameter and has = is init's environment.
loader=$machine/usr/lib64/ld-linux-x86-64.so.2
timeout "${FULLKVM_TIMEOUT:-600}" "$loader" --library-path "$libraries" "$machine/usr/bin/qemu-system-x86_64" \
    -L "$machine/usr/share/qemu" -L "$machine/usr/share/seabios" \
    -machine q35,accel=tcg -cpu max -smp 2 -m "${FULLKVM_MEMORY:-2048}" -nodefaults -no-user-config -display none -no-reboot \
    -serial "file:$folder/console" -kernel "$machine/vmlinuz" -initrd "$machine/initramfs" \
    -append "console=ttyS0 quiet panic=-1 no_timer_check tsc=reliable mitigations=off nokaslr script=$here/inside.sh" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$folder,mount_tag=shared,security_model=none" </dev/null >"$folder/machine" 2>&1 &
emulator=$!
trap 'kill "$emulator" 2>/dev/null || true' EXIT
tail -n +1 -f --pid="$emulator" "$folder/output"
wait "$emulator" || true
if [ ! -s "$folder/status" ]; then
    echo "the machine ended before the command did:" >&2
    cat "$folder/machine" >&2
    tail -n 30 "$folder/console" >&2
    exit 125
fi
exit "$(cat "$folder/status")"
