using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Small changes of the kinds that real headers make, with the verdict that a maintainer would give.</summary>
public sealed class VerdictTests
{
    private const string Flags = "#define FLAG_A 1\n#define FLAG_B 2\n#define FLAG_C 4\n";

    [Theory]
    [InlineData("a limit grows", "#define ACME_NAME_MAX 16", "#define ACME_NAME_MAX 32", Verdict.Conditional)]
    [InlineData("a limit shrinks", "#define ACME_NAME_MAX 32", "#define ACME_NAME_MAX 16", Verdict.Break)]
    [InlineData(
        "a limit that is alone is no marker",
        "#define ACME_A 1\n#define ACME_KEY_END 16",
        "#define ACME_A 1\n#define ACME_KEY_END 32", Verdict.Break)]
    [InlineData(
        "a marker ends a list of macros",
        "#define M_A 0\n#define M_B 1\n#define M_MAX 1",
        "#define M_A 0\n#define M_B 1\n#define M_C 2\n#define M_MAX 2", Verdict.Additive)]
    [InlineData("a marker behind the last value", "enum e { A, B, NUM_E };", "enum e { A, B, C, NUM_E };", Verdict.Additive)]
    [InlineData(
        "a marker before values behind a gap",
        "enum e { A, __E_MAX, F = 1 << 16 };",
        "enum e { A, B, __E_MAX, F = 1 << 16 };", Verdict.Additive)]
    [InlineData("a value inserted before others", "enum e { A, B, C };", "enum e { A, X, B, C };", Verdict.Break)]
    [InlineData(
        "the last real value is called a maximum",
        "enum e { SLOW = 1, FAST_MAX = 100 };",
        "enum e { SLOW = 1, FAST_MAX = 200 };", Verdict.Break)]
    [InlineData(
        "flags join a set",
        Flags + "#define ALL (FLAG_A | FLAG_B)",
        Flags + "#define ALL (FLAG_A | FLAG_B | FLAG_C)", Verdict.Additive)]
    [InlineData("flags leave a set", Flags + "#define ALL (FLAG_A | FLAG_B)", Flags + "#define ALL (FLAG_A)", Verdict.Break)]
    [InlineData(
        "bits by number join a set",
        "#define A 0\n#define B 1\n#define ALL (1 << A)",
        "#define A 0\n#define B 1\n#define ALL (1 << A | 1 << B)", Verdict.Additive)]
    [InlineData("an offset whose name holds FLAGS", "#define X_FLAGS_OFFSET 4", "#define X_FLAGS_OFFSET 12", Verdict.Break)]
    [InlineData("-1 of another width", "#define X_ERR -1", "#define X_ERR -1ull", Verdict.None)]
    [InlineData(
        "a number moves by chance as a list does",
        "enum e { A, B, __E_NR };\n#define X 2",
        "enum e { A, B, C, __E_NR };\n#define X 3", Verdict.Break)]
    [InlineData(
        "a bit gets another name",
        "struct s { __u32 a:1; __u32 r:31; };",
        "struct s { __u32 b:1; __u32 r:31; };", Verdict.Conditional)]
    [InlineData("the old name of a value stays", "enum e { OLD = 7 };", "enum e { NEW = 7 };\n#define OLD NEW", Verdict.Additive)]
    [InlineData("a record that nothing uses goes", "struct s { __u32 a; };", "", Verdict.SourceBreak)]
    [InlineData("a request goes", "#define X_GET _IOR('x', 1, __u32)", "", Verdict.SourceBreak)]
    [InlineData(
        "a request becomes an enumerator",
        "#define X_GET _IOR('x', 1, __u32)",
        "enum { X_GET = _IOR('x', 1, __u32) };", Verdict.None)]
    [InlineData("a request becomes another number", "#define X_GET _IOR('x', 1, __u32)", "#define X_GET 0x12345678", Verdict.Break)]
    [InlineData("an enumerator becomes a macro", "enum e { A, B };", "enum e { A };\n#define B 1", Verdict.None)]
    [InlineData(
        "a bound that is a constant",
        "#define LEN 4\nstruct s { __u8 a[LEN]; __u32 b; };",
        "#define LEN 8\nstruct s { __u8 a[LEN]; __u32 b; };", Verdict.Break)]
    [InlineData("a table of another shape", "struct s { __u8 a[4][4]; };", "struct s { __u8 a[16]; };", Verdict.SourceBreak)]
    [InlineData(
        "a record of bytes becomes bytes",
        "typedef struct { __u8 b[16]; } id_t16;\nstruct s { id_t16 id; };",
        "struct s { __u8 id[16]; };", Verdict.SourceBreak)]
    [InlineData(
        "a struct becomes a union that keeps its member",
        "struct s { struct { __u64 a; } u; };",
        "struct s { union { __u64 a; __u64 b; } u; };", Verdict.None)]
    [InlineData(
        "a member becomes one of several alternatives",
        "struct s { __u32 a; __u32 pad; };",
        "struct s { union { __u32 a; __u64 b; }; };", Verdict.Conditional)]
    [InlineData(
        "an end marker of bytes moves",
        "struct s { __u32 a; char end[]; };",
        "struct s { __u32 a; __u32 b; char end[]; };", Verdict.Conditional)]
    [InlineData(
        "data behind a record moves",
        "struct s { __u32 a; char data[]; };",
        "struct s { __u32 a; __u32 b; char data[]; };", Verdict.Break)]
    [InlineData("a later version", "#define X_MINOR_VERSION 4", "#define X_MINOR_VERSION 5", Verdict.Additive)]
    [InlineData("an earlier version", "#define X_VERSION 5", "#define X_VERSION 4", Verdict.Break)]
    [InlineData(
        "a request that shares nr with another direction",
        "#define X_SET _IOW('x', 1, __u32)",
        "#define X_SET _IOW('x', 1, __u32)\n#define X_GET _IOR('x', 1, __u32)", Verdict.Additive)]
    [InlineData(
        "a number given to another request",
        "#define X_OLD _IOW('x', 1, __u32)",
        "#define X_NEW _IOW('x', 1, __s32)", Verdict.Break)]
    public void Change_gets_the_verdict_of_a_maintainer(string kind, string before, string after, Verdict expected)
    {
        AbiDiff diff = FixturePair.Compare($"#include \"uapi.h\"\n{before}\n", $"#include \"uapi.h\"\n{after}\n");

        string found = string.Join("; ", Changes.All(diff).Select(change => $"{change.Rule.Id} {change.Symbol} {change.Verdict}"));
        Assert.True(diff.Verdict == expected, $"{kind}: {diff.Verdict}: {found}");
    }

    [Theory]
    [InlineData("#define BASE 10\n#define ONE (BASE + 1)\n#define TWO (ONE + 1)\n#define OP _IO('x', TWO)", "BASE 10", "BASE 11")]
    [InlineData("#define LEN 4\nstruct s { __u8 a[LEN]; };\n#define GET _IOR('x', 1, struct s)", "LEN 4", "LEN 8")]
    [InlineData("struct s { __u64 a; __u32 b; };\n#define GET _IOR('x', 1, struct s)", "a; __u32", "a; __u64 new; __u32")]
    [InlineData("struct s { __u64 a; __s32 b; __u32 c; };", "b; __u32", "b; __u64 new; __u32")]
    [InlineData("enum e { A = 5, B };\n#define A A\n#define B B", "A = 5", "A = 6")]
    public void One_edit_is_one_finding(string text, string old, string now)
    {
        string edited = text.Replace(old, now, StringComparison.Ordinal);
        AbiDiff diff = FixturePair.Compare($"#include \"uapi.h\"\n{text}\n", $"#include \"uapi.h\"\n{edited}\n");

        AbiChange change = Assert.Single(diff.Changes, change => change.Verdict > Verdict.None);
        Assert.Equal(Verdict.Break, change.Verdict);
    }

    [Fact]
    public void A_header_that_was_split_declares_what_it_did()
    {
        const string Part =
            "#define PART 1\nenum parts { PART_A };\nstruct part { __u32 a; };\n#define PART_GET _IOR('x', 1, struct part)\n";
        const string Rest = "struct rest { struct part p; };\n";

        AbiDiff diff = FixturePair.Compare(
            $"#include \"uapi.h\"\n{Part}{Rest}",
            $"#include \"uapi.h\"\n#include \"part.h\"\n{Rest}//// part.h\n#ifndef PART_H\n#define PART_H\n{Part}#endif\n");

        Assert.Equal(Verdict.None, diff.Verdict);
    }

    [Fact]
    public void A_declaration_that_its_header_no_longer_reaches_is_conditional()
    {
        const string Part = "struct part { __u32 a; };\n";

        AbiDiff diff = FixturePair.Compare(
            $"#include \"uapi.h\"\n{Part}", $"#include \"uapi.h\"\n//// part.h\n#include \"uapi.h\"\n{Part}");

        Assert.Equal(Verdict.Conditional, diff.Verdict);
    }

    [Fact]
    public void What_an_older_snapshot_does_not_say_is_no_cause()
    {
        AbiDiff diff = AbiDiffer.Compare(
            WithoutDerivations("#define BASE 10\n#define NEXT (BASE + 1)\n"),
            WithoutDerivations("#define BASE 11\n#define NEXT (BASE + 1)\n"));

        Assert.Equal(2, diff.Changes.Count);
        Assert.All(diff.Changes, change => Assert.Equal(Verdict.Break, change.Verdict));
    }

    private static List<AbiModel> WithoutDerivations(string text) =>
        [.. FixturePair.Parse($"#include \"uapi.h\"\n{text}").Select(model => model with { Derivations = [], Inclusions = [] })];
}
