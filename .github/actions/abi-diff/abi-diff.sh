#!/usr/bin/env bash
# Compares the ABI of the checked-out headers with that of the merge base, and writes what a pull request shows: a comment, SARIF for
# code review, a page with the layouts. Runs anywhere that git and hvbindgen run; needs no service.
#
#   abi-diff.sh --base origin/main       compare; the reports land in abi-diff/
#   abi-diff.sh --post 17                put the comment on pull request 17 of GITHUB_REPOSITORY, or update it there (needs gh)
#
# Every option is also an environment variable: --fail-on is ABI_DIFF_FAIL_ON.
#   --base REV           the branch to be merged into (default: origin/HEAD)
#   --headers PATH       configuration, folder of snapshots or folder of headers (default: headers/hvbindgen.json or hvbindgen.json of
#                        the merge base: configuration and accepted changes are always those of the base, and what the branch
#                        changes in them is told first)
#   --out DIR            folder of the reports (default: abi-diff)
#   --fail-on VERDICT    lowest verdict below a break that fails: conditional, source-break, break (default: conditional)
#   --suppressions FILE  accepted changes, as they are in the base
#   --drift KIND         what must be up to date: generate (C# and snapshots), snapshot, none (default: generate)
#   --sync 1             fetch the locked headers first
#   --version VERSION    current version of the package: the comment proposes the next one and a changelog entry
#   --set NAMES, --target NAMES    only these, separated by spaces
#   --author NAME        whose comment is updated (default: github-actions[bot])
# HVBINDGEN is the command to use. Without it: hvbindgen on PATH, else the tool of the repository that this script belongs to.
#
# What the branch says is data: it is read in a child process with a deadline and a memory limit, nothing that it links to is written
# or removed, and its words cannot become commands of the workflow. HVBINDGEN_ALLOW_PATH names header folders outside the repository.
#
# Exit codes: 0 compatible, 1 a change at or above --fail-on or stale files, 4 break, 2 could not be evaluated (never "no change");
# --post: 1 the comment could not be posted.
set -euo pipefail

marker='<!-- hvbindgen-abi-diff -->'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
options=(BASE HEADERS OUT FAIL_ON SUPPRESSIONS DRIFT SYNC VERSION SET TARGET AUTHOR POST)

main() {
    read_options "$@"
    if [ -n "$ABI_DIFF_POST" ]; then
        post_comment "$ABI_DIFF_POST" "$out/comment.md"
        return
    fi

    make_out
    find_merge_base
    find_headers
    find_tool
    [ "$ABI_DIFF_SYNC" != 1 ] || run "The headers cannot be fetched" headers sync
    check_drift
    compare
    finish
}

read_options() {
    local name
    while [ $# -gt 0 ]; do
        if [ "$1" = --help ]; then
            sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
            exit 0
        fi
        name=${1#--} name=${name//-/_} name=${name^^}
        if [ "$1" = "${1#--}" ] || [[ " ${options[*]} " != *" $name "* ]]; then
            echo "error: unknown option $1; see --help" >&2
            exit 2
        elif [ $# -lt 2 ]; then
            echo "error: $1 needs a value" >&2
            exit 2
        fi
        printf -v "ABI_DIFF_$name" %s "$2"
        shift 2
    done
    for name in "${options[@]/#/ABI_DIFF_}"; do
        printf -v "$name" %s "${!name:-}"
    done
    base=${ABI_DIFF_BASE:-origin/HEAD} out=${ABI_DIFF_OUT:-abi-diff} drift=${ABI_DIFF_DRIFT:-generate}
    headers=$ABI_DIFF_HEADERS stale= verdict=0 config=()
}

find_merge_base() {
    git rev-parse --verify --quiet "$base^{commit}" >/dev/null ||
        cannot "The revision $base is not known here. Fetch it first (actions/checkout: fetch-depth: 0)."
    merge_base=$(git merge-base "$base" HEAD) ||
        cannot "$base and the checked-out commit have no common commit here. Fetch the whole history (actions/checkout: fetch-depth: 0)."
}

# The folder of the reports is a folder: a link in its place, or on the way to it, leads to files of somebody else.
make_out() {
    local at=$out
    while [ "$at" != . ] && [ "$at" != / ]; do
        [ ! -L "$at" ] || { echo "error: $at is a link: name a folder for the reports with --out" >&2; exit 2; }
        case $out in
            /*) break ;;
        esac
        at=$(dirname "$at")
    done
    mkdir -p "$out"
    rm -f "$out"/{.gitignore,comment.md,report.txt,report.json,report.sarif,report.html,drift.diff,log.txt,body.md}
    echo '*' >"$out/.gitignore"
}

at_base() {
    git cat-file -e "$merge_base:./$1" 2>/dev/null
}

find_headers() {
    local candidate
    if [ -z "$headers" ]; then
        for candidate in headers/hvbindgen.json hvbindgen.json; do
            ! at_base "$candidate" || { headers=$candidate && break; }
        done
    fi
    if [ -z "$headers" ]; then
        headers=hvbindgen.json
        [ ! -e headers/hvbindgen.json ] || headers=headers/hvbindgen.json
    fi
    if ! at_base "$headers"; then
        # The list is read to its end: a reader that stops earlier makes git fail, which would pass for a base without any.
        candidate=$(git ls-tree -r -z --name-only --full-tree "$merge_base" | tr '\0' '\n' | { grep -E '(^|/)hvbindgen\.json$' || true; })
        [ -z "$candidate" ] || cannot "The base has no $headers, and is configured by ${candidate%%$'\n'*}: name that with --headers. A branch does not choose what it is judged by."
    fi
    [ -e "$headers" ] || cannot "There is no $headers. Name the configuration or the folder of headers with --headers."
    before=git:$merge_base:$headers
    if [ "$(basename "$headers")" = hvbindgen.json ]; then
        # The committed snapshots are the reviewed baseline; where there are none, it is the headers.
        config=(--config "$headers") before=git:$merge_base
    else
        drift=none
    fi
}

find_tool() {
    read -r -a tool <<<"${HVBINDGEN:-}"
    if [ ${#tool[@]} -gt 0 ]; then
        return
    elif command -v hvbindgen >/dev/null 2>&1; then
        tool=(hvbindgen)
        return
    fi
    local root
    root=$(cd "$here/../../.." && pwd)
    (
        # The SDK is that of the tool, whatever the repository under review asks for.
        cd "$root"
        . .ci/setup.sh
        need_dotnet
        need_libclang
        dotnet build generator/HvBindgen.Cli -c Release -v quiet -nologo -clp:NoSummary
    ) >"$out/log.txt" 2>&1 || cannot "hvbindgen is neither on PATH nor can it be built." "$out/log.txt"
    tool=(dotnet "$root/generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll")
}

# run WHAT-IT-MEANS-IF-IT-FAILS ARGUMENTS...
run() {
    local code=0
    "${tool[@]}" "${@:2}" --untrusted "${config[@]}" >"$out/log.txt" 2>&1 || code=$?
    [ "$code" = 0 ] || cannot "$1 (exit code $code)." "$out/log.txt"
}

check_drift() {
    local code=0
    case $drift in
        none) return ;;
        generate | snapshot) ;;
        *) cannot "--drift is generate, snapshot or none, not $drift." ;;
    esac
    "${tool[@]}" "$drift" --check --untrusted "${config[@]}" >"$out/drift.diff" 2>"$out/log.txt" || code=$?
    case $code in
        0) rm -f "$out/drift.diff" ;;
        1) stale=1 ;;
        *) cannot "The headers of this branch cannot be read (exit code $code)." "$out/log.txt" ;;
    esac
}

compare() {
    local reports=() form selection=()
    if ! at_base "$headers"; then
        printf '%s\n### ABI: no baseline yet\n\n`%s` is new in this branch: there is nothing to compare it with.\n' "$marker" "$headers" >"$out/comment.md"
        cp "$out/comment.md" "$out/report.txt"
        return
    fi
    for form in txt json sarif html; do
        reports+=(--output "$out/report.$form")
    done
    reports+=(--output "$out/comment.md")
    # Words of a list, not a path: splitting is meant.
    # shellcheck disable=SC2206
    [ -z "$ABI_DIFF_SET" ] || selection+=(--set $ABI_DIFF_SET)
    # shellcheck disable=SC2206
    [ -z "$ABI_DIFF_TARGET" ] || selection+=(--target $ABI_DIFF_TARGET)
    "${tool[@]}" diff "$before" "$headers" --skip-new --rules "$merge_base" "${config[@]}" "${selection[@]}" "${reports[@]}" \
        ${ABI_DIFF_FAIL_ON:+--fail-on "$ABI_DIFF_FAIL_ON"} ${ABI_DIFF_SUPPRESSIONS:+--suppressions "$ABI_DIFF_SUPPRESSIONS"} \
        ${ABI_DIFF_VERSION:+--suggest-version "$ABI_DIFF_VERSION"} >"$out/log.txt" 2>&1 || verdict=$?
    case $verdict in
        0 | 1 | 4) ;;
        # Where some could not be judged, the report says which, and what became of the others.
        2) [ -s "$out/comment.md" ] || cannot "The ABI could not be compared." "$out/log.txt" ;;
        *) cannot "The ABI could not be compared." "$out/log.txt" ;;
    esac
}

# The comment is the tool's report with what only this script knows put below its marker and behind its end.
finish() {
    local report
    report=$(tail -n +2 "$out/comment.md")
    {
        echo "$marker"
        [ -z "$stale" ] || printf '**Generated files are stale**: run `hvbindgen %s` and commit what it writes.\n\n' "$drift"
        printf '%s\n' "$report"
        printf '\n<sub>Compared with %s, where this branch left %s.</sub>\n' "$(git rev-parse --short "$merge_base")" "$base"
    } >"$out/body.md"
    [ -z "$stale" ] || append_drift
    mv -f "$out/body.md" "$out/comment.md"
    [ -z "$stale" ] || [ "$verdict" != 0 ] || verdict=1
    rm -f "$out/log.txt"
    publish
    show "$out/report.txt"
    [ -z "$stale" ] || echo "error: generated files are stale: run hvbindgen $drift and commit what it writes" >&2
    exit "$verdict"
}

# What differs in generated files, where the comment has room for it: the service refuses a longer one whole.
append_drift() {
    fold "What differs in generated files" "$out/drift.diff" >"$out/log.txt"
    [ $(($(wc -m <"$out/body.md") + $(wc -m <"$out/log.txt"))) -gt 65536 ] || cat "$out/log.txt" >>"$out/body.md"
}

# cannot MESSAGE [LOG]: there is no answer, and that is said just as loudly.
cannot() {
    mkdir -p "$out"
    {
        printf '%s\n### ABI: could not be evaluated\n\n%s This is no statement that nothing changed.\n' "$marker" "$1"
        [ $# -lt 2 ] || fold "Messages" "$2"
    } >"$out/comment.md"
    echo "error: $1" >&2
    [ $# -lt 2 ] || show "$2" >&2
    verdict=2
    publish
    exit 2
}

# show FILE: prints what may hold anybody's words; a runner takes no commands from them.
show() {
    local token
    if [ "${GITHUB_ACTIONS:-}" = true ]; then
        token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '::stop-commands::%s\n' "$token"
        cat "$1"
        printf '\n::%s::\n' "$token"
    else
        cat "$1"
    fi
}

# fold TITLE FILE: the beginning of a file, folded away; nothing in it ends the block it stands in.
fold() {
    local lines
    lines=$(wc -l <"$2")
    printf '\n<details><summary>%s</summary>\n\n```\n' "$1"
    head -n 30 "$2" | cut -c 1-120 | tr '`' "'" | tr -d '\000-\010\013-\037\177'
    [ "$lines" -le 30 ] || echo "... and $((lines - 30)) lines more"
    printf '```\n\n</details>\n'
}

# Tells the steps that follow in a workflow; outside of one there is nobody to tell.
publish() {
    [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$out/comment.md" >>"$GITHUB_STEP_SUMMARY"
    [ -n "${GITHUB_OUTPUT:-}" ] || return 0
    {
        echo "exit-code=$verdict"
        echo "comment=$out/comment.md"
        for form in sarif json html; do
            [ ! -e "$out/report.$form" ] || echo "$form=$out/report.$form"
        done
    } >>"$GITHUB_OUTPUT"
}

# post_comment PULL-REQUEST FILE: one comment for each pull request, told from others by its first line.
post_comment() {
    local comments author=${ABI_DIFF_AUTHOR:-github-actions[bot]} place ids id
    [ -f "$2" ] && [ ! -L "$2" ] || { echo "error: there is no $2 to post" >&2; exit 2; }
    if [ "$(wc -m <"$2")" -gt 65536 ]; then
        echo "error: $2 is longer than a comment may be, 65536 characters" >&2
        exit 2
    fi
    [ -n "${GITHUB_REPOSITORY:-}" ] || { echo "error: GITHUB_REPOSITORY is not set: OWNER/NAME" >&2; exit 2; }
    place=repos/$GITHUB_REPOSITORY/issues
    ids=$(gh api --paginate "$place/$1/comments" \
        --jq ".[] | select(.user.login == \"$author\" and (.body | startswith(\"$marker\"))) | .id") || not_posted
    id=${ids%%$'\n'*}
    if [ -n "$id" ]; then
        gh api --method PATCH "$place/comments/$id" --field "body=@$2" --silent || not_posted
    else
        gh api --method POST "$place/$1/comments" --field "body=@$2" --silent || not_posted
    fi
}

# A branch from a fork has a token that may not write: its comment is posted by a workflow of its own, see README.md. Silence would look
# like a comment that has nothing to say.
not_posted() {
    echo "error: the ABI comment could not be posted; the step summary has it" >&2
    exit 1
}

main "$@"
