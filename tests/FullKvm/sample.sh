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

# fetched COMMAND   prints the folder that a script fetches; without packages all is skipped
fetched() {
    local status=0
    "$@" 2>"$away/reason" || status=$?
    cat "$away/reason" >&2
    return "$status"
}
skip_without_packages() {
    [ "$1" -eq 4 ] || exit "$1"
    echo "skipped: $(tail -n 1 "$away/reason")"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
machine=$(fetched ./build.sh) || skip_without_packages $?
images=$(fetched ../../samples/LinuxGuest/fetch.sh) || skip_without_packages $?

sample=../../samples/LinuxGuest
dotnet publish "$sample" -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false -v quiet -nologo \
    -clp:NoSummary
program=$(realpath "$sample/bin/Release/net10.0/linux-x64/publish/LinuxGuest")
mkdir "$away/shared"
started=$SECONDS status=0
FULLKVM_TIMEOUT=${FULLKVM_TIMEOUT:-400} ./run.sh "$machine" "$away/shared" "$program" "$images" --append quiet --timeout 380 \
    --script 'grep -c ^processor /proc/cpuinfo' --script 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource' \
    --script 'head -n 1 /dev/vda' --script exit || status=$?

passed=0 failed=0
for line in '^2' '^hyperv_clocksource_tsc_page' "^a disk in the monitor's memory" '^The guest switched itself off'; do
    if grep -aq "$line" "$away/shared/output"; then
        echo "pass  the guest says: ${line#^}"
        passed=$((passed + 1))
    else
        echo "FAIL  the guest does not say: ${line#^}"
        failed=$((failed + 1))
    fi
done
[ "$status" -eq 0 ] || { echo "FAIL  the sample ended with $status"; failed=$((failed + 1)); }
echo "the sample on a full KVM: $((SECONDS - started)) s"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
