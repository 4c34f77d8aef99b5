using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class EnumTests
{
    [Fact]
    public void An_enum_has_the_integer_type_that_the_C_compiler_chose()
    {
        Bindings bindings = Bindings.Of("enum-kinds.h", use: """
            return $"{sizeof(plain)} {sizeof(wide)} {sizeof(tiny)} {sizeof(@fixed)} {(long)negative.NEGATIVE_LOW} {(ulong)wide.WIDE_BIT:x}";
            """);

        Assert.Equal("4 8 1 1 -2147483648 8000000000000000", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void An_enum_of_bit_positions_also_gives_the_flags()
    {
        Bindings bindings = Bindings.Of("enum-bit-positions.h", use: """
            return $"{DEMO_PT_FLAGS.LAPIC | DEMO_PT_FLAGS.X2APIC} {(ulong)DEMO_PT_FLAGS._4K:x} {(uint)DEMO_ACCESS_FLAGS.WRITE}";
            """);

        Assert.Equal("LAPIC, X2APIC 200000000 2", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void An_enum_that_continues_another_becomes_part_of_it()
    {
        Bindings bindings = Bindings.Of(
            "enum-continued.h",
            use: "return (int)code.CODE_C;",
            parse: request => request with { EnumContinuation = "__more" });

        Assert.Equal(16, bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Typedefs_are_followed_to_the_type_they_stand_for()
    {
        Bindings bindings = Bindings.Of("typedef-chains.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }
}
