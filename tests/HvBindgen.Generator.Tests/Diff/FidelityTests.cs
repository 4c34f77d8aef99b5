using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>What was lost between header and model is told apart from what was removed.</summary>
public sealed class FidelityTests
{
    [Theory]
    [InlineData("struct s { int a; };\n#define A 1", "#ifdef KERNEL\nstruct s { int a; };\n#define A 1\n#endif",
        "pair.h of pair declares nothing any more, and had 2 declarations (on x86_64, i686, arm64)")]
    [InlineData("#define A 1\n#define B 2", "#define A (UNKNOWN + 1)\n#define B 2",
        "A of pair is still defined, and has no value that the compiler can compute (on x86_64, i686, arm64)")]
    public void What_looks_removed_and_may_be_lost_is_said(string before, string after, string expected)
    {
        Assert.Equal(expected, Assert.Single(Fidelity.Of(FixturePair.Parse(before), FixturePair.Parse(after))));
    }

    [Fact]
    public void Set_that_shrank_to_less_than_half_is_said()
    {
        string all = string.Concat(Enumerable.Range(0, 20).Select(n => $"#define A{n} {n}\n"));

        string lost = Assert.Single(Fidelity.Of(FixturePair.Parse(all), FixturePair.Parse("#define A0 0\n#define A1 1\n")));

        Assert.StartsWith("pair has 2 declarations left of 20 ", lost, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#define A 1\n#define B 2", "#define B 2")]
    [InlineData("#define A 1\n#define B(x) (x)", "#define A 2\n#define B(x) (x + 1)")]
    [InlineData("struct s { int a; };", "struct t { int a; };")]
    public void Real_removal_and_change_are_no_loss(string before, string after)
    {
        Assert.Empty(Fidelity.Of(FixturePair.Parse(before), FixturePair.Parse(after)));
    }

    [Theory]
    [InlineData("struct s {\nint a;\n#if __clang_major__ >= 15\nint b;\n#endif\n};", "__clang_major__")]
    [InlineData("#ifdef __clang__\nstruct s { int a; };\n#else\nstruct s { int a, b; };\n#endif", "__clang__")]
    [InlineData("#if defined(X) || __GNUC__ > 12\n# define A (1 << 3)\n#else\n#define A 2\n#endif", "__GNUC__")]
    [InlineData("#if 0\n#elif defined(_MSC_VER) || __clang_minor__ == 2\n#if 1\nint a;\n#endif\n#endif", "_MSC_VER and __clang_minor__")]
    public void Declarations_that_depend_on_the_compiler_are_said(string header, string macros)
    {
        string all = $"#define ALWAYS 1\n{header}\n";

        Assert.Equal(
            $"pair.h of pair declares by {macros}: judged is what clang sees, and another compiler may see other declarations "
                + "(on x86_64, i686, arm64)",
            Assert.Single(Fidelity.Of(FixturePair.Parse(all), FixturePair.Parse(all))));
    }

    [Theory]
    [InlineData("#ifdef __GNUC__\n__extension__ typedef long long w;\n#else\ntypedef long long w;\n#endif")]
    [InlineData("#if defined(__GNUC__) && !defined(__STRICT_ANSI__)\ntypedef long long w;\n#endif")]
    [InlineData("#if __GNUC__ < 4 || (__GNUC__ == 4 && (__GNUC_MINOR__ < 6))\n#define T(x) .a = x\n#else\n#define T(x) { .a = x }\n#endif")]
    [InlineData("#if __clang_major__ >= 15\n#define __counted __attribute__((deprecated))\n#else\n#define __counted\n#endif\nint a;")]
    [InlineData("#ifdef __cplusplus\nextern \"C\" {\n#endif\nint a;\n#if __STDC_VERSION__ >= 201112L\nint b;\n#endif")]
    [InlineData("#ifdef __clang__\n#pragma clang diagnostic push\n#endif\nint a; /* __clang__ */")]
    public void Conditions_that_declare_the_same_to_all_are_not_said(string header)
    {
        string all = $"#define ALWAYS 1\n{header}\n";

        Assert.Empty(Fidelity.Of(FixturePair.Parse(all), FixturePair.Parse(all)));
    }

    [Theory]
    [InlineData("\"defines\": [\"WIDE\"],", "\"defines\": [\"WIDE\"],", 0)]
    [InlineData("\"defines\": [\"WIDE\"],", "", 2)]
    public void Macro_that_one_side_is_not_compiled_with_is_said(string before, string after, int count)
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        string configuration = folder.Text("hvbindgen.json");
        folder.With("old.json", configuration.Replace("\"name\"", before + "\"name\"", StringComparison.Ordinal));
        folder.With("new.json", configuration.Replace("\"name\"", after + "\"name\"", StringComparison.Ordinal));

        Ending result = CommandLine.Run("diff", folder["old.json"], folder["new.json"], "--format", "json");

        using JsonDocument report = JsonDocument.Parse(result.Out);
        string[] lost = [.. report.RootElement.GetProperty("lost").EnumerateArray().Select(line => line.GetString()!)];
        Assert.Equal(count, lost.Length);
        Assert.All(lost, line => Assert.StartsWith("demo is compiled with other macros on ", line, StringComparison.Ordinal));
    }
}
