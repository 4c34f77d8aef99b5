using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class OpaqueTests
{
    [Fact]
    public void What_C_sharp_has_no_type_for_is_bytes_in_its_place_with_the_reason()
    {
        Bindings bindings = Bindings.Of("opaque.h", use: """
            opaque record = default;
            record.end = 1;
            ring* ring = (ring*)NativeMemory.AllocZeroed((nuint)sizeof(ring));
            ring->data.Bytes[^1] = 7;
            ring->tail = 9;
            byte last = ((byte*)ring)[4 + (2 * 1024 * 1024) - 1];
            int length = ring->data.Bytes.Length;
            NativeMemory.Free(ring);
            atomic atomic = new() { head = -1, tail = 2 };
            return $"{sizeof(opaque)} {sizeof(inside)} {sizeof(ring)} {last} {length} {atomic.head} {sizeof(atomic)}";
            """);

        Assert.Equal("112 256 2097160 7 2097152 -1 24", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    // A type with a size and no field ended the runtime when it stood between others in a union of 16 bytes.
    [Fact]
    public void A_record_without_members_is_its_bytes_also_in_a_union()
    {
        Bindings bindings = Bindings.Of("record-without-members.h", use: """
            around record = default;
            record.holes.bytes[5] = 7;
            return $"{sizeof(holes)} {sizeof(around)} {record.second[5]}";
            """);

        Assert.Equal("6 16 7", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    [InlineData("i686")]
    [InlineData("s390x")]
    public void An_opaque_member_reads_back_from_a_snapshot(string target)
    {
        AbiModel model = Bindings.ParseText(
            "#include <stdarg.h>\nstruct s { float v __attribute__((vector_size(16))); _Complex float c; va_list list; "
                + "int (*f)(_Complex double, va_list); };\n",
            target);

        Assert.Equal(model, SnapshotReader.Read(SnapshotWriter.Write(model), "opaque"));
    }

    [Fact]
    public void An_array_that_the_runtime_cannot_hold_at_all_is_refused()
    {
        Exception? fault = Record.Exception(() => Bindings.OfText("struct s { char huge[0x10000000]; };\n", "x86_64"));

        Assert.Contains("268435456", Assert.IsType<Generator.Emit.EmitException>(fault).Message, StringComparison.Ordinal);
    }
}
