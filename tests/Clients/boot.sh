# QEMU's own accelerator for /dev/mshv takes SeaBIOS to its end. Sourced by clients.sh.

# Its last words where there is nothing to boot from.
last='No bootable device'

# qemu MACHINE PROCESSORS [OPTION]...: starts it with the firmware's log in $away/firmware and QMP in $from_qemu and $to_qemu.
qemu() {
    local libraries=$root/usr/lib/x86_64-linux-gnu
    : >"$away/firmware"
    coproc monitor { exec "$run" "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$libraries:$libraries/pulseaudio" \
        "$root/usr/bin/qemu-system-x86_64" -L "$root/usr/share/qemu" -L "$root/usr/share/seabios" -accel mshv -display none \
        -nodefaults -no-user-config -machine "$1" -smp "$2" -m 64 -qmp stdio \
        -chardev "file,id=firmware,path=$away/firmware" -device isa-debugcon,iobase=0x402,chardev=firmware "${@:3}" 2>"$away/qemu"; }
    qemu_id=$monitor_PID
    # Bash closes a coprocess's own descriptors in subshells.
    exec {from_qemu}<&"${monitor[0]}" {to_qemu}>&"${monitor[1]}"
    local greeting
    read -r -t 30 greeting <&"$from_qemu" && tell '{"execute":"qmp_capabilities"}' >"$away/answer" && return
    echo "QEMU does not answer"
    cat "$away/qemu"
    return 1
}

# tell COMMAND: prints the answer; events on the way to it are passed over.
tell() {
    local line
    echo "$1" >&"$to_qemu"
    while read -r -t 30 line <&"$from_qemu"; do
        case "$line" in
            '{"return"'*|'{"error"'*) echo "$line"; return ;;
        esac
    done
    echo "no answer to $1"
    return 1
}

# says TEXT: whether the firmware says it within a minute.
says() {
    local _
    for _ in {1..1200}; do
        ! grep -aqF "$1" "$away/firmware" || return 0
        kill -0 "$qemu_id" 2>/dev/null || break
        sleep 0.05
    done
    tail -n 5 "$away/firmware" "$away/qemu"
    return 1
}

# rests: whether QEMU comes to rest within a minute: no processor time in a second.
rests() {
    local before now=none _
    for _ in {1..60}; do
        before=$now
        now=$(cut -d ' ' -f 14,15 "/proc/$qemu_id/stat") || return 1
        [ "$before" != "$now" ] || return 0
        sleep 1
    done
    echo "QEMU does not come to rest"
    return 1
}

# comes COMMAND TEXT [OTHER]: whether the answer holds TEXT within a minute; OTHER, or no answer at all, ends it.
comes() {
    local answer end=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$end" ]; do
        answer=$(tell "$1") || { echo "$answer"; return 1; }
        [[ $answer != *"$2"* ]] || return 0
        [[ $answer != *"${3:-$2}"* ]] || break
        sleep 0.1
    done
    echo "$1 is answered by: $answer"
    return 1
}

# Asked once; QEMU whose processors are stuck does not answer.
quit() {
    local _
    tell '{"execute":"quit"}' >"$away/answer" || kill "$qemu_id" 2>/dev/null || true
    for _ in {1..100}; do
        kill -0 "$qemu_id" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$qemu_id" 2>/dev/null || true
    wait "$qemu_id" 2>/dev/null || true
    exec {from_qemu}<&- {to_qemu}>&-
    qemu_id=
}

# boots MACHINE PROCESSORS
boots() {
    local status=0
    { qemu "$@" && says "$last"; } || status=1
    quit
    return "$status"
}

# moves: a machine is written to a file, another process goes on with it, and a reset boots it again there.
# QEMU loses a stop that comes while it handles an exit, on the driver too: mshv_cpu_exec (accel/mshv/mshv-all.c) asks for the next run
# without looking whether it has been told to stop, and its signal handler leaves nothing that would end one. A processor that is halted has
# no exit to handle, and the firmware has some to make after its last words.
moves() {
    local status=0
    {
        qemu q35 2 && says "$last" && rests &&
            tell "{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"file:$away/state\"}}" &&
            comes '{"execute":"query-migrate"}' '"completed"' '"failed"'
    } || status=1
    quit
    [ "$status" -eq 0 ] || return 1
    {
        qemu q35 2 -incoming "file:$away/state" && comes '{"execute":"query-status"}' '"running": true' && rests &&
            tell '{"execute":"system_reset"}' && says "$last"
    } || status=1
    quit
    return "$status"
}

status=0
root=$(./qemu.sh 2>"$away/reason") || status=$?
if [ "$status" -eq 4 ]; then
    echo "skipped: $(tail -n 1 "$away/reason")"
    skipped=$((skipped + 1))
else
    [ "$status" -eq 0 ] || { cat "$away/reason" >&2; exit "$status"; }
    # In this shell: what is started is ended here.
    for machine in q35 pc; do
        started=$SECONDS
        if boots "$machine" 2 >"$away/log" 2>&1; then
            pass "SeaBIOS ends on $machine with two processors ($((SECONDS - started)) s)"
        else
            fails "SeaBIOS ends on $machine with two processors"
            sed 's/^/      /' "$away/log"
        fi
    done
    if moves >"$away/log" 2>&1; then
        pass "a machine goes on in another process, and boots again there"
    else
        fails "a machine goes on in another process, and boots again there"
        sed 's/^/      /' "$away/log"
    fi
fi
