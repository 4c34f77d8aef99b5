using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class BitFieldTests
{
    [Fact]
    public void A_bit_field_is_read_and_written_through_the_smallest_integer_that_covers_it()
    {
        Bindings bindings = Bindings.Of("bitfield-crosses-byte.h", use: """
            crossing record = default;
            record.second = 0x7F;
            record.page = 0xABCDE;
            return $"{Bytes(record)} {record.first} {record.third} {record.low}";
            """);

        // second: bits 3 to 9; page: bits 32 to 51.
        Assert.Equal("F8030000DEBC0A0000000000 0 0 0", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_packed_bit_field_may_straddle_every_integer()
    {
        Bindings bindings = Bindings.Of("bitfield-packed.h", use: """
            nine_bytes nine = default;
            nine.wide = 0xFEDCBA9876543211;
            three_bytes three = default;
            three.c = -1;
            signed_nine signed = default;
            signed.wide = long.MinValue;
            return $"{Bytes(nine)} {nine.wide:X} {Bytes(three)} {three.c} "
                + $"{sizeof(five_bytes)} {Bytes(signed)} {signed.wide == long.MinValue}";
            """);

        Assert.Equal("1021436587A9CBED0F FEDCBA9876543211 00FEFF -1 5 000000000000000001 True", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_signed_bit_field_keeps_its_sign()
    {
        Bindings bindings = Bindings.Of("bitfield-signed.h", use: """
            signs record = default;
            record.small = -16;
            record.bit = -1;
            record.tiny = -4;
            record.wide = -(1L << 39);
            record.whole = int.MinValue;
            return $"{record.small} {record.bit} {record.tiny} {record.wide} {record.whole}";
            """);

        Assert.Equal("-16 -1 -4 -549755813888 -2147483648", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Unnamed_and_zero_width_bit_fields_only_keep_their_distance()
    {
        Bindings bindings = Bindings.Of("bitfield-holes.h", use: """
            holes record = default;
            record.b = 0xF;
            record.c = 1;
            record.d = 3;
            return Bytes(record);
            """);

        // b: bits 8 to 11; c starts the next unit of 4 bytes, d the byte after it.
        Assert.Equal("000F000001030000" + "0000000000000000", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Bit_fields_wider_than_an_int_lose_no_bit()
    {
        Bindings bindings = Bindings.Of("bitfield-wide.h", use: """
            wide record = default;
            record.page = (1UL << 52) - 1;
            record.error = uint.MaxValue;
            record.whole = ulong.MaxValue;
            return $"{record.page:X} {record.error:X} {record.whole:X} {Bytes(record)}";
            """);

        Assert.Equal("FFFFFFFFFFFFF FFFFFFFF FFFFFFFFFFFFFFFF 00F0FFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Bit_fields_of_unions_and_of_anonymous_records_stand_at_their_absolute_bits()
    {
        Bindings bindings = Bindings.Of("bitfield-union.h", use: """
            state state = default;
            state.kind = 15;
            state.error = 0x12345678;
            holder holder = default;
            holder.x = 0x1FF;
            holder.z = 0x3F;
            return $"{state.as_u64:X} {state.low} {state.named.valid} {holder.y} {Bytes(holder)}";
            """);

        Assert.Equal("123456780000000F 3 1 7 00FF013F00", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_bit_field_has_the_type_that_it_is_declared_with()
    {
        Bindings bindings = Bindings.Of("bitfield-types.h", use: """
            typed record = default;
            record.mode = mode.MODE_AUTO;
            record.sign = sign.SIGN_MINUS;
            record.on = true;
            record.count = 1023;
            record.letter = 127;
            return $"{record.mode} {record.sign} {record.on} {record.count} {record.size} {record.letter}";
            """);

        Assert.Equal("MODE_AUTO SIGN_MINUS True 1023 0 127", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_bit_field_may_share_its_integer_with_the_members_around_it()
    {
        Bindings bindings = Bindings.Of("bitfield-after-bytes.h", use: """
            mixed record = default;
            record.tag = 1;
            record.half = 0x2222;
            record.@byte = 0x33;
            record.bits = 0xFFFFFF;
            record.nibble = 15;
            record.tail = 0xFF;
            return Bytes(record);
            """);

        Assert.Equal("01FFFFFF22220F33FF000000", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_packed_bit_field_that_straddles_every_integer_counts_from_the_other_end_on_a_big_endian_target()
    {
        Bindings bindings = Bindings.Of("bitfield-packed.h", targets: ["s390x"], use: """
            nine_bytes nine = default;
            nine.wide = 0xFEDCBA9876543211;
            signed_nine signed = default;
            signed.wide = long.MinValue;
            string minimum = Bytes(signed);
            signed.wide = -2;
            return $"{Bytes(nine)} {nine.wide:X} {minimum} {Bytes(signed)} {signed.wide}";
            """);

        // What s390x-linux-gnu-gcc puts into the data of records with these initialisers.
        Assert.Equal("0FEDCBA98765432110 FEDCBA9876543211 400000000000000000 7FFFFFFFFFFFFFFF00 -2", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_value_that_needs_more_bits_is_refused_and_the_record_left_as_it_was()
    {
        Bindings bindings = Bindings.Of("bitfield-packed.h", use: """
            three_bytes record = default;
            record.a = 9;
            record.b = 5;
            record.c = -77;
            string before = Bytes(record);
            bool tooWide = Refused(() => record.b = 16);
            bool tooLow = Refused(() => record.c = -16385);
            bool tooHigh = Refused(() => record.c = 16384);
            return $"{tooWide} {tooLow} {tooHigh} {before == Bytes(record)}";
            """);

        Assert.Equal("True True True True", bindings.Result);
    }

    [Fact]
    public void A_negative_value_of_an_unsigned_enum_is_refused()
    {
        Bindings bindings = Bindings.Of("bitfield-types.h", use: """
            typed record = default;
            bool tooWide = Refused(() => record.mode = (mode)4);
            bool tooLow = Refused(() => record.sign = (sign)(-5));
            return $"{tooWide} {tooLow} {Bytes(record).Trim('0').Length}";
            """);

        Assert.Equal("True True 0", bindings.Result);
    }

    [Fact]
    public void Bit_fields_of_128_bit_types_lose_no_bit_and_refuse_what_they_cannot_hold()
    {
        Bindings bindings = Bindings.Of("bitfield-128.h", use: """
            wide128 wide = default;
            wide.low = (UInt128.One << 64) | 5;
            wide.high = 0x7FFFFFFFFFFFFFFF;
            packed128 packed = default;
            packed.value = (UInt128.One << 99) | 3;
            packed.sign = -1;
            signed128 signed = default;
            signed.small = -(Int128.One << 39);
            signed.rest = -2;
            signed.whole = Int128.MinValue;
            bool refuses = Refused(() => { wide128 record = default; record.low = UInt128.One << 65; })
                && Refused(() => { packed128 record = default; record.sign = 1 << 19; })
                && Refused(() => { signed128 record = default; record.small = -(Int128.One << 39) - 1; });
            return $"{Bytes(wide)} {wide.low} {wide.high} {Bytes(packed)} {packed.value == ((UInt128.One << 99) | 3)} {packed.sign} "
                + $"{Bytes(signed)} {signed.small} {signed.rest} {signed.whole == Int128.MinValue} {refuses}";
            """);

        Assert.Equal(
            "0500000000000000FFFFFFFFFFFFFFFF 18446744073709551621 9223372036854775807 "
            + "00030000000000000000000000F8FFFF True -1 "
            + "0000000080FEFFFFFFFFFFFFFFFFFFFF00000000000000000000000000000080 -549755813888 -2 True True",
            bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Bit_fields_of_128_bit_types_count_from_the_other_end_on_a_big_endian_target()
    {
        Assert.SkipWhen(
            LibClangLocator.Load().Major <= 14, "libclang 14 aligns 128-bit numbers of s390x wrong; that it is refused is tried elsewhere");

        Verifier.Verify(Bindings.Of("bitfield-128.h", targets: ["s390x"]).Declarations, "cs");
    }

    [Fact]
    public void A_bit_field_of_an_enum_of_truth_values_is_that_enum()
    {
        Bindings bindings = Bindings.Of("bitfield-enum-of-bool.h", use: """
            eg record = default;
            record.g = fx.H1;
            record.plain = true;
            record.whole = fx.H1;
            return $"{Bytes(record)} {record.g} {record.plain}";
            """);

        Assert.Equal("0301 H1 True", bindings.Result);
        Assert.Contains("public fx g", bindings.Declarations, StringComparison.Ordinal);
        Assert.Contains("public bool plain", bindings.Declarations, StringComparison.Ordinal);
    }
}
