#!/usr/bin/env bash
# The sample LinuxGuest where KVM is complete: Debian's cloud kernel on two processors to a shell, which answers and switches off.
# Ends with: N passed, N failed, N skipped
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
. ../../.ci/setup.sh
need_dotnet

away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT

make_or_skip ./build.sh
machine=$made
make_or_skip ../../samples/LinuxGuest/fetch.sh
images=$made

sample=../../samples/LinuxGuest
dotnet publish "$sample" -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -v quiet -nologo \
    -clp:NoSummary
program=$(realpath "$sample/bin/Release/net10.0/linux-x64/publish/LinuxGuest")
mkdir "$away/shared"
started=$SECONDS status=0
FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-400} ./run.sh "$machine" "$away/shared" "$program" "$images" --append quiet --timeout 380 \
    --script 'grep -c ^processor /proc/cpuinfo' --script 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource' \
    --script 'head -n 1 /dev/vda' --script exit || status=$?

expect_lines "$away/shared/output" 'the guest' '^2' '^hyperv_clocksource_tsc_page' "^a disk in the monitor's memory" \
    '^The guest switched itself off'
[ "$status" -eq 0 ] || { echo "FAIL  the sample ended with $status"; failed=$((failed + 1)); }
echo "the sample on a full KVM: $((SECONDS - started)) s"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
