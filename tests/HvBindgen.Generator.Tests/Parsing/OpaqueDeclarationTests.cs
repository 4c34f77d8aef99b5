using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>What a set's configuration and the compiler's flags make of declarations that are legal and out of the ordinary.</summary>
public sealed class OpaqueDeclarationTests
{
    private const string Embedding =
        "struct hidden { int a; long b; };\ntypedef struct { char c[3]; } nameless_t;\nenum colour { RED };\n"
        + "typedef struct hidden alias_t;\n"
        + "struct user { struct hidden in; struct hidden *pointer; nameless_t nameless; enum colour colour; alias_t alias; };\n";

    [Fact]
    public void A_record_whose_members_are_left_out_keeps_size_and_alignment_and_those_that_embed_it_stay()
    {
        AbiModel model = Parse(
            "struct a { int x; long y; };\nstruct b { char c; struct a in; };\n", request => request with { Opaque = ["a"] });

        AbiRecord opaque = Record(model, "a");
        Assert.Equal((16L, 8L, 0), (opaque.SizeBytes, opaque.AlignBytes, opaque.Fields.Count));
        Assert.Equal(64, Record(model, "b").Fields[1].OffsetBits);
        Assert.Equal(["struct a"], OpaqueMembers.Of(model).Select(member => member.CName));
    }

    [Fact]
    public void A_record_that_is_left_out_takes_its_place_in_those_that_embed_it()
    {
        AbiModel model = Parse(Embedding, request => request with { Block = ["hidden", "nameless_t", "colour"] });

        AbiRecord user = Record(model, "user");
        Assert.Equal(["user"], ((IEnumerable<AbiRecord>)model.Records).Select(record => record.Name));
        Assert.Equal(
            [
                new AbiOpaque("struct hidden", 16), new AbiPointer(new AbiRecordRef(RecordKind.Struct, "hidden")),
                new AbiOpaque("nameless_t", 3), new AbiPrimitive(PrimitiveKind.UInt), new AbiTypedefRef("alias_t"),
            ],
            ((IEnumerable<AbiField>)user.Fields).Select(field => field.Type));
        Assert.Equal(
            ["struct user.in", "struct user.nameless", "struct user.alias"], OpaqueMembers.Of(model).Select(member => member.CName));
        Assert.NotEmpty(CSharpEmitter.Emit(MergedModel.Merge([model]), new EmitOptions("Fixture", "test")));
    }

    [Fact]
    public void All_that_C_sharp_has_not_is_named_and_plain_types_are_not()
    {
        AbiModel model = Parse(
            "struct s { int plain; _Complex double z; void (*f)(long double); void (*g)(int); char huge[0x200000]; "
            + "_Atomic int counter; };\n");

        Assert.Equal(["struct s.z", "struct s.f", "struct s.huge"], OpaqueMembers.Of(model).Select(member => member.CName));
    }

    // gcc has _BitInt from 14 on, so clang's places are compared with what the ABI of x86-64 says: those of the next integer of C, and
    // above 64 bits an alignment of 8.
    [Fact]
    public void A_number_of_so_many_bits_is_bytes_and_a_bit_field_of_one_is_a_bit_field()
    {
        AbiModel model = Parse(
            "struct s { char c; _BitInt(7) a; unsigned _BitInt(33) b; _BitInt(65) w; unsigned _BitInt(20) x : 5; "
            + "void (*f)(_BitInt(9)); };\n");

        Assert.Equal(["struct s.a", "struct s.b", "struct s.w", "struct s.f"], OpaqueMembers.Of(model).Select(member => member.CName));
        Assert.Equal(
            [(0L, 8L), (8, 8), (64, 64), (128, 128), (256, 5), (320, 64)],
            ((IEnumerable<AbiField>)model.Records[0].Fields).Select(field => (field.OffsetBits, field.WidthBits)));
        Assert.NotEmpty(CSharpEmitter.Emit(MergedModel.Merge([model]), new EmitOptions("Fixture", "test")));
    }

    [Theory]
    [InlineData("struct outer {\n\tint a;\n\tstruct inner { int b; };\n};\n")]
    [InlineData("struct outer {\n\tint a;\n\tstruct used { int c; } used; struct inner { int b; };\n};\n")]
    [InlineData("struct outer {\n\tint a;\n\tunion inner { int b; }; struct used { int c; } used;\n};\n")]
    [InlineData("struct inner { int b; };\nstruct outer {\n\tstruct inner; int z;\n};\n")]
    public void A_tagged_record_that_C_drops_where_a_member_was_meant_is_an_error(string header)
    {
        HeaderFault fault = Assert.Single(Assert.Throws<HeaderParseException>(() => Parse(header)).Faults);

        Assert.Equal(3, fault.Line);
        Assert.Contains("inner\" is no member of \"struct outer\"", fault.Message, StringComparison.Ordinal);
        Assert.Contains("-fms-extensions", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Declarations_inside_of_records_that_drop_nothing_are_no_errors()
    {
        Assert.Equal(
            2, Parse("struct outer { enum { A, B }; struct later; struct inner { int b; } in; struct later *next; };\n").Records.Count);
        Assert.Equal(
            2, Parse("struct outer { int a; struct later; struct later *next; };\nstruct later { int b; };\n").Records.Count);
    }

    [Fact]
    public void A_number_of_128_bits_is_refused_on_a_machine_that_has_none()
    {
        const string header = "typedef int wide __attribute__((mode(TI)));\nstruct s { wide x; };\n";

        HeaderFault fault = Assert.Single(Assert.Throws<HeaderParseException>(
            () => Parse(header, request => request with { Target = TargetInfo.Find("i686")! })).Faults);

        Assert.Contains("i686 has no numbers of 128 bits", fault.Message, StringComparison.Ordinal);
        Assert.Single(Parse(header).Records);
    }

    [Theory]
    [InlineData("struct inner { int b; int c; };\nstruct outer { int a; struct inner; };\n")]
    [InlineData("struct outer { int a; struct inner { int b; int c; }; };\n")]
    [InlineData("typedef struct { int b; int c; } inner_t;\nstruct outer { int a; inner_t; };\n")]
    public void With_the_compiler_s_extension_a_tagged_record_is_an_anonymous_member(string header)
    {
        AbiModel model = Parse(header, request => request with { Flags = ["-fms-extensions"] });

        AbiRecord outer = Record(model, "outer");
        Assert.Equal(12, outer.SizeBytes);
        Assert.Equal([("a", 0L), ("b", 32L), ("c", 64L)], outer.HoistedFields().Select(field => (field.Name, field.OffsetBits)));
    }

    [Fact]
    public void Flags_change_what_the_compiler_makes_of_a_header()
    {
        AbiModel model = Parse(
            "enum small { ONE };\nstruct s { char c; int i; };\n",
            request => request with { Flags = ["-fshort-enums", "-fpack-struct=1"] });

        Assert.Equal(PrimitiveKind.UChar, Assert.Single((IEnumerable<AbiEnum>)model.Enums).Underlying);
        Assert.Equal(5, Record(model, "s").SizeBytes);
    }

    [Theory]
    [InlineData("-fplugin=/tmp/x.so")]
    [InlineData("-Xclang")]
    [InlineData("-load")]
    [InlineData("-include")]
    [InlineData("-include/etc/passwd")]
    [InlineData("-I/")]
    [InlineData("-isystem/")]
    [InlineData("@/etc/passwd")]
    [InlineData("-o/tmp/x")]
    [InlineData("-B/tmp")]
    [InlineData("-fms-extensions\n-fplugin=x")]
    [InlineData("-std=gnu11 -fplugin=x")]
    [InlineData("-UX=1")]
    [InlineData("-mllvm")]
    [InlineData("--config=/tmp/x")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_flag_that_does_anything_is_refused(string flag)
    {
        Assert.False(CompilerFlags.IsKnown(flag));
        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => Parse("struct s { int a; };\n", request => request with { Flags = [flag] }));
        Assert.Contains("is no flag that a set may have", fault.Message, StringComparison.Ordinal);
    }

    private static AbiModel Parse(string header, Func<ParseRequest, ParseRequest>? change = null) =>
        FixtureHeaders.ParseText(header, change: change).Model;

    private static AbiRecord Record(AbiModel model, string name) =>
        ((IEnumerable<AbiRecord>)model.Records).Single(record => record.Name == name);
}
