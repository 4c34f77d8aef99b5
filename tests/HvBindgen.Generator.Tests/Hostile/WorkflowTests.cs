using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// The workflows: the one that reads a pull request has no token, the one that posts trusts nothing of what the other left.
/// </summary>
public sealed class WorkflowTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    // Refuses what the service refuses: a body above 65,536 characters.
    private const string FakeGh = """
        #!/usr/bin/env bash
        set -euo pipefail
        echo "$*" >>"$GH_LOG"
        case "$1 $2" in
            "run download") shift 2; while [ "$1" != --dir ]; do shift; done; cp -a "$GH_ARTIFACT/." "$2" ;;
            *)
                body= method=GET
                for word in "$@"; do
                    case $word in
                        POST | PATCH) method=$word ;;
                        body=@*) body=${word#body=@} ;;
                        */pulls) [ -z "${GH_NO_PULL:-}" ] && echo 17; exit 0 ;;
                    esac
                done
                [ -z "$body" ] || [ "$(wc -m <"$body")" -le 65536 ] || { echo "HTTP 422: body is too long" >&2; exit 1; }
                [ -z "$body" ] || cp "$body" "$GH_LOG.posted"
                ;;
        esac
        """;

    private readonly TemporaryFolder folder = new();

    public WorkflowTests()
    {
        folder.With("bin/gh", FakeGh)
            .With("artifact/comment.md", $"{MarkdownReport.Marker}\n### ABI\n`$(touch evil)` ${{{{ github.token }}}}\n");
        Assert.Equal(0, ChildProgram.Run("chmod", "+x", folder["bin/gh"]).ExitCode);
    }

    public void Dispose() => folder.Dispose();

    // A lock that names a machine's own packages would be another on the next machine. The projects of tests/Packages are copied elsewhere
    // before they are used.
    [Fact]
    public void Packages_of_every_project_are_locked_and_for_no_machine_in_particular()
    {
        string outside = Repository.PathOf("tests/Packages");
        string[] projects =
        [
            .. ((string[])["generator", "runtime", "samples", "tests"])
                .SelectMany(part => Directory.GetFiles(Repository.PathOf(part), "*.csproj", SearchOption.AllDirectories))
                .Where(project => !project.StartsWith(outside, StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.DoesNotContain(
            "\"net10.0/",
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")),
            StringComparison.Ordinal));
    }

    [Fact]
    public void Workflow_that_reads_a_pull_request_has_no_token_that_writes()
    {
        string workflow = File.ReadAllText(Repository.PathOf(".github/workflows/abi.yml"));
        string action = File.ReadAllText(Repository.PathOf(".github/actions/abi-diff/action.yml"));

        Assert.DoesNotContain(": write", workflow, StringComparison.Ordinal);
        Assert.Contains("persist-credentials: false", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("token }}", workflow + action, StringComparison.Ordinal);
    }

    [Fact]
    public void Artifact_is_posted_as_text_on_the_pull_request_that_the_service_names()
    {
        Ending result = Post();

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(folder.Text("artifact/comment.md"), folder.Text("log.posted"));
        Assert.Contains("issues/17/comments", folder.Text("log"), StringComparison.Ordinal);
        Assert.Equal("pull-request=17\n", folder.Text("outputs"));
        Assert.False(File.Exists("evil") || File.Exists(folder["evil"]));
    }

    [Fact]
    public void Commit_that_is_no_head_any_more_gets_no_comment()
    {
        Ending result = Post(("GH_NO_PULL", "1"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("nothing is posted", result.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["log.posted"]));
    }

    [Theory]
    [InlineData("link", "the artifact has no file comment.md")]
    [InlineData("none", "the artifact has no file comment.md")]
    [InlineData("foreign", "the artifact's comment is none of abi-diff")]
    [InlineData("long", "longer than a comment may be, 65536 characters")]
    [InlineData("sarif", "the artifact has no file report.sarif")]
    [InlineData("sha", "HEAD_SHA is no commit")]
    public void Artifact_that_is_not_what_it_should_be_is_refused(string attack, string expected)
    {
        string comment = folder["artifact/comment.md"];
        switch (attack)
        {
            case "link":
                File.Delete(comment);
                File.CreateSymbolicLink(comment, "/etc/hostname");
                break;
            case "none":
                File.Delete(comment);
                break;
            case "foreign":
                File.WriteAllText(comment, "Approved by the maintainers.\n");
                break;
            case "long":
                File.AppendAllText(comment, new string('x', 65_536));
                break;
            case "sarif":
                File.CreateSymbolicLink(folder["artifact/report.sarif"], "/etc/hostname");
                break;
            default:
                break;
        }

        Ending result = attack == "sha" ? Post(("HEAD_SHA", "\") or true or (\"")) : Post();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["log.posted"]));
    }

    private Ending Post(params (string Name, string Value)[] more)
    {
        Dictionary<string, string?> environment = new()
        {
            ["PATH"] = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}",
            ["GH_LOG"] = folder["log"],
            ["GH_ARTIFACT"] = folder["artifact"],
            ["GITHUB_REPOSITORY"] = "someone/something",
            ["GITHUB_OUTPUT"] = folder["outputs"],
            ["RUN_ID"] = "5",
            ["HEAD_SHA"] = Commit,
            ["HEAD_OWNER"] = "stranger",
            ["HEAD_BRANCH"] = "-oops$(touch evil)",
        };
        foreach ((string name, string value) in more)
        {
            environment[name] = value;
        }

        return new ChildProgram(
            Repository.PathOf(".github/actions/abi-diff/post.sh"))
        { Environment = environment, Folder = folder.Root }.Run();
    }
}
