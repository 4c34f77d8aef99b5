using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Records that no tag and no typedef of their own names: behind a qualifier, or found by <c>__typeof__</c>.</summary>
public sealed class NamelessRecordTests
{
    private const string Header = "record-nameless.h";

    [Fact]
    public void A_member_has_a_type_of_its_own_and_a_function_no_signature()
    {
        Bindings bindings = Bindings.Of(Header, use: """
            holder holder = default;
            holder.held.a = 1;
            holder.both[1].a = 2;
            holder.found.a = 3;
            holder.seen.first = 4;
            holder.last.a = 5;
            void*[] calls = [holder.take, holder.give, holder.typed];
            return Bytes(holder.held) + Bytes(holder.both) + Bytes(holder.found) + Bytes(holder.seen) + Bytes(holder.last) + calls.Length;
            """);

        Assert.Equal("01000000" + "0000000002000000" + "03000000" + "0400000000000000" + "05000000" + "3", bindings.Result);
        Assert.Contains(
            "A pointer to anything, because C# has no name for the record that 'held_t' stands for.", bindings.Declarations,
            StringComparison.Ordinal);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public Task Compilers_agree_on_them() => FixtureHeaders.VerifyAsync(Header);

    [Fact]
    public void A_model_that_wants_a_type_without_a_name_is_refused_by_the_declaration()
    {
        SourceLocation here = new("test.h", 3, 8);
        AbiRecord nameless = new(
            "", RecordKind.Struct, true, 4, 4, [new AbiField("a", new AbiPrimitive(PrimitiveKind.Int), 0, 32)], SourceLocation.InPlace);
        AbiRecord holder = new(
            "holder", RecordKind.Struct, true, 4, 4, [new AbiField("held", new AbiTypedefRef("held_t"), 0, 32)], here);
        AbiModel model = new(
            "fixture", TargetInfo.Find("x86_64")!, [holder], [], [], [],
            [new AbiTypedef("held_t", new AbiInlineRecord(nameless), 4, here)], []);

        EmitException refused = Assert.Throws<EmitException>(
            () => CSharpEmitter.Emit(MergedModel.Merge([model]), new EmitOptions("Fixture", "")));

        Assert.Equal("test.h:3:8: struct holder: a record without a name of its own has no C# type here", refused.Message);
    }
}
