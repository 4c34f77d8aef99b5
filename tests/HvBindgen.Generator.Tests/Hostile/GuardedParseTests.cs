using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>A set has many headers. When the process that parses them dies, the one that it died of is named, and no other.</summary>
public sealed class GuardedParseTests : IDisposable
{
    private const string Died = "the process that reads it died (signal 11)";

    // An operator in front of an operator, a million times: every parser of C calls itself for each. What stands in the text itself is
    // refused before one sees it.
    private static readonly string Deep = $"#define NOT {new string('!', 200)}\n"
        + $"struct deep {{ int member[{string.Concat(Enumerable.Repeat("NOT ", 5000))}0]; }};\n";

    // It includes itself twice, forty times one inside another. What a newer clang alone does not end is in HeaderFaultTests.
    private const string Endless =
        "#if __INCLUDE_LEVEL__ < 40\n#include \"endless.h\"\n#include \"endless.h\"\n#endif\nstruct endless;\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_header_that_makes_the_parser_die_is_named_alone()
    {
        Ending result = Generate(("first.h", "struct first { int x; };\n"), ("deep.h", Deep), ("last.h", "struct last { int x; };\n"));

        Assert.Equal((int)ExitCode.LimitExceeded, result.ExitCode);
        Assert.Contains($"error: parsing set demo for x86_64 (deep.h): {Died}\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("first.h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_header_that_needs_too_much_memory_is_named_alone()
    {
        string large = string.Concat(Enumerable.Range(0, 200_000).Select(n => $"struct s{n} {{ int a; }};\n"));

        Ending result = Generate(("first.h", "struct first { int x; };\n"), ("large.h", large));

        Assert.Equal((int)ExitCode.LimitExceeded, result.ExitCode);
        Assert.Contains(
            "error: parsing set demo for x86_64 (large.h): needs more than 240 MB of memory\n", result.Error, StringComparison.Ordinal);
    }

    // The deadline of a child is that of its whole work, its start on a busy machine included.
    [Theory]
    [InlineData("generate", 3)]
    [InlineData("generate --untrusted", 10)]
    [InlineData("snapshot --check", 3)]
    [InlineData("verify", 3)]
    public void The_header_that_never_ends_is_named_alone_by_each_command(string command, int seconds)
    {
        Write(("first.h", "struct first { int x; };\n"), ("endless.h", Endless), ("last.h", "struct last { int x; };\n"));

        Ending result = Run(command, "--deadline", $"{seconds}");

        Assert.True(result.ExitCode == (int)ExitCode.LimitExceeded, result.Error);
        Assert.Contains(
            $"error: parsing set demo for x86_64 (endless.h): not done within {seconds} seconds\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("--deadline", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("first.h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_leaves_the_header_that_never_ends_out_and_names_it()
    {
        folder.With("before/a.h", "struct a { int x; };\n").With("before/endless.h", "struct b { int x; };\n")
            .With("after/a.h", "struct a { long x; };\n").With("after/endless.h", Endless);

        Ending result = Run("diff", "before", "after", "--deadline", "4");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("endless.h", result.Out, StringComparison.Ordinal);
        Assert.Contains("not done within 4 seconds", result.Out, StringComparison.Ordinal);
        Assert.Contains("struct a", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--deadline")]
    [InlineData("--memory-limit")]
    public void A_limit_below_zero_is_refused(string option)
    {
        Ending result = Run("generate", option, "-1");

        Assert.Equal((int)ExitCode.BadConfiguration, result.ExitCode);
        Assert.Contains($"{option} is a number from 0 on", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_do_so_only_together_are_named_together()
    {
        Ending result = Generate(("first.h", "#define FIRST 1\n"), ("deep.h", $"#ifdef FIRST\n{Deep}#endif\nstruct other {{ int x; }};\n"));

        Assert.Equal((int)ExitCode.LimitExceeded, result.ExitCode);
        Assert.Contains(
            $"error: parsing set demo for x86_64 (first.h, deep.h): {Died}; each of the headers alone comes to an end\n",
            result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_come_to_an_end_are_read_as_ever()
    {
        Ending result = Generate(("first.h", "struct first { int x; };\n"), ("last.h", "struct last { int x; };\n"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("demo: x86_64; on x86_64 2 records", result.Error, StringComparison.Ordinal);
    }

    private Ending Generate(params (string Name, string Text)[] headers)
    {
        Write(headers);
        return Run("generate", "--untrusted", "--memory-limit", "240");
    }

    private void Write(params (string Name, string Text)[] headers)
    {
        foreach ((string name, string text) in headers)
        {
            folder.With($"include/{name}", text);
        }

        folder.With("hvbindgen.json", $$"""
            { "sets": [{ "name": "demo", "headers": [{{string.Join(", ", headers.Select(header => $"\"{header.Name}\""))}}],
              "includePaths": ["include"], "targets": ["x86_64"], "csharp": { "namespace": "Demo", "output": "out" } }] }
            """);
    }

    private Ending Run(string command, params string[] arguments)
    {
        string[] words = GitRepository.Tool.Split(' ');
        return new ChildProgram(words[0], [.. words[1..], .. command.Split(' '), .. arguments]) { Folder = folder.Root }.Run();
    }
}
