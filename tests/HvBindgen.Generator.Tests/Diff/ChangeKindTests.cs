using System.Reflection;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>The kinds of change that a tool for uapi must tell apart, each with the rule that reports it and the verdict on it.</summary>
public sealed class ChangeKindTests
{
    private const string Flags = "enum { F_BIT_A, F_BIT_B, F_BIT_COUNT };\n#define F_MASK ((1 << F_BIT_COUNT) - 1)";
    private const string MoreFlags = "enum { F_BIT_A, F_BIT_B, F_BIT_C, F_BIT_COUNT };\n#define F_MASK ((1 << F_BIT_COUNT) - 1)";
    private const string Call = "\n#define CALL _IOW(0xB8, 1, struct s)";
    private const string Holder = "\nstruct h { __u32 first; struct s second; };";

    [Theory]
    [InlineData(
        "1 tail padding", "struct s { __u64 a; __u8 b; };", "struct s { __u64 a; __u8 b; __u8 c; };", "HV1017", Verdict.Conditional)]
    [InlineData("1 hole", "struct s { __u8 a; __u32 b; };", "struct s { __u8 a; __u8 c; __u32 b; };", "HV1016", Verdict.Conditional)]
    [InlineData(
        "2 reserved partly consumed", "struct s { __u32 rsvd[4]; };", "struct s { __u32 a; __u32 rsvd[3]; };",
        "HV1014", Verdict.Conditional)]
    [InlineData("2b reserved renamed", "struct s { __u32 rsvd; };", "struct s { __u32 a; };", "HV1014", Verdict.SourceBreak)]
    [InlineData("3 grown at the end", "struct s { __u32 a; };" + Call, "struct s { __u32 a, b; };" + Call, "HV1010", Verdict.Conditional)]
    [InlineData("3 its number", "struct s { __u32 a; };" + Call, "struct s { __u32 a, b; };" + Call, "HV4006", Verdict.Conditional)]
    [InlineData("4 enumerator appended", "enum e { A, B };", "enum e { A, B, C };", "HV2004", Verdict.Additive)]
    [InlineData("4b enumerator inserted", "enum e { A, C };", "enum e { A, B, C };", "HV2006", Verdict.Break)]
    [InlineData("4c end marker", "enum e { A, E_MAX };", "enum e { A, B, E_MAX };", "HV2009", Verdict.Additive)]
    [InlineData("4d unnamed enum", "enum { A, B };", "enum { A, B, C };", "HV2004", Verdict.Additive)]
    [InlineData("5 mask from count", Flags, MoreFlags, "HV3004", Verdict.Additive)]
    [InlineData("5b mask widened", "#define F_MASK 3", "#define F_A 1\n#define F_C 4\n#define F_MASK 7", "HV3004", Verdict.Additive)]
    [InlineData("5b mask lost bits", "#define F_MASK 7", "#define F_MASK 5", "HV3005", Verdict.Break)]
    [InlineData("6 number", "#define CALL _IO(0xB8, 1)", "#define CALL _IO(0xB8, 2)", "HV4003", Verdict.Break)]
    [InlineData("6b direction", "#define CALL _IOW(0xB8, 1, __u32)", "#define CALL _IOR(0xB8, 1, __u32)", "HV4004", Verdict.Break)]
    [InlineData(
        "6c argument of the same size", "struct s { __u32 a; }; struct t { __u32 b; };\n#define CALL _IOW(0xB8, 1, struct s)",
        "struct s { __u32 a; }; struct t { __u32 b; };\n#define CALL _IOW(0xB8, 1, struct t)", "HV4005", Verdict.Break)]
    [InlineData("7 union member", "union s { __u64 a; };", "union s { __u64 a; __u32 b; };", "HV1024", Verdict.Additive)]
    [InlineData("7b union grows", "union s { __u32 a; };", "union s { __u32 a; __u64 b; };", "HV1010", Verdict.Conditional)]
    [InlineData(
        "7b and moves what follows", "union s { __u32 a; }; struct h { union s u; __u32 c; };",
        "union s { __u32 a; __u64 b; }; struct h { union s u; __u32 c; };",
        "HV1004", Verdict.Break)]
    [InlineData(
        "7c anonymous union", "struct s { union { __u64 a; }; };", "struct s { union { __u64 a; __u32 b; }; };",
        "HV1024", Verdict.Additive)]
    [InlineData("8 bit-fields swapped", "struct s { __u32 a:4, b:28; };", "struct s { __u32 b:28, a:4; };", "HV1030", Verdict.Break)]
    [InlineData("8b bits split", "struct s { __u64 r:56, t:8; };", "struct s { __u64 n:1, r:55, t:8; };", "HV1022", Verdict.Conditional)]
    [InlineData(
        "8c reserved bits split", "struct s { __u64 reserved:56, t:8; };", "struct s { __u64 n:1, reserved:55, t:8; };",
        "HV1014", Verdict.Conditional)]
    [InlineData("9 signedness", "struct s { __u32 a; };", "struct s { __s32 a; };", "HV1026", Verdict.Conditional)]
    [InlineData("10 renamed", "struct s { __u32 a; };", "struct s { __u32 b; };", "HV1007", Verdict.SourceBreak)]
    [InlineData("11 macro removed", "#define A 1", "", "HV3001", Verdict.SourceBreak)]
    [InlineData("11 value changed", "#define A 1", "#define A 2", "HV3003", Verdict.Break)]
    [InlineData(
        "12 alignment raised moves containers", "struct s { __u32 a, b; };" + Holder,
        "struct s { __u32 a, b; } __attribute__((aligned(8)));" + Holder,
        "HV1004", Verdict.Break)]
    [InlineData(
        "12 alignment raised", "struct s { __u32 a, b; };", "struct s { __u32 a, b; } __attribute__((aligned(8)));",
        "HV1012", Verdict.Conditional)]
    [InlineData(
        "12b packed dropped", "struct s { __u32 a, b; } __attribute__((packed));", "struct s { __u32 a, b; };",
        "HV1013", Verdict.Conditional)]
    [InlineData("13 flexible appended", "struct s { __u32 a; };", "struct s { __u32 a; __u32 items[]; };", "HV1018", Verdict.Additive)]
    [InlineData(
        "13b [1] to []", "struct s { __u32 a; __u32 items[1]; };" + Call, "struct s { __u32 a; __u32 items[]; };" + Call,
        "HV1020", Verdict.Conditional)]
    [InlineData("14 byte order", "struct s { __u32 a; };", "struct s { __le32 a; };", "HV1027", Verdict.Conditional)]
    [InlineData("14 enum", "enum e { A }; struct s { __u32 a; };", "enum e { A }; struct s { enum e a; };", "HV1008", Verdict.Conditional)]
    [InlineData("15 array split", "struct s { __u8 a[8]; };", "struct s { __u8 a[4], b[4]; };", "HV1022", Verdict.Conditional)]
    [InlineData("16 wrapped", "struct s { __u32 a, b; };", "struct s { struct { __u32 a, b; }; };", "HV1021", Verdict.None)]
    [InlineData("17 record removed", "struct s { __u32 a; };", "", "HV1001", Verdict.SourceBreak)]
    [InlineData("18 long", "struct s { __u64 a; };", "struct s { unsigned long a; };", "HV1009", Verdict.Break)]
    [InlineData("19 macro body", "#define F(x) (x)", "#define F(x) (-(x))", "HV3012", Verdict.SourceBreak)]
    [InlineData(
        "20 one machine only", "struct s { __u32 a; };", "struct s {\n#ifdef __aarch64__\n__u32 first;\n#endif\n__u32 a; };",
        "HV1005", Verdict.Break)]
    public void Kind_of_change_gets_its_rule_and_its_verdict(string kind, string before, string after, string rule, Verdict verdict)
    {
        AbiDiff diff = Compare(before, after);

        Assert.True(
            Changes.All(diff).Any(change => change.Rule.Id == rule),
            $"{kind}: {string.Join(", ", Changes.All(diff).Select(change => change.Rule.Id))}");
        Assert.Equal(verdict, diff.Verdict);
    }

    [Fact]
    public void Every_row_of_the_list_of_kinds_is_tested_and_its_rule_has_a_pair_of_fixtures()
    {
        string[] list =
        [
            "1", "2", "2b", "3", "4", "4b", "4c", "4d", "5", "5b", "6", "6b", "6c", "7", "7b", "7c", "8", "8b", "8c",
            "9", "10", "11", "12", "12b",
            "13", "13b", "14", "15", "16", "17", "18", "19", "20",
        ];
        object?[][] rows =
        [
            .. typeof(ChangeKindTests).GetMethod(nameof(Kind_of_change_gets_its_rule_and_its_verdict))!
                .GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data),
        ];

        Assert.Equal(list, rows.Select(row => ((string)row[0]!).Split(' ')[0]).Distinct());
        Assert.All(rows, row =>
        {
            IRule rule = RuleSet.Registered.Single(rule => rule.Info.Id == (string)row[3]!);
            Assert.True(File.Exists(Path.Combine(FixturePair.Folder, rule.GetType().Name, "before.h")), rule.Info.Id);
            Assert.True(rule.Info.Severity >= (Verdict)row[4]!, $"{row[0]}: {rule.Info.Id} says of itself {rule.Info.Severity}");
        });
    }

    [Fact]
    public void Change_on_one_machine_alone_is_said_to_be_there_alone()
    {
        AbiDiff diff = Compare("struct s { __u32 a; };", "struct s {\n#ifdef __aarch64__\n__u32 first;\n#endif\n__u32 a; };");

        Assert.Equal(["arm64"], Assert.Single(diff.Changes).Targets);
        Assert.Equal(
            (Verdict.None, Verdict.None, Verdict.Break), (diff.VerdictOn("x86_64"), diff.VerdictOn("i686"), diff.VerdictOn("arm64")));
    }

    [Fact]
    public void Break_on_32_bits_alone_is_said_to_be_there_alone()
    {
        AbiDiff diff = Compare("struct s { __u64 a; };", "struct s { unsigned long a; };");

        Assert.Equal(Verdict.None, diff.VerdictOn("x86_64"));
        Assert.Equal(Verdict.None, diff.VerdictOn("arm64"));
        Assert.Equal(Verdict.Break, diff.VerdictOn("i686"));
    }

    [Fact]
    public void A_record_that_only_the_name_of_an_array_has_is_compared_there()
    {
        AbiDiff diff = Compare("typedef struct { __u32 a; } pair_t[2];", "typedef struct { __u32 a, b; } pair_t[2];");

        AbiChange change = Assert.Single(diff.Changes);
        Assert.Equal(("HV5003", "pair_t", Verdict.Break), (change.Rule.Id, change.Symbol, change.Verdict));
        Assert.Equal("struct[2] with __u32 a, __u32 b", change.After);
    }

    [Theory]
    [InlineData("struct s { __u32 a; };", "/** struct s - words */\nstruct s {\n\t__u32 a; /* more */\n};")]
    [InlineData("#define A (1 << 3)", "#define A 8")]
    [InlineData("#define CALL _IOW(0xB8, 1, __u32)", "#define CALL _IOW(0xB7 + 1, 0x1, __u32)")]
    [InlineData("typedef struct { __u32 a, b; } pair_t[2];", "typedef struct { __u32 a; __u32 b; } pair_t[1 + 1];")]
    public void Documentation_and_spelling_are_no_change(string before, string after)
    {
        Assert.Empty(Compare(before, after).Changes);
    }

    private static AbiDiff Compare(string before, string after) => FixturePair.Compare(Guard(before), Guard(after));

    private static string Guard(string text) => $"#ifndef _PAIR_H\n#define _PAIR_H\n#include \"uapi.h\"\n{text}\n#endif\n";
}
