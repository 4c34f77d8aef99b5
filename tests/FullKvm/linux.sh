#!/usr/bin/env bash
# Debian's kernel, as it is, in Debian's QEMU on the emulated device, where KVM is complete: whether it takes what it runs on for the
# Microsoft hypervisor, and its clock from there.
# Ends with: N passed, N failed, N skipped
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet
need_gcc

make_or_skip ./build.sh
machine=$made
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT

../../runtime/HvBindgen.Mshv.Run/build.sh "$away/run"
mkdir "$away/shared"
: >"$away/shared/linux"
libraries=$machine/usr/lib/x86_64-linux-gnu
last='clocksource: Switched to clocksource hyperv_clocksource_tsc_page'
started=$SECONDS
# On the machine the folder is /dev/shm/host. Until the last of what is wanted has been said, or for three minutes.
FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-300} ./run.sh "$machine" "$away/shared" sh -c "
$away/run/mshv-run $machine/usr/lib64/ld-linux-x86-64.so.2 --library-path $libraries $machine/usr/bin/qemu-system-x86_64 \
    -L $machine/usr/share/qemu -L $machine/usr/share/seabios -accel mshv -machine q35 -m 256 -nodefaults -no-user-config -display none \
    -no-reboot -kernel $machine/vmlinuz -append 'console=ttyS0 earlyprintk=ttyS0 nokaslr mitigations=off panic=-1' \
    -serial file:/dev/shm/host/linux &
qemu=\$! has_ended=
for second in \$(seq 180); do
    ! grep -aqF '$last' /dev/shm/host/linux 2>/dev/null || break
    kill -0 \$qemu 2>/dev/null || { has_ended=1; break; }
    sleep 1
done
[ -n \"\$has_ended\" ] || kill \$qemu
status=0
wait \$qemu || status=\$?
if [ -n \"\$has_ended\" ]; then
    # With -no-reboot, and panic=-1 in the guest, that is what a panic and a triple fault look like too.
    echo \"QEMU ended by itself, with \$status, after \$second s; the machine says:\"
    grep -E '^Mem(Total|Available)' /proc/meminfo
    dmesg | tail -n 15
elif ! grep -aqF '$last' /dev/shm/host/linux; then
    echo \"Linux had not come so far after \$second s\"
fi" || true

expect_lines "$away/shared/linux" Linux 'Hypervisor detected: Microsoft Hyper-V' 'Booting paravirtualized kernel on Hyper-V' "$last"
[ "$failed" -eq 0 ] || { echo "Linux said last:" && tail -n 30 "$away/shared/linux" | sed 's/^/      /'; }
echo "Linux on the emulated device: $((SECONDS - started)) s"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
