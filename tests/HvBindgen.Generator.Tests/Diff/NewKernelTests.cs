using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// The script that looks for newer headers, on a real repository with a real remote; a stand-in for <c>gh</c> notes what it is told.
/// </summary>
public sealed class NewKernelTests : IDisposable
{
    private const string FakeGh = """
        #!/usr/bin/env bash
        # gh pr list|create|edit: one open pull request at most, its number in a file.
        set -euo pipefail
        echo "$*" >>"$GH_LOG"
        case "$2" in
            list) [ ! -e "$GH_LOG.open" ] || echo 7 ;;
            create) touch "$GH_LOG.open" ;;
        esac
        while [ $# -gt 0 ]; do
            [ "$1" != --body-file ] || cp "$2" "$GH_LOG.body"
            shift
        done

        """;

    private readonly TemporaryFolder folder = new();

    public NewKernelTests()
    {
        Requirement.Program("git", "git");
        Requirement.Program("jq", "jq");
        WriteKernel(4, "__u32 flags;");
        folder.With("gh/gh", FakeGh).With("work/.gitignore", "downloaded/\n").With("work/headers/sources.json", """
            {
              "schema": 1,
              "suites": ["none"],
              "multiarch": ["x86_64-linux-gnu"],
              "packages": [{ "name": "libc-dev", "folder": "usr/include", "into": "usr/include" }],
              "roots": ["usr/include/linux/demo.h"]
            }
            """).With("work/headers/hvbindgen.json", """
            {
              "targets": ["x86_64"],
              "sets": [{
                "name": "demo", "headers": ["linux/demo.h"],
                "includePaths": ["downloaded/usr/include/{multiarch}", "downloaded/usr/include"],
                "csharp": { "namespace": "Demo", "output": "../src" }
              }]
            }
            """);
        Run("chmod", "+x", folder["gh/gh"]);
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.org");
        Tool("headers", "sync", "--kernel", folder["kernel"]);
        Tool("generate");
        Git("add", ".");
        Git("commit", "-q", "-m", "first");
        Run("git", "init", "-q", "--bare", folder["remote"]);
        Git("remote", "add", "origin", folder["remote"]);
        Git("push", "-q", "origin", "main");
    }

    private string Log => File.Exists(folder["gh.log"]) ? folder.Text("gh.log") : "";

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_newer_touches_nothing()
    {
        Ending ending = Look();

        Assert.Equal((0, "Linux 7.3.4 is the newest\n"), (ending.ExitCode, ending.Out));
        Assert.Empty(Log);
        Assert.Empty(Git("status", "--porcelain"));
    }

    [Fact]
    public void A_newer_kernel_becomes_one_pull_request_with_what_it_does_to_the_abi()
    {
        WriteKernel(5, "__u32 flags; __u32 added;");

        Ending ending = Look();

        Assert.Equal((0, ""), (ending.ExitCode, ending.Error));
        Assert.Contains("pr create --base main --head new-kernel --title Headers of Linux 7.3.5", Log, StringComparison.Ordinal);
        string body = folder.Text("gh.log.body");
        Assert.StartsWith("Headers of Linux 7.3.5 in place of 7.3.4", body, StringComparison.Ordinal);
        Assert.Contains("added", body, StringComparison.Ordinal);
        Assert.Equal("main", Git("branch", "--show-current").Trim());
        string changed = Git("diff", "--name-only", "main", "origin/new-kernel");
        Assert.Contains("headers/headers.lock.json", changed, StringComparison.Ordinal);
        Assert.Contains("headers/abi/demo.x86_64.json", changed, StringComparison.Ordinal);
        Assert.Contains("src/linux/demo/Records.g.cs", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_run_updates_the_pull_request_that_is_open()
    {
        WriteKernel(5, "__u32 flags; __u32 added;");
        Look();
        Ending again = Look();
        string branch = Git("rev-parse", "origin/new-kernel");
        WriteKernel(6, "__u32 flags; __u32 added; __u32 more;");

        Ending later = Look();

        Assert.Equal((0, 0), (again.ExitCode, later.ExitCode));
        Assert.Contains("already", again.Out, StringComparison.Ordinal);
        Assert.Single(Log.Split('\n'), line => line.StartsWith("pr create", StringComparison.Ordinal));
        Assert.Contains("pr edit 7 --title Headers of Linux 7.3.6", Log, StringComparison.Ordinal);
        Assert.NotEqual(branch, Git("rev-parse", "origin/new-kernel"));
        Assert.Equal("1", Git("rev-list", "--count", "main..origin/new-kernel").Trim());
    }

    [Fact]
    public void A_kernel_whose_headers_do_not_parse_opens_nothing()
    {
        WriteKernel(5, "no_such_type flags;");

        Ending ending = Look();

        Assert.Equal(2, ending.ExitCode);
        Assert.Contains("the bindings cannot be made", ending.Error, StringComparison.Ordinal);
        Assert.Empty(Log);
        Assert.Equal("", Git("branch", "--list", "new-kernel"));
    }

    private void WriteKernel(int sublevel, string members) => folder
        .With("kernel/Makefile", $"VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = {sublevel}\nEXTRAVERSION =\n")
        .With("kernel/include/uapi/linux/demo.h", $"#include <linux/types.h>\nstruct demo {{ {members} }};\n")
        .With("kernel/include/uapi/linux/types.h", "#include <asm/types.h>\ntypedef unsigned int __u32;\n")
        .With("kernel/include/uapi/asm-generic/types.h", "typedef int demo_t;\n")
        .With("kernel/include/uapi/asm-generic/Kbuild", "mandatory-y += types.h\n")
        .With("kernel/arch/x86/include/uapi/asm/kvm.h", "int kvm;\n")
        .With("kernel/arch/arm64/include/uapi/asm/types.h", "typedef long t;\n");

    private Ending Look()
    {
        string path = Path.Combine(Repository.Root, ".github", "new-kernel", "new-kernel.sh");
        ChildProgram script = new("bash", [path, "--", "--kernel", folder["kernel"]])
        {
            Folder = folder["work"],
            Environment = new Dictionary<string, string?>
            {
                ["HVBINDGEN"] = GitRepository.Tool,
                ["GH_LOG"] = folder["gh.log"],
                ["PATH"] = $"{folder["gh"]}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        };
        return script.Run();
    }

    private void Tool(params string[] arguments)
    {
        string[] words = GitRepository.Tool.Split(' ');
        Run(words[0], [.. words[1..], .. arguments, "--config", folder["work/headers/hvbindgen.json"]]);
    }

    private string Git(params string[] arguments) => Run("git", ["-C", folder["work"], .. arguments]);

    private static string Run(string program, params string[] arguments)
    {
        Ending ending = ChildProgram.Run(program, arguments);
        Assert.True(ending.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {ending.Error}");
        return ending.Out;
    }
}
