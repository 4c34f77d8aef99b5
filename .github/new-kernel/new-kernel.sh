#!/usr/bin/env bash
# Looks for newer kernel headers, regenerates, and opens one pull request with what they do to the ABI as its text; a later run updates that
# one. Runs anywhere that git, jq, gh and hvbindgen run, at the top of a clone whose headers are locked.
#
#   new-kernel.sh [-- SYNC-OPTION...]    options for "headers sync --update", such as: -- --kernel ~/src/linux
#
#   HVBINDGEN     the command to use (default: hvbindgen on PATH)
#   REGENERATE    the command that writes everything anew (default: $HVBINDGEN generate)
#   CONFIGURATION configuration whose headers these are (default: headers/hvbindgen.json)
#   NEW_KERNEL_BRANCH    branch of the pull request (default: new-kernel)
#   NEW_KERNEL_BASE      branch it is to be merged into (default: the one that is checked out)
#
# Exit codes: 0 nothing is newer, or the pull request says what is; 2 something failed, and no pull request was touched.
set -euo pipefail

# GitHub refuses longer texts of a pull request.
max_body_chars=60000

main() {
    [ "${1:-}" != -- ] || shift
    read -ra tool <<<"${HVBINDGEN:-hvbindgen}"
    configuration=${CONFIGURATION:-headers/hvbindgen.json}
    lock=$(dirname "$configuration")/headers.lock.json
    branch=${NEW_KERNEL_BRANCH:-new-kernel}
    base=${NEW_KERNEL_BASE:-$(git symbolic-ref --short HEAD)}
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT

    [ -z "$(git status --porcelain --untracked-files=no)" ] || fail "there are changes that are not committed"
    before=$(jq -r .kernel "$lock")
    run "the headers cannot be fetched" "${tool[@]}" headers sync --update --config "$configuration" "$@"
    after=$(jq -r .kernel "$lock")
    if git diff --quiet -- "$lock"; then
        echo "Linux $before is the newest"
        return
    fi

    regenerate
    report >"$work/body.md"
    publish
}

fail() {
    echo "error: $1" >&2
    exit 2
}

# run WHAT COMMAND...: its output is shown when it fails.
run() {
    "${@:2}" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$1"; }
}

regenerate() {
    if [ -n "${REGENERATE:-}" ]; then
        run "the bindings cannot be made" bash -c "$REGENERATE"
    else
        run "the bindings cannot be made" "${tool[@]}" generate --config "$configuration"
    fi
}

# Verdicts are exit codes below 10; above are failures, and a report that was not made is none that says "no change".
report() {
    local code=0
    "${tool[@]}" diff git:HEAD "$(dirname "$configuration")/abi" --config "$configuration" --format markdown >"$work/report.md" 2>"$work/log" || code=$?
    if [ "$code" -ge 10 ]; then
        cat "$work/log" >&2
        fail "the ABI cannot be compared"
    fi

    echo "Headers of Linux $after in place of $before, and what is generated from them."
    echo
    head -c "$max_body_chars" "$work/report.md" | iconv -c -f UTF-8 -t UTF-8
    [ "$(wc -c <"$work/report.md")" -le "$max_body_chars" ] ||
        printf '\n\nThe rest did not fit: `hvbindgen diff git:%s %s` shows all of it.\n' "$base" "$(dirname "$configuration")/abi"
}

publish() {
    git checkout -q -B "$branch"
    git add --update
    git add -- "$(dirname "$configuration")"
    git commit -q -m "Headers of Linux $after" -m "Fetched in place of Linux $before; bindings and snapshots generated anew."
    git fetch -q origin "+refs/heads/$branch:refs/remotes/origin/$branch" 2>/dev/null || true
    if git diff --quiet "origin/$branch" HEAD -- 2>/dev/null; then
        echo "Linux $after is on branch $branch already"
    else
        git push -q --force origin "$branch"
    fi

    git checkout -q "$base"
    local number
    number=$(gh pr list --head "$branch" --state open --json number --jq '.[0].number // empty')
    if [ -n "$number" ]; then
        gh pr edit "$number" --title "Headers of Linux $after" --body-file "$work/body.md"
    else
        gh pr create --base "$base" --head "$branch" --title "Headers of Linux $after" --body-file "$work/body.md"
    fi
}

main "$@"
