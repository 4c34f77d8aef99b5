using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Model;

public sealed class AbiMemberTests
{
    private readonly AbiRecord record = Assert.Single((IEnumerable<AbiRecord>)FixtureHeaders.ParseText(
        """
        struct outer {
            int first;
            union {
                int whole;
                struct { short low; union { char a; char b; }; };
            };
            struct { int own; } named;
        };
        """).Model.Records);

    [Fact]
    public void Members_of_anonymous_records_lie_where_the_outermost_record_has_them() => Assert.Equal(
        [
            "first at 0", " at 32", "whole at 32", " at 32", "low at 32", " at 48", "a at 48", "b at 48", "named at 64",
        ],
        record.Members().Select(member => $"{member.Field.Name} at {member.OffsetBits}"));

    [Fact]
    public void A_member_tells_the_anonymous_records_and_the_alternatives_it_is_in()
    {
        AbiMember member = Assert.Single(record.Members(), member => member.Field.Name == "b");

        Assert.Equal([RecordKind.Union, RecordKind.Struct, RecordKind.Union], member.Path.Select(around => around.Kind));
        Assert.Equal("/1#1/3#1", member.Branch);
    }

    [Fact]
    public void A_record_in_a_named_member_keeps_its_members() =>
        Assert.Equal(["first", "whole", "low", "a", "b", "named"], record.HoistedFields().Select(field => field.Name));

    [Fact]
    public void A_declaration_defines_a_record_below_its_arrays_and_if_asked_behind_its_pointers()
    {
        AbiType inline = new AbiInlineRecord(record);
        AbiType pointers = new AbiArray(new AbiPointer(inline), 3);

        Assert.Same(record, new AbiArray(new AbiArray(inline, 2), null).InlineRecord());
        Assert.Null(pointers.InlineRecord());
        Assert.Same(record, pointers.InlineRecord(behindPointers: true));
        Assert.Null(new AbiRecordRef(RecordKind.Struct, "outer").InlineRecord(behindPointers: true));
    }
}
