#!/usr/bin/env bash
# A pull request that changes a header, from commit to comment: a scratch repository, a branch, and the ABI check of the action.
#   run.sh             all of it, in a temporary folder that is removed at the end
#   run.sh --keep DIR  in DIR, which must not exist yet and is left for you to look at
# HVBINDGEN is the command to use. Without it: hvbindgen on PATH, else the tool of this repository, which is built first.
# Ends with 0 when every check gave the answer that the story tells, whatever that answer is; else with 1.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
keep=
case "${1:-}" in
    '') ;;
    --keep)
        keep=${2:?--keep needs a folder}
        [ ! -e "$keep" ] || { echo "error: $keep is already there" >&2; exit 1; }
        ;;
    *) echo "error: unknown argument $1; see the first lines of $0" >&2; exit 1 ;;
esac

main() {
    find_tool
    make_folder

    step "main: a header, the configuration, and what hvbindgen generates from them"
    mkdir -p headers/uapi
    cp "$top"/samples/AbiReport/before/*.h headers/uapi/
    cp "$here/hvbindgen.json" headers/
    show git init -q -b main
    git config user.name "A contributor"
    git config user.email contributor@example.org
    commit "The first release"

    step "A branch puts a field where it reads best"
    show git checkout -q -b priority
    change 1-insert-a-field.patch
    commit "ring_setup: add a priority"
    check 4

    step "The comment asked for reserved bytes instead"
    change 2-use-reserved-bytes.patch
    commit "ring_setup: take the priority from the reserved bytes"
    check 1

    step "The driver has always refused nonzero reserved bytes: accepted on main, with the reason and for a time"
    show git checkout -q main
    accept "ring_open() returns EINVAL unless rsvd is zero, since the first release"
    show git add headers/accepted.json
    show git commit -q -m "Accept the use of reserved bytes"
    show git checkout -q priority
    show git merge -q -m "Take in what was accepted" main
    check 0 --suppressions headers/accepted.json
}

find_tool() {
    [ -z "${HVBINDGEN:-}" ] && ! command -v hvbindgen >/dev/null 2>&1 || return 0
    (
        # The SDK is the one that the repository asks for.
        cd "$top"
        . .ci/setup.sh
        need git git
        need_dotnet
        need_libclang
        dotnet build generator/HvBindgen.Cli -c Release -v quiet -nologo -clp:NoSummary
    ) >&2
    export HVBINDGEN="dotnet $top/generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll"
}

# Neither the repository that this script lies in nor the user's settings of git have a say in the scratch repository.
make_folder() {
    unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GITHUB_OUTPUT GITHUB_STEP_SUMMARY
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    if [ -n "$keep" ]; then
        mkdir -p "$keep"
        cd "$keep"
    else
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        cd "$folder"
    fi
}

step() {
    printf '\n== %s\n' "$1"
}

# show COMMAND...: what is done, as it would be typed.
show() {
    printf '$'
    printf ' %s' "${@@Q}" | sed -E "s/'([A-Za-z0-9_.:\/=-]+)'/\1/g"
    printf '\n'
    "$@"
}

change() {
    echo "\$ git apply $1"
    git apply "$here/$1"
    git --no-pager diff --unified=1 headers/uapi | tail -n +5
}

commit() {
    echo '$ hvbindgen generate'
    ${HVBINDGEN:-hvbindgen} generate --config headers/hvbindgen.json
    show git add -A
    show git commit -q -m "$1"
}

# accept REASON: takes what the last check found into the list of accepted changes.
accept() {
    cat >headers/accepted.json <<JSON
{
  "suppressions": [
    {
      "rule": "HV1014",
      "symbol": "ring_setup.priority",
      "reason": "$1",
      "expires": "$(date -u -d '+90 days' +%F)"
    }
  ]
}
JSON
    show cat headers/accepted.json
}

# check EXPECTED OPTIONS...: what the action runs on a pull request, and what it would post.
check() {
    local expected=$1 code=0
    local options=(--base main --version 1.0.0 "${@:2}")
    echo "\$ abi-diff.sh ${options[*]}"
    "$top/.github/actions/abi-diff/abi-diff.sh" "${options[@]}" || code=$?
    printf '\n-- abi-diff/comment.md\n'
    cat abi-diff/comment.md
    printf -- '-- exit code %s\n' "$code"
    [ "$code" = "$expected" ] || { echo "error: exit code $expected was expected here" >&2; exit 1; }
}

main
