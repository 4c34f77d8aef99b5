using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Cli;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// What a repository holds beside headers: pipes and devices where the tool looks for files of its own accord, and words of configurations,
/// headers and names of files in notes, warnings and lists, not in errors alone.
/// </summary>
public sealed class HostileOutputTests
{
    private const string Attack = "\u001b[2J\n::error::forged\u202e";

    [Theory]
    [InlineData("a.csproj", "generate", false)]
    [InlineData("Directory.Build.props", "init . --name other --header demo.h --namespace Other --include inc", false)]
    [InlineData("out/old.g.cs", "generate", false)]
    [InlineData("out/Support/Origin.g.cs", "generate --check", true)]
    [InlineData("out/Support/Origin.g.cs", "generate", true)]
    [InlineData("abi/demo.x86_64.json", "snapshot --check", true)]
    [InlineData("inc/linux/version.h", "diff inc inc", true)]
    public void A_pipe_where_files_are_looked_for_holds_nothing_up(string file, string command, bool isRefused)
    {
        using TemporaryFolder folder = Workplace(file);
        Assert.Equal(0, ChildProgram.Run("mkfifo", folder[file]).ExitCode);

        Ending result = Run(folder, command);

        Assert.Equal(isRefused, (result.Out + result.Error).Contains("is no regular file", StringComparison.Ordinal));
        Assert.True(isRefused == result.ExitCode > 1, $"{result.ExitCode}: {result.Out}{result.Error}");
    }

    // A link at an output's place is replaced as any other.
    [Theory]
    [InlineData("a.csproj", "generate", 0)]
    [InlineData("Directory.Build.props", "init . --name other --header demo.h --namespace Other --include inc", 0)]
    [InlineData("out/Support/Origin.g.cs", "generate --check", 1)]
    [InlineData("abi/demo.x86_64.json", "snapshot", 0)]
    public void A_device_where_files_are_looked_for_is_not_read(string file, string command, int exitCode)
    {
        using TemporaryFolder folder = Workplace(file);
        File.CreateSymbolicLink(folder[file], "/dev/zero");

        Ending result = Run(folder, command);

        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode}: {result.Out}{result.Error}");
    }

    [Fact]
    public void A_configuration_of_a_revision_that_is_a_link_to_elsewhere_is_not_read()
    {
        using TemporaryFolder outside = new TemporaryFolder().With("secret", "hunter2");
        using GitRepository repository = new(withOutput: false);
        string configuration = repository.Folder["headers/hvbindgen.json"];
        File.Delete(configuration);
        File.CreateSymbolicLink(configuration, outside["secret"]);
        repository.Commit("a link");
        repository.Git("checkout", "-q", "HEAD~1", "--", "headers/hvbindgen.json");

        string[] words = GitRepository.Tool.Split(' ');
        Ending result = repository.Run(words[0], [.. words[1..], "diff", "git:HEAD~1", "git:HEAD:headers/hvbindgen.json"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("hvbindgen.json is a link that leads out of", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_and_warnings_show_what_steers_a_terminal_or_a_runner()
    {
        string escaped = Attack.Replace("\u001b", "\\u001b", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        using TemporaryFolder folder = CommandLine.Workplace(
            CommandLine.Header + "#warning first\u001b[2J\n",
            $"\"targets\": [\"x86_64\"], \"block\": [\"{escaped}\"], \"own\": [\"*.h\", \"{escaped}\"]");
        folder.With($"{Attack}.csproj", "<Project/>");
        Requirement.Program("gcc", "gcc");

        foreach (string[] command in (string[][])[["generate"], ["verify", "--compiler", "gcc"], ["lint"], ["snapshot"]])
        {
            Ending result = CommandLine.Run(folder, command);

            string all = result.Out + result.Error;
            Assert.True(result.ExitCode is 0 or 1, all);
            Assert.DoesNotContain('\u001b', all);
            Assert.DoesNotContain('\u202e', all);
            Assert.DoesNotMatch(@"(?m)^\s*::", all);
        }
    }

    [Fact]
    public void Names_of_headers_that_a_sync_lists_are_shown()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Terminal terminal = new(output, error);

        terminal.Tell(Attack);
        terminal.Print(Attack);
        Report.Print([new ReportRow(RowState.Note, Attack, Attack)], terminal);

        string all = output.ToString() + error;
        Assert.DoesNotContain('\u001b', all);
        Assert.DoesNotContain('\u202e', all);
        Assert.DoesNotMatch(@"(?m)^\s*::", all);
    }

    private static TemporaryFolder Workplace(string file)
    {
        TemporaryFolder folder = CommandLine.Workplace();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
        return folder;
    }

    private static Ending Run(TemporaryFolder folder, string command)
    {
        string[] words = GitRepository.Tool.Split(' ');
        return new ChildProgram(words[0], [.. words[1..], .. command.Split(' '), "--deadline", "30"])
        {
            Folder = folder.Root,
            TimeLimit = TimeSpan.FromSeconds(60),
        }.Run();
    }
}
