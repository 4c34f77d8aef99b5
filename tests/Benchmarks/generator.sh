#!/usr/bin/env bash
# The published tool against Rust's bindgen on the kernel's mshv headers: cold processes, output on disk.
#   RUNS=21 tests/Benchmarks/generator.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/setup.sh
. tests/Benchmarks/compare.sh

need_dotnet
need_libclang
need bindgen bindgen
[ -x /usr/bin/time ] || install_packages time
[ -d headers/downloaded ] || ./regenerate.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish generator/HvBindgen.Cli -r linux-x64 -c Release -o "$work/tool" -v quiet -nologo >&2
headers=$PWD/headers

cat >"$work/hvbindgen.json" <<JSON
{
  "sets": [
    {
      "name": "mshv",
      "headers": ["kernel.h", "linux/mshv.h", "hyperv/hvhdk.h", "hyperv/hvgdk.h", "hyperv/hvgdk_ext.h"],
      "own": ["linux/mshv.h", "hyperv/*.h"],
      "includePaths": [
        "$headers/shim", "$headers", "$headers/downloaded",
        "$headers/downloaded/usr/include/{multiarch}", "$headers/downloaded/usr/include"
      ],
      "calls": { "class": "Hypercalls", "codePrefix": "HVCALL_", "inputPrefix": "hv_input_", "outputPrefix": "hv_output_" },
      "csharp": { "namespace": "Bench", "output": "out" }
    }
  ],
  "targets": ["x86_64"]
}
JSON
cat >"$work/all.h" <<C
#include <kernel.h>
#include <linux/mshv.h>
#include <hyperv/hvhdk.h>
#include <hyperv/hvgdk.h>
#include <hyperv/hvgdk_ext.h>
C

A=("$work/tool/hvbindgen" generate --config "$work/hvbindgen.json" --target x86_64 --output "$work/out")
B=(env LIBCLANG_PATH="${BINDGEN_LIBCLANG:-/usr/lib/llvm-14/lib}" bindgen --no-rustfmt-bindings "$work/all.h" -o "$work/out.rs" --
    -nostdinc --target=x86_64-linux-gnu
    -isystem "$headers/shim" -isystem "$headers" -isystem "$headers/downloaded"
    -isystem "$headers/downloaded/usr/include/x86_64-linux-gnu" -isystem "$headers/downloaded/usr/include")
"${A[@]}" || fail "the tool does not run"
"${B[@]}" || fail "bindgen does not run; BINDGEN_LIBCLANG names the folder of a libclang it knows"

# Both write all of their output anew each time. What was written before is put aside: for minutes ext4 passes over each inode that was
# deleted, and looks for another one for each file, which takes as long as all the writing.
prepare() {
    local output
    mkdir -p "$work/before"
    for output in out out.rs; do
        [ ! -e "$work/$output" ] || mv "$work/$output" "$(mktemp -d "$work/before/XXXXXX")"
    done
}
compare hvbindgen bindgen
