#!/usr/bin/env bash
# Runs a command below the kernel that build.sh made, with the host's files, read-only, as its own; ends with the command's exit code.
#   run.sh KERNEL FOLDER [--root-scheduler] [--hypervisor SOCKET] COMMAND...
# FOLDER is the command's to write to, as /dev/shm/host; what it prints is FOLDER/output, what the kernel says FOLDER/console.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 folder=$(cd "$2" && pwd)
shift 2
model=()
if [ "$1" = --root-scheduler ]; then
    model=(hypervisor.root=1)
    shift
fi
if [ "$1" = --hypervisor ]; then
    model+=("outside.socket=$2")
    shift 2
fi

for word in "$@"; do
    printf "'%s' " "${word//\'/\'\\\'\'}"
done >"$folder/command"
rm -f "$folder/status"
# By seccomp, where the host lets it, system calls cost less than by ptrace. A word with = that the kernel does not know is the first
# process's environment.
timeout 300 "$kernel" seccomp=auto mem=384M root=/dev/root rootfstype=hostfs rootflags=/ ro "init=$here/inside.sh" "uml_dir=$folder/uml/" \
    con=null con0=null,fd:1 ssl=null panic=1 "${model[@]}" "SHARED=$folder" >"$folder/console" 2>&1 </dev/null || true
rm -rf "$folder/uml"
cat "$folder/output" 2>/dev/null || true
if [ ! -s "$folder/status" ]; then
    echo "the kernel ended before the command did:" >&2
    tail -n 30 "$folder/console" >&2
    exit 125
fi
exit "$(cat "$folder/status")"
