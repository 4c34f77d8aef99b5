using Xunit;

namespace HvBindgen.Docs.Tests;

/// <summary>What documents show of a program's output is what it prints.</summary>
public class OutputTests(PullRequestScene pullRequest) : IClassFixture<PullRequestScene>
{
    private static readonly string Tool = Path.Combine(Repository.Root, "generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll");

    private static readonly string[] Guests = ["samples/HelloGuest", "samples/MultiProcessor", "samples/SerialConsole"];

    /// <summary>File and line of each command.</summary>
    public static TheoryData<string, int> Shown =>
    [
        .. Documents.All.SelectMany(file => In(file).Where(shown => shown is { NotRun: "", Command: not "" })
            .Select(shown => (file, shown.Line)).Distinct()),
    ];

    [Theory]
    [MemberData(nameof(Shown))]
    public void What_is_shown_is_what_the_program_prints(string file, int line)
    {
        foreach (ShownOutput shown in In(file).Where(one => one.Line == line))
        {
            if (Array.Exists(Guests, guest => shown.Command.Contains(guest, StringComparison.Ordinal)))
            {
                Requirement.Hypervisor();
            }

            bool isPullRequest = shown.Scene == PullRequestScene.Name;
            using TemporaryFolder? scene = isPullRequest || shown.Scene.Length == 0 ? null : Scenes.Make(shown.Scene);
            string folder = isPullRequest ? pullRequest.Story : scene?.Root ?? Repository.Root;
            string? difference = shown.Difference(Run(shown.Command, folder));
            Assert.True(difference is null, $"{file}: {difference}");
        }
    }

    [Fact]
    public void Every_output_is_compared_or_says_why_it_is_not()
    {
        string[] silent =
        [
            .. Documents.All.SelectMany(file => In(file).Where(shown => shown is { NotRun: "", Command: "" })
                .Select(shown => $"{file}:{shown.Line}: say with <!-- prints: COMMAND --> or <!-- not run: REASON -->")),
        ];

        Assert.True(silent.Length == 0, string.Join('\n', silent));
    }

    [Theory]
    [InlineData("one\n7 things\nlast\n", true)]
    [InlineData("one\n12 things\nand more\nlast\n", true)]
    [InlineData("one\nno things\nlast\n", false)]
    [InlineData("one\n7 things\n", false)]
    [InlineData("one\n7 things\nlast\nand more\n", false)]
    public void Output_that_is_not_what_is_shown_is_noticed(string printed, bool isSame)
    {
        ShownOutput shown = Assert.Single(ShownOutput.In(
            ["<!-- in: x; varies: \\d+ -->", "", "```console", "$ count", "one", "4 things", "...", "last", "```"]));

        Assert.Equal(("count", "x"), (shown.Command, shown.Scene));
        Assert.Equal(isSame, shown.Difference(printed) is null);
    }

    /// <summary>Writes a program <c>hvbindgen</c> that starts what the build made.</summary>
    /// <param name="folder">Where it is written.</param>
    /// <returns>Its path.</returns>
    internal static string ToolScript(TemporaryFolder folder)
    {
        string path = folder.With("bin/hvbindgen", $"#!/bin/sh\nexec dotnet '{Tool}' \"$@\"\n")["bin/hvbindgen"];
        Assert.Equal(0, ChildProgram.Run("chmod", "+x", path).ExitCode);
        return path;
    }

    private static IEnumerable<ShownOutput> In(string file) => ShownOutput.In(File.ReadLines(Path.Combine(Repository.Root, file)));

    // As a reader would type it; the programs are those that the build made.
    private static string Run(string command, string folder)
    {
        const string Sample = "dotnet run --project samples/";
        if (command.StartsWith(Sample, StringComparison.Ordinal))
        {
            string[] words = command[Sample.Length..].Split(' ', 2);
            string program = Path.Combine(Repository.Root, $"samples/{words[0]}/bin/Release/net10.0/{words[0]}.dll");
            command = $"dotnet '{program}' {(words.Length > 1 ? words[1].TrimStart('-', ' ') : "")}";
        }

        using TemporaryFolder programs = new();
        string path = Path.GetDirectoryName(ToolScript(programs)) + ":" + Environment.GetEnvironmentVariable("PATH");
        ChildProgram shell = new("bash", "-c", $"{{ {command}; }} 2>&1")
        {
            Folder = folder,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["PATH"] = path },
        };
        return shell.Run().Out;
    }
}
