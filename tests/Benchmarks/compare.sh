# Runs two commands in turn and prints the medians and the ratio of their wall times and peak memories. Sourced.
# Only the ratio means anything: both ran on the same machine in the same minute.

# Run before each command, outside of what is measured; a script may replace it.
prepare() { :; }

# sample FILE COMMAND...: appends "milliseconds KiB"
sample() {
    local file=$1
    shift
    prepare
    /usr/bin/time -q -f '%e %M' -o "$file.one" "$@" >/dev/null 2>&1 || true
    prepare
    local start end
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s%N)
    awk -v ns=$((end - start)) 'END { printf "%.2f %d\n", ns / 1e6, $2 }' "$file.one" >>"$file"
}

# median FILE COLUMN
median() {
    sort -n -k "$2" "$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
}

# compare NAME_A NAME_B: reads the commands from the arrays A and B
compare() {
    local runs=${RUNS:-11} folder run
    folder=$(mktemp -d)
    for ((run = 0; run <= runs; run++)); do
        sample "$folder/a" "${A[@]}"
        sample "$folder/b" "${B[@]}"
        # The first pair fills the caches.
        [ "$run" -gt 0 ] || rm -f "$folder/a" "$folder/b"
    done
    awk -v an="$1" -v bn="$2" -v aw="$(median "$folder/a" 1)" -v bw="$(median "$folder/b" 1)" \
        -v am="$(median "$folder/a" 2)" -v bm="$(median "$folder/b" 2)" -v runs="$runs" 'BEGIN {
        printf "%-12s %8.1f ms %8.1f MiB\n", an, aw, am / 1024
        printf "%-12s %8.1f ms %8.1f MiB\n", bn, bw, bm / 1024
        printf "ratio        %8.2f    %8.2f       (%d runs each, in turn; medians)\n", aw / bw, am / bm, runs
    }'
    rm -rf "$folder"
}
