#!/usr/bin/env bash
# Runs a command as on a poorer machine: without /dev/kvm, without network, on a processor that lacks newer instructions, and started as
# nohup starts programs, with SIGINT ignored. What this user may not take away is said and left.
#   .ci/restricted.sh ./test.sh
set -euo pipefail

# Names of /proc/cpuinfo; the processor oracle takes what is left for its CPU.
export HVBINDGEN_CPU_MASK=${HVBINDGEN_CPU_MASK:-avx,avx2,bmi1,bmi2,movbe,movdiri,movdir64b}
# What is missing here is missing on purpose: tests skip it and say why.
unset CI

if [ "${1:-}" = --inside ]; then
    shift
    [ ! -e /dev/kvm ] || mount --bind /dev/null /dev/kvm
    trap '' INT
    exec "$@"
fi

apart=(unshare --net --mount)
[ "$(id -u)" -eq 0 ] || apart+=(--map-root-user)
if "${apart[@]}" true 2>/dev/null; then
    exec "${apart[@]}" "$0" --inside "$@"
fi
echo "note: no namespaces for this user here: /dev/kvm and the network stay" >&2
trap '' INT
exec "$@"
