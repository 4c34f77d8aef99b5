using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class ArrayTests
{
    [Fact]
    public void Arrays_of_every_kind_lie_in_place()
    {
        Bindings bindings = Bindings.Of("array-kinds.h", use: """
            arrays record = default;
            record.grid[1][2] = 7;
            record.cells[1][0].data = 8;
            record.peers[1][15] = 9;
            return $"{record.grid[1][2]} {record.cells[1][0].data} {record.peers[1][15]} {sizeof(arrays)}";
            """);

        Assert.Equal("7 8 9 192", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_flexible_array_is_no_field_but_an_offset_a_size_and_a_span()
    {
        Bindings bindings = Bindings.Of("array-flexible.h", use: """
            Span<byte> memory = stackalloc byte[list.AllocationSize(3)];
            list.entries(memory)[2].value = 0x55;
            fixed (byte* start = memory)
            {
                list* record = (list*)start;
                return $"{sizeof(list)} {list.entries_offset} {memory.Length} {list.entries(record)[2].value:x} {memory[24]:x}";
            }
            """);

        Assert.Equal("4 4 28 55 55", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_name_for_an_array_of_records_without_a_name_may_be_the_type_of_several_members()
    {
        Bindings bindings = Bindings.Of("array-nameless.h", use: """
            s record = default;
            record.many[2][1].b = 5;
            return $"{sizeof(s)} {((byte*)&record)[80]}";
            """);

        Assert.Equal("104 5", bindings.Result);
    }

    [Fact]
    public void A_flexible_array_may_start_in_the_padding_at_the_end()
    {
        Bindings bindings = Bindings.Of("array-flexible.h", use: """
            return $"{sizeof(tail)} {tail.data_offset} {tail.AllocationSize(0)} {tail.AllocationSize(7)} {tail.AllocationSize(8)}";
            """);

        Assert.Equal("16 9 16 16 17", bindings.Result);
    }

    [Fact]
    public void Elements_of_a_flexible_array_may_be_records_defined_in_place_pointers_or_arrays()
    {
        Bindings bindings = Bindings.Of("array-flexible.h", use: """
            byte[] memory = new byte[128];
            inline_items.items(memory)[1].size = 0x1234;
            pointers.items(memory.AsSpan(16))[1] = 5;
            rows.cells(memory.AsSpan(48))[0][2] = 6;
            return $"{memory[7]:x} {memory[32]} {memory[60]}";
            """);

        Assert.Equal("34 5 6", bindings.Result);
    }

    [Fact]
    public void Several_flexible_arrays_in_a_union_each_have_their_own_size_and_span()
    {
        Bindings bindings = Bindings.Of("array-flexible-in-union.h", use: """
            byte[] memory = new byte[24];
            message.words(memory)[1] = 0xAB;
            return $"{sizeof(message)} {message.AllocationSize_bytes(5)} {message.AllocationSize_words(2)} "
                + $"{message.bytes(memory)[8]:X} {sizeof(wrapper)}";
            """);

        Assert.Equal("16 16 24 AB 24", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_flexible_array_in_a_member_without_a_size_belongs_to_the_record_around_it()
    {
        Bindings bindings = Bindings.Of("array-flexible-in-empty-member.h", use: """
            byte[] memory = new byte[packet.AllocationSize(3)];
            packet.tail_words_(memory)[2] = 0x1234;
            entries.list_item(memory)[4].size = 0x56;
            return $"{sizeof(packet)} {memory.Length} {memory[12]:X} {memory[13]:X} "
                + $"{choice.AllocationSize_as_bytes(1)} {choice.as_words_words_offset}";
            """);

        Assert.Equal("8 14 34 56 9 8", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Memory_that_ends_before_the_elements_and_sizes_that_overflow_are_refused()
    {
        Bindings bindings = Bindings.Of("array-flexible.h", use: """
            bool isTooShort = Refused(() => list.entries(new byte[3]));
            try
            {
                return list.AllocationSize(int.MaxValue);
            }
            catch (OverflowException)
            {
                return isTooShort;
            }
            """);

        Assert.Equal(true, bindings.Result);
    }
}
