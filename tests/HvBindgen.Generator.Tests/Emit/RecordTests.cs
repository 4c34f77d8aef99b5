using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class RecordTests
{
    [Fact]
    public void A_plain_record_is_laid_out_by_the_runtime_itself()
    {
        Bindings bindings = Bindings.Of("record-plain.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Members_of_anonymous_records_are_members_of_the_outermost()
    {
        Bindings bindings = Bindings.Of("record-anonymous-members.h", use: """
            page page = default;
            page.rip = 1;
            page.flags = 2;
            return page.both;
            """);

        Assert.Equal(0x2_0000_0001UL, bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_member_that_defines_its_own_record_has_a_nested_type()
    {
        Bindings bindings = Bindings.Of("record-named-inner.h", use: """
            reply reply = default;
            reply.point.y = 3;
            reply.rows[2].inner.deep = 4;
            return $"{reply.point.y} {reply.rows[2].inner.deep}";
            """);

        Assert.Equal("3 4", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_record_tagged_inside_another_is_a_type_of_its_own()
    {
        Bindings bindings = Bindings.Of("record-tagged-inside.h", use: "return sizeof(inner) + (int)mode.MODE_ON;");

        Assert.Equal(12, bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Members_of_a_union_share_their_bytes()
    {
        Bindings bindings = Bindings.Of("record-union.h", use: """
            value value = default;
            value.as_double = 1.0;
            return $"{value.halves.high:x} {sizeof(value)} {sizeof(either_t)}";
            """);

        Assert.Equal("3ff00000 16 8", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Packed_records_keep_their_size_in_arrays()
    {
        Bindings bindings = Bindings.Of("record-packed.h", use: """
            table table = default;
            byte* start = (byte*)&table;
            header* first = (header*)&table.entries;
            Span<header> entries = table.entries;
            entries[2].kind = 7;
            return $"{sizeof(header)} {(byte*)first - start} {start[1 + 26]} {sizeof(halfway)} {sizeof(cells)}";
            """);

        Assert.Equal("13 1 7 12 26", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Over_aligned_records_state_their_alignment_and_can_be_allocated_with_it()
    {
        Bindings bindings = Bindings.Of("record-over-aligned.h", use: """
            line* lines = AlignedMemory.Allocate<line>(3);
            nint rest = (nint)lines % line.AlignmentBytes;
            AlignedMemory.Free(lines);
            return $"{line.AlignmentBytes} {rest} {sizeof(line)} {sizeof(pair)} {sizeof(wire)} {sizeof(member)} {sizeof(loose)}";
            """);

        Assert.Equal("64 0 64 128 67 32 12", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Names_that_CSharp_reserves_are_escaped_and_clashing_ones_end_in_an_underscore()
    {
        Bindings bindings = Bindings.Of("record-names.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Incomplete_records_are_untyped_pointers_and_members_without_a_size_vanish()
    {
        Bindings bindings = Bindings.Of("record-incomplete-and-empty.h", use: "return sizeof(marker);");

        Assert.Equal(4, bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Members_of_a_struct_group_have_both_their_names()
    {
        Bindings bindings = Bindings.Of("record-struct-group.h", use: """
            packet packet = default;
            packet.head.length = 5;
            packet.tail.hops = 6;
            return $"{packet.length} {packet.hops} {sizeof(packet_head)}";
            """);

        Assert.Equal("5 6 8", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Names_that_differ_in_case_alone_are_different_types()
    {
        Bindings bindings = Bindings.Of("record-same-word-as-enum.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Pointers_keep_their_targets_and_function_pointers_their_signatures()
    {
        Bindings bindings = Bindings.Of("record-pointers.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }
}
