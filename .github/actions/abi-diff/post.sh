#!/usr/bin/env bash
# Posts the comment that a run of abi-diff has left as its artifact, on the pull request that the run was for.
#
# It runs with a token that may write, after a run that anybody's code took part in. So the artifact is data: which pull request it is
# for is asked of the service and not of the artifact, files in it must be files of bounded size, and none of it is executed or expanded.
#
# Needs gh, GH_TOKEN, GITHUB_REPOSITORY, and of the other run: RUN_ID, HEAD_SHA, HEAD_OWNER, HEAD_BRANCH.
# Exit codes: 0 posted, or the commit is no longer the head of an open pull request; 1 not posted; 2 the artifact is not what it should be.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
marker='<!-- hvbindgen-abi-diff -->'
most_characters=65536
most_sarif_bytes=10000000

refuse() {
    echo "error: $1" >&2
    exit "${2:-2}"
}

main() {
    [[ "${RUN_ID:-}" =~ ^[0-9]+$ ]] || refuse "RUN_ID is no number"
    [[ "${HEAD_SHA:-}" =~ ^[0-9a-f]{40}$ ]] || refuse "HEAD_SHA is no commit"
    [ -n "${GITHUB_REPOSITORY:-}" ] && [ -n "${HEAD_OWNER:-}" ] && [ -n "${HEAD_BRANCH:-}" ] ||
        refuse "GITHUB_REPOSITORY, HEAD_OWNER and HEAD_BRANCH must be set"

    local number folder
    number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" --raw-field state=open --raw-field "head=$HEAD_OWNER:$HEAD_BRANCH" \
        --jq ".[] | select(.head.sha == \"$HEAD_SHA\") | .number") || refuse "the pull requests cannot be listed" 1
    number=${number%%$'\n'*}
    if ! [[ "$number" =~ ^[0-9]+$ ]]; then
        echo "$HEAD_SHA is not the head of an open pull request: nothing is posted"
        return
    fi

    # Outside of the workspace: nothing that the artifact brings lies among files that are run.
    folder=$(mktemp -d)
    gh run download "$RUN_ID" --repo "$GITHUB_REPOSITORY" --name abi-diff --dir "$folder" || refuse "the run has left no artifact" 1
    require_file "$folder/comment.md"
    [ "$(head -n 1 "$folder/comment.md")" = "$marker" ] || refuse "the artifact's comment is none of abi-diff"
    [ "$(wc -m <"$folder/comment.md")" -le "$most_characters" ] || refuse "the artifact's comment is longer than a comment may be, $most_characters characters"
    tell pull-request "$number"
    if [ -e "$folder/report.sarif" ]; then
        require_file "$folder/report.sarif"
        [ "$(wc -c <"$folder/report.sarif")" -gt "$most_sarif_bytes" ] || tell sarif "$folder/report.sarif"
    fi
    "$here/abi-diff.sh" --out "$folder" --post "$number"
}

require_file() {
    [ -f "$1" ] && [ ! -L "$1" ] || refuse "the artifact has no file $(basename "$1")"
}

tell() {
    [ -z "${GITHUB_OUTPUT:-}" ] || echo "$1=$2" >>"$GITHUB_OUTPUT"
}

main
