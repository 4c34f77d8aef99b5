using System.Text.Json;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Headers as sides of a comparison, without a configuration: single ones, trees, and those of a revision.</summary>
public sealed class BareHeaderTests : IDisposable
{
    private const string Ring = """
        #include <linux/types.h>
        struct ring {
            __u32 first;
            __u32 second;
        };

        """;

    private const string Types = "typedef unsigned int __u32;\ntypedef unsigned long long __u64;\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_headers_of_different_names_are_two_generations_of_one()
    {
        folder.With("inc/linux/types.h", Types).With("old.h", Ring + "#define GONE 1\n")
            .With("new.h", Ring.Replace("    __u32 second;\n", "", StringComparison.Ordinal));

        Ending result = Diff("old.h", "new.h", "-I", folder["inc"]);

        Assert.True(result.ExitCode == 4, result.Error);
        Assert.Contains("ring.second: field", result.Out, StringComparison.Ordinal);
        Assert.Contains("was at old.h:6:", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("HV6001", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_is_found_by_the_folder_include_or_uapi_around_it()
    {
        folder.With("old/include/uapi/linux/types.h", Types).With("old/include/uapi/linux/ring.h", Ring);
        folder.With("new/include/uapi/linux/types.h", Types).With("new/include/uapi/linux/ring.h", Ring);

        Ending result = Diff("old/include/uapi/linux/ring.h", "new/include/uapi/linux/ring.h");

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void Header_whose_includes_are_nowhere_is_refused_with_its_line()
    {
        folder.With("old.h", "#include <linux/nowhere.h>\n").With("new.h", "#include <linux/nowhere.h>\n\n");

        Ending result = Diff("old.h", "new.h");

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains("old.h:1:", result.Error, StringComparison.Ordinal);
        Assert.Contains("linux/nowhere.h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Macros_of_the_command_line_decide_what_is_there()
    {
        folder.With("old.h", "#ifdef WIDE\nstruct s { int a; };\n#endif\n").With("new.h", "#ifdef WIDE\nstruct s { long a; };\n#endif\n");

        Assert.Equal((0, 4), (Diff("old.h", "new.h").ExitCode, Diff("old.h", "new.h", "-D", "WIDE").ExitCode));
    }

    [Fact]
    public void Configuration_is_told_by_its_content_whatever_it_is_called()
    {
        folder.With("ours.conf", Configuration("old")).With("theirs.json", Configuration("new"));
        folder.With("old/s.h", "struct s { int a; };\n").With("new/s.h", "struct s { long a; };\n");

        Assert.Equal((4, 0), (Diff("ours.conf", "theirs.json").ExitCode, Diff("ours.conf", "ours.conf").ExitCode));
    }

    [Fact]
    public void Header_and_configuration_are_no_pair()
    {
        folder.With("ours.json", Configuration("old")).With("old/s.h", "struct s { int a; };\n");

        Ending result = Diff("old/s.h", "ours.json");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("compare two of a kind", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_of_a_tree_stand_alone_and_contradict_nobody()
    {
        folder.With("old/a.h", "struct s { int a; };\n").With("old/b.h", "struct s { long a; };\n").With("old/same.h", "not C at all");
        folder.With("new/a.h", "struct s { int a; };\n").With("new/b.h", "struct s { long a, b; };\n").With("new/same.h", "not C at all");
        folder.With("new/c.h", "struct added { int a; };\n");

        (Ending result, JsonElement report) = Report("old", "new");

        Assert.True(result.ExitCode == 1, result.Error);
        Assert.Equal(["b.h", "c.h"], Sets(report));
        Assert.Equal(2, report.GetProperty("same_headers").GetInt32());
        Assert.Empty(report.GetProperty("unjudged").EnumerateArray());
    }

    [Fact]
    public void Header_that_is_gone_is_no_silence()
    {
        folder.With("old/a.h", "struct s { int a; };\n").With("old/b.h", "#define B 1\n").With("new/b.h", "#define B 1\n");

        (Ending result, JsonElement report) = Report("old", "new");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(("a.h", "gone"), (Sets(report).Single(), report.GetProperty("sets")[0].GetProperty("presence").GetString()));
    }

    [Fact]
    public void What_an_included_header_changes_counts_for_the_one_that_includes_it()
    {
        folder.With("old/types.h", "typedef int word;\n").With("old/a.h", "#include \"types.h\"\nstruct s { word a; };\n");
        folder.With("new/types.h", "typedef long long word;\n").With("new/a.h", "#include \"types.h\"\nstruct s { word a; };\n");

        (Ending result, JsonElement report) = Report("old", "new");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(["a.h", "types.h"], Sets(report));
    }

    [Theory]
    [InlineData("struct s { int a; };\n", 2)]
    [InlineData("struct s { long a; };\n", 4)]
    public void Header_that_does_not_compile_is_one_line_and_the_others_are_judged(string now, int exitCode)
    {
        folder.With("old/a.h", "struct s { int a; };\n").With("old/b.h", "struct b { int a; };\n");
        folder.With("new/a.h", now).With("new/b.h", "struct b { int a b; };\n");

        (Ending result, JsonElement report) = Report("old", "new");

        Assert.True(result.ExitCode == exitCode, result.Error);
        JsonElement left = Assert.Single(report.GetProperty("unjudged").EnumerateArray());
        Assert.Equal("b.h", left.GetProperty("set").GetString());
        Assert.StartsWith(
            "second side: does not compile for x86_64: b.h:1:", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        string line = Assert.Single(Diff("old", "new").Out.Split('\n'), line => line.Contains("b.h", StringComparison.Ordinal));
        Assert.StartsWith("not judged: b.h: second side: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_that_compiles_for_one_machine_alone_is_judged_there_and_the_other_machine_is_told()
    {
        const string Refusing = "#ifdef __i386__\n#error no\n#endif\n";
        folder.With("old/a.h", $"{Refusing}struct s {{ int a; }};\n").With("new/a.h", $"{Refusing}struct s {{ long long a; }};\n");

        Ending result = Diff("old", "new", "-t", "x86_64", "-t", "i686", "-f", "json");
        using JsonDocument report = JsonDocument.Parse(result.Out);

        Assert.Equal(4, result.ExitCode);
        JsonElement left = Assert.Single(report.RootElement.GetProperty("unjudged").EnumerateArray());
        Assert.Equal("i686", Assert.Single(left.GetProperty("targets").EnumerateArray()).GetString());
        Assert.StartsWith(
            "both sides: does not compile for i686: a.h:2:", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(["a.h"], Sets(report.RootElement));
        Assert.StartsWith(
            "break: 1 break in 1 of 1; 1 not on all targets on x86_64\n",
            string.Join('\n', Diff("old", "new", "-t", "x86_64", "-t", "i686").Out.Split('\n').Skip(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_that_parses_for_one_machine_alone_is_judged_there()
    {
        const string Refusing = "#ifdef __i386__\n#error no\n#endif\n";
        folder.With("old/s.h", $"{Refusing}struct s {{ int a; }};\n").With("new/s.h", $"{Refusing}struct s {{ long long a; }};\n");
        folder.With("old.json", Configuration("old", "s").Replace("\"x86_64\"", "\"x86_64\", \"i686\"", StringComparison.Ordinal));
        folder.With("new.json", Configuration("new", "s").Replace("\"x86_64\"", "\"x86_64\", \"i686\"", StringComparison.Ordinal));

        (Ending result, JsonElement report) = Report("old.json", "new.json");

        Assert.Equal((4, "s"), (result.ExitCode, Sets(report).Single()));
        JsonElement left = Assert.Single(report.GetProperty("unjudged").EnumerateArray());
        Assert.Equal("i686", Assert.Single(left.GetProperty("targets").EnumerateArray()).GetString());
    }

    [Fact]
    public void Link_that_leads_nowhere_keeps_nobody_from_the_others()
    {
        folder.With("old/a.h", "struct s { int a; };\n").With("old/b.h", "struct b { int a; };\n")
            .With("new/a.h", "struct s { long a; };\n");
        File.CreateSymbolicLink(folder["new/b.h"], "nowhere.h");

        (Ending result, JsonElement report) = Report("old", "new");

        Assert.Equal((4, "a.h"), (result.ExitCode, Sets(report).Single()));
        Assert.Equal("b.h", Assert.Single(report.GetProperty("unjudged").EnumerateArray()).GetProperty("set").GetString());
    }

    [Fact]
    public void Set_that_does_not_parse_keeps_nobody_from_the_others()
    {
        folder.With("old/s.h", "struct s { int a; };\n").With("old/t.h", "struct t { int a; };\n");
        folder.With("new/s.h", "struct s { long a; };\n").With("new/t.h", "struct t { int a b; };\n");
        folder.With("old.json", Configuration("old", "s", "t")).With("new.json", Configuration("new", "s", "t"));

        (Ending result, JsonElement report) = Report("old.json", "new.json");
        folder.With("new/s.h", "struct s { int a; };\n");
        Ending without = Diff("old.json", "new.json");

        Assert.Equal((4, "s"), (result.ExitCode, Sets(report).Single()));
        Assert.Equal("t", Assert.Single(report.GetProperty("unjudged").EnumerateArray()).GetProperty("set").GetString());
        Assert.Equal(2, without.ExitCode);
    }

    [Fact]
    public void Revision_from_before_there_was_a_configuration_is_read_by_todays()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Git("rm", "-q", "--cached", GitRepository.Configuration);
        repository.Git("commit", "-q", "-m", "headers alone");
        repository.Change("__u32 flags;", "__u64 flags;");

        Ending result = CommandLine.Run(
            "diff", "git:HEAD", repository.Folder[GitRepository.Configuration], "--config", repository.Folder[GitRepository.Configuration]);

        Assert.True(result.ExitCode == 4, result.Error);
        Assert.Contains("HV1009 demo_region.flags", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tree_of_a_revision_needs_no_configuration()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Git("rm", "-q", GitRepository.Configuration);
        repository.Git("commit", "-q", "-m", "headers alone");
        repository.Change("__u32 flags;", "__u64 flags;");

        Ending result = CommandLine.Run("diff", $"git:HEAD:{repository.Folder["headers/uapi"]}", repository.Folder["headers/uapi"]);

        Assert.True(result.ExitCode == 4, result.Error);
        Assert.Contains("HV1009 demo_region.flags", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_that_costs_too_much_is_left_out_and_the_others_are_judged()
    {
        folder.With("old/a.h", "struct s { int a; };\n").With("old/big.h", "static const int big[1] = { 1 };\n");
        folder.With("new/a.h", "struct s { long a; };\n")
            .With("new/big.h", "static const int big[400000000] = { [0 ... 399999999] = 1 };\n");

        Ending result = CommandLine.RunProcess(
            "diff", folder["old"], folder["new"], "--format", "json", "--memory-limit", "600");

        Assert.True(result.ExitCode == 4, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Out);
        Assert.Equal("a.h", Sets(report.RootElement).Single());
        JsonElement left = Assert.Single(report.RootElement.GetProperty("unjudged").EnumerateArray());
        Assert.Equal(
            ("big.h", "second side: needs more than 600 MB of memory"),
            (left.GetProperty("set").GetString(), left.GetProperty("reason").GetString()));
    }

    private static string Configuration(string headers, params string[] sets) => $$"""
        {
          "targets": ["x86_64"],
          "sets": [{{string.Join(", ", (sets is [] ? ["s"] : sets).Select(set => $$"""
            {
              "name": "{{set}}", "headers": ["{{set}}.h"], "includePaths": ["{{headers}}"],
              "csharp": { "namespace": "A.{{set}}", "output": "out/{{set}}" }
            }
            """))}}]
        }
        """;

    private static string[] Sets(JsonElement report) =>
        [.. report.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("set").GetString()!)];

    private (Ending Result, JsonElement Report) Report(string before, string after)
    {
        Ending result = Diff(before, after, "--format", "json");
        return (result, JsonDocument.Parse(result.Out).RootElement);
    }

    private Ending Diff(string before, string after, params string[] more) =>
        CommandLine.Run(["diff", folder[before], folder[after], .. more]);
}
