#!/usr/bin/env bash
# Whether the published tool's time grows linearly with its input: cold processes on sets of 1 to 50 linux/*.h headers.
#   RUNS=9 tests/Benchmarks/generator-scaling.sh
# Headers differ in size, so beside the time per header there is the time per thousand bytes of C# written, over what a run
# takes for the smallest set: when that stays level, nothing grows faster than the input.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/setup.sh
. tests/Benchmarks/compare.sh

need_dotnet
need_libclang
[ -x /usr/bin/time ] || install_packages time
[ -d headers/downloaded ] || ./regenerate.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish generator/HvBindgen.Cli -r linux-x64 -c Release -o "$work/tool" -v quiet -nologo >&2
include=$PWD/headers/downloaded/usr/include

# config NAME HEADERS...
config() {
    local name=$1 list
    shift
    list=$(printf '"%s", ' "$@")
    cat >"$work/$name.json" <<JSON
{
  "sets": [
    {
      "name": "$name",
      "headers": [${list%, }],
      "own": ["linux/*.h"],
      "includePaths": ["$include/{multiarch}", "$include"],
      "csharp": { "namespace": "Bench", "output": "$name" }
    }
  ],
  "targets": ["x86_64"]
}
JSON
}

generate() { "$work/tool/hvbindgen" generate --config "$work/$1.json" --target x86_64 --output "$work/$1"; }

# Fifty headers that can stand in one translation unit, in the order of their names: one that the tool refuses beside those
# before it, because two headers declare one name differently, is passed over.
headers=()
for header in "$include"/linux/*.h; do
    config try "${headers[@]}" "linux/${header##*/}"
    if generate try >/dev/null 2>&1; then
        headers+=("linux/${header##*/}")
    fi
    [ "${#headers[@]}" -lt 50 ] || break
done

prepare() { rm -rf "$output"; }

printf '%7s %9s %9s %9s %9s %14s\n' headers ms MiB KB.C# ms/header 'us/KB over 1'
for count in 1 5 10 25 50; do
    config "set$count" "${headers[@]:0:count}"
    output=$work/set$count
    rm -f "$work/samples"
    for ((run = 0; run <= ${RUNS:-9}; run++)); do
        sample "$work/samples" "$work/tool/hvbindgen" generate --config "$work/set$count.json" --target x86_64 --output "$output"
        # The first run fills the caches.
        [ "$run" -gt 0 ] || rm -f "$work/samples"
    done
    bytes=$(find "$output" -name '*.cs' -exec cat {} + | wc -c)
    ms=$(median "$work/samples" 1)
    [ "$count" -gt 1 ] || { first_ms=$ms first_bytes=$bytes; }
    awk -v n="$count" -v ms="$ms" -v kib="$(median "$work/samples" 2)" -v bytes="$bytes" -v first="$first_ms" -v base="$first_bytes" 'BEGIN {
        over = bytes > base ? sprintf("%.0f", (ms - first) * 1000 / ((bytes - base) / 1000)) : "-"
        printf "%7d %9.1f %9.1f %9.0f %9.2f %14s\n", n, ms, kib / 1024, bytes / 1000, ms / n, over
    }'
done
