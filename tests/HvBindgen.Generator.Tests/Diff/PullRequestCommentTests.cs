using System.Text.Json;
using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Posting the comment: a stand-in for <c>gh</c> keeps the comments in a file and runs the real jq on it, as gh does.</summary>
public sealed class PullRequestCommentTests
{
    private const string FakeGh = """
        #!/usr/bin/env bash
        # gh api [--paginate] [--method M] PATH [--jq FILTER] [--field body=@FILE] [--silent]
        set -euo pipefail
        echo "$*" >>"$GH_LOG"
        [ "$1" = api ]; shift
        [ ! -e "$GH_LOG.refuse" ] || { echo "HTTP 403: Resource not accessible by integration" >&2; exit 1; }
        method=GET filter=. body=
        while [ $# -gt 0 ]; do
            case $1 in
                --method) method=$2; shift ;;
                --jq) filter=$2; shift ;;
                --field) body=${2#body=@}; shift ;;
                --paginate | --silent) ;;
                *) path=$1 ;;
            esac
            shift
        done
        if [ "$method" != GET ] && [ "$(wc -m <"$body")" -gt 65536 ]; then
            echo "HTTP 422: Validation Failed: body is too long (maximum is 65536 characters)" >&2
            exit 1
        fi
        case $method in
            GET) jq -r "$filter" "$GH_COMMENTS" ;;
            POST) jq --rawfile body "$body" '. + [{id: 99, body: $body, user: {login: "github-actions[bot]"}}]' \
                "$GH_COMMENTS" >"$GH_COMMENTS.new" ;;
            PATCH) jq --rawfile body "$body" --argjson id "${path##*/}" 'map(if .id == $id then .body = $body else . end)' \
                "$GH_COMMENTS" >"$GH_COMMENTS.new" ;;
        esac
        [ ! -e "$GH_COMMENTS.new" ] || mv "$GH_COMMENTS.new" "$GH_COMMENTS"
        """;

    [Fact]
    public void First_report_is_a_new_comment()
    {
        using GitRepository repository = Prepared("[]");

        Assert.Equal(0, Post(repository).ExitCode);

        (long id, string body) = Assert.Single(Comments(repository));
        Assert.Equal((99, repository.Folder.Text("abi-diff/comment.md")), (id, body));
        Assert.Contains("repos/someone/something/issues/17/comments", repository.Folder.Text("gh.log"), StringComparison.Ordinal);
    }

    [Fact]
    public void Later_reports_replace_the_text_of_the_one_comment_and_of_no_other()
    {
        string others = $$$"""
            [
              {"id": 1, "body": "I like it", "user": {"login": "a"}},
              {"id": 2, "body": "{{{MarkdownReport.Marker}}}\nmine, says somebody else", "user": {"login": "b"}},
              {"id": 3, "body": "{{{MarkdownReport.Marker}}}\nof yesterday", "user": {"login": "github-actions[bot]"}},
              {"id": 4, "body": "see {{{MarkdownReport.Marker}}}", "user": {"login": "github-actions[bot]"}}
            ]
            """;
        using GitRepository repository = Prepared(others);

        Assert.Equal(0, Post(repository).ExitCode);
        Assert.Equal(0, Post(repository).ExitCode);

        List<(long Id, string Body)> comments = Comments(repository);
        Assert.Equal([1, 2, 3, 4], comments.Select(comment => comment.Id));
        Assert.Equal(repository.Folder.Text("abi-diff/comment.md"), comments[2].Body);
        Assert.Equal(["I like it", "see " + MarkdownReport.Marker], [comments[0].Body, comments[3].Body]);
        Assert.EndsWith("somebody else", comments[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_that_may_not_write_is_an_error()
    {
        using GitRepository repository = Prepared("[]");
        repository.Folder.With("gh.log.refuse", "");

        Ending result = Post(repository);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error: the ABI comment could not be posted", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65_536, 0)]
    [InlineData(65_537, 2)]
    public void Comment_that_the_service_refuses_for_its_length_is_an_error(int length, int exitCode)
    {
        using GitRepository repository = Prepared("[]");
        string body = $"{MarkdownReport.Marker}\n".PadRight(length - 1, 'x') + "\n";
        repository.Folder.With("abi-diff/comment.md", body);

        Ending result = Post(repository);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 0 ? 1 : 0, Comments(repository).Count);
        Assert.Equal(exitCode != 0, result.Error.Contains("longer than a comment may be, 65536 characters", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_to_post_is_an_error()
    {
        using GitRepository repository = Prepared("[]");
        File.Delete(repository.Folder["abi-diff/comment.md"]);

        Assert.Equal(2, Post(repository).ExitCode);
    }

    private static GitRepository Prepared(string comments)
    {
        Requirement.Program("jq", "jq");
        GitRepository repository = new(withOutput: false);
        repository.Folder.With("bin/gh", FakeGh).With("comments.json", comments)
            .With("abi-diff/comment.md", $"{MarkdownReport.Marker}\n### \"today\" & `more`\n");
        Assert.Equal(0, repository.Run("chmod", ["+x", "bin/gh"]).ExitCode);
        return repository;
    }

    private static Ending Post(GitRepository repository) => repository.Run(
        Path.Combine(GitRepository.Action, "abi-diff.sh"), ["--post", "17"],
        ("PATH", $"{repository.Folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"),
        ("GITHUB_REPOSITORY", "someone/something"), ("GH_COMMENTS", repository.Folder["comments.json"]),
        ("GH_LOG", repository.Folder["gh.log"]));

    private static List<(long Id, string Body)> Comments(GitRepository repository)
    {
        using JsonDocument document = JsonDocument.Parse(repository.Folder.Text("comments.json"));
        return [.. document.RootElement.EnumerateArray()
            .Select(comment => (comment.GetProperty("id").GetInt64(), comment.GetProperty("body").GetString()!))];
    }
}
