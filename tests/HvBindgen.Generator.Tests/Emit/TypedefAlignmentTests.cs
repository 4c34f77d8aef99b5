using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>A typedef that is a record's only name may align it in its own way.</summary>
public sealed class TypedefAlignmentTests
{
    private const string Header = "record-aligned-typedef.h";

    [Theory]
    [InlineData("wide_t", 8, 16)]
    [InlineData("loose_t", 8, 4)]
    [InlineData("either_t", 4, 32)]
    [InlineData("late_t", 4, 64)]
    [InlineData("plain_t", 8, 4)]
    public void The_record_has_the_alignment_of_its_name(string name, long size, long alignment)
    {
        AbiRecord record = FixtureHeaders.Parse(Header).Model.Index.FindRecord(name)!;

        Assert.Equal((size, alignment), (record.SizeBytes, record.AlignBytes));
    }

    [Fact]
    public void A_tag_keeps_the_alignment_of_the_record()
    {
        AbiModel model = FixtureHeaders.Parse(Header).Model;

        Assert.Equal(4, model.Index.FindRecord("struct tagged")!.AlignBytes);
        Assert.Equal(16, model.Index.FindTypedef("tagged_t")!.AlignBytes);
    }

    [Fact]
    public void A_record_from_a_header_that_is_only_included_has_it_too()
    {
        using TemporaryFolder folder = new();
        folder.With("types.h", "typedef struct { char a; int b; } far_t __attribute__((aligned(16)));\n");
        AbiModel model = FixtureHeaders.ParseText(
            "#include \"types.h\"\nstruct near { far_t far; };\n",
            change: request => request with { IncludePaths = [.. request.IncludePaths, folder.Root] }).Model;

        Assert.Equal(16, model.Index.FindRecord("far_t")!.AlignBytes);
    }

    [Fact]
    public void CSharp_says_what_it_does_not_align()
    {
        Bindings bindings = Bindings.Of(
            Header, use: "return $\"{wide_t.AlignmentBytes} {either_t.AlignmentBytes} {sizeof(wide_t)} {sizeof(user)}\";");

        Assert.Equal("16 32 8 64", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void An_array_without_length_ends_a_record_by_whatever_name()
    {
        Bindings bindings = Bindings.Of(
            "typedef-open-ended.h",
            use: "return $\"{user.numbers_offset} {rows.rows_offset} {calls.calls_offset} {user.AllocationSize(3)}\";");

        Assert.Equal("4 4 8 16", bindings.Result);
    }

    [Theory]
    [InlineData(Header)]
    [InlineData("typedef-open-ended.h")]
    public Task Compilers_agree(string header) => FixtureHeaders.VerifyAsync(header);
}
