using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class PolicyTests
{
    private static readonly DiffOptions Hypervisor = new() { Policies = [new PolicyRule("*.h", DiffPolicy.Hypervisor)] };

    [Theory]
    [InlineData("ReservedConsumed", "HV1014", Verdict.Conditional, Verdict.Additive, "reported.mode")]
    [InlineData("ReservedConsumed", "HV1014", Verdict.SourceBreak, Verdict.Additive, "reported.whole")]
    [InlineData("FieldRetired", "HV1015", Verdict.SourceBreak, Verdict.Conditional)]
    [InlineData("ReservedRelabelled", "HV1033", Verdict.SourceBreak, Verdict.None)]
    [InlineData("EnumeratorRemoved", "HV2005", Verdict.SourceBreak, Verdict.Conditional)]
    public void The_hypervisor_may_name_and_retire_bits_where_linux_may_not(
        string name, string id, Verdict uapi, Verdict hypervisor, string? symbol = null)
    {
        FixturePair pair = FixturePair.Read(Path.Combine(FixturePair.Folder, name));

        Verdict[] ByPolicy(DiffOptions? options) =>
            [.. pair.Compare(options).Changes.Where(change => change.Rule.Id == id && change.Symbol == (symbol ?? change.Symbol))
                .Select(change => change.Verdict).Distinct()];

        Assert.Equal([uapi], ByPolicy(null));
        Assert.Equal([hypervisor], ByPolicy(Hypervisor));
    }

    [Fact]
    public void The_first_pattern_that_matches_a_header_decides()
    {
        DiffOptions options = new()
        {
            Policies = [new PolicyRule("pair.h", DiffPolicy.Uapi), new PolicyRule("*", DiffPolicy.Hypervisor)],
        };

        AbiDiff diff = FixturePair.Read(Path.Combine(FixturePair.Folder, "FieldRetired")).Compare(options);

        Assert.Equal(Verdict.SourceBreak, diff.Verdict);
    }

    [Fact]
    public void Reserved_bits_that_programs_only_read_may_be_used_freely()
    {
        const string Before = "#include \"uapi.h\"\nstruct answer { __u32 a; __u8 rsvd[4]; };\n#define ASK _IOR(0xB8, 1, struct answer)\n";

        AbiDiff diff = FixturePair.Compare(Before, Before.Replace("__u8 rsvd[4]", "__u8 used; __u8 rsvd[3]", StringComparison.Ordinal));

        Assert.Equal("HV1014", Assert.Single(diff.Changes).Rule.Id);
        Assert.Equal(Verdict.Additive, diff.Verdict);
    }

    [Theory]
    [InlineData("reserved", true)]
    [InlineData("rsvd_z16", true)]
    [InlineData("reservedbit3", true)]
    [InlineData("padding64_6", true)]
    [InlineData("pad0", true)]
    [InlineData("vtl_reserved", true)]
    [InlineData("cda_unused", true)]
    [InlineData("mbz1", true)]
    [InlineData("preserved", false)]
    [InlineData("pad_length", false)]
    [InlineData("paddr", false)]
    [InlineData("flags", false)]
    public void Reserved_members_are_known_by_a_word_of_their_name(string name, bool isReserved)
    {
        Assert.Equal(isReserved, new ReservedNames(ReservedNames.DefaultWords).Contains(name));
    }

    [Fact]
    public void Names_may_be_asked_about_by_several_threads()
    {
        ReservedNames names = new(ReservedNames.DefaultWords);

        Parallel.For(0, 100_000, index => Assert.False(names.Contains($"name{index % 5_000}_of")));
    }
}
