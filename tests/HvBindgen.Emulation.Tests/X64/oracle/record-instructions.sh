#!/usr/bin/env bash
# record-instructions.sh BOCHS: writes recorded-instructions.txt, what Bochs does with instructions that few processors have.
# BOCHS is the program of Bochs 3.0 or later (Debian 12 has 2.7, and QEMU's TCG to 11.1 no MOVDIRI), configured --with-nogui
# --enable-x86-64 --enable-avx --enable-evex. Needs gcc's assembler and linker. Nothing runs this but who adds a case.
set -euo pipefail

bochs=$(realpath "${1:?the program of Bochs}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
head -c 32768 /dev/zero > vga.bin

for mode in 16 32 64; do
    origin=$([ "$mode" = 16 ] && echo 0 || echo 0xf0000)
    gcc -m32 -DMODE="$mode" -c "$here/recorded-instructions.S" -o rom.o
    ld -m elf_i386 -Ttext="$origin" -e "$origin" rom.o -o rom.elf
    objcopy -O binary -j .text rom.elf rom.bin
    [ "$(stat -c %s rom.bin)" = 65536 ] || { echo "the ROM of mode $mode is not 64 KiB" >&2; exit 1; }
    cat > bochsrc <<END
display_library: nogui
cpu: model=arrow_lake, count=1, ips=10000000
memory: guest=32, host=32
romimage: file=rom.bin, address=0xffff0000
vgaromimage: file=vga.bin
port_e9_hack: enabled=1
log: bochs.log
panic: action=fatal
error: action=report
END
    timeout 60 "$bochs" -q -f bochsrc > "$mode.out" 2> "$mode.err" || true
    grep -aE "^$mode [0-9a-f]+( [0-9a-f:]+)+\$" "$mode.out" > "$mode.txt" || { tail "$mode.err" bochs.log >&2; exit 1; }
    cases=$(gcc -E -P -DMODE="$mode" "$here/recorded-instructions.S" | grep -cE '^\s*TRY ')
    [ "$(wc -l < "$mode.txt")" = "$cases" ] || { echo "mode $mode: not all of $cases cases have a line" >&2; exit 1; }
done

{
    echo '# Written by record-instructions.sh; what the columns are, RecordedInstructionTests says.'
    cat 16.txt 32.txt 64.txt
} > "$here/recorded-instructions.txt"
wc -l "$here/recorded-instructions.txt"
