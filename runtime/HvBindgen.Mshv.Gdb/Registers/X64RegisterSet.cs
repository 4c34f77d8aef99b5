using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Processors;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>Registers of x86-64: general, segment, x87 and SSE.</summary>
/// <remarks>
/// gdb knows one address space. So that what it shows at the instruction pointer is what the processor executes, <c>rip</c> is the
/// linear address, with the base of CS: in 64-bit mode and with flat segments that is RIP itself.
/// </remarks>
internal sealed class X64RegisterSet : RegisterSet
{
    private const string Core = "org.gnu.gdb.i386.core";
    private const string Sse = "org.gnu.gdb.i386.sse";
    private const string Segments = "org.gnu.gdb.i386.segments";

    private const string VectorTypes =
        """
        <vector id="v4f" type="ieee_single" count="4"/><vector id="v2d" type="ieee_double" count="2"/>
        <vector id="v16i8" type="int8" count="16"/><vector id="v8i16" type="int16" count="8"/>
        <vector id="v4i32" type="int32" count="4"/><vector id="v2i64" type="int64" count="2"/>
        <union id="vec128"><field name="v4_float" type="v4f"/><field name="v2_double" type="v2d"/>
        <field name="v16_int8" type="v16i8"/><field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/>
        <field name="v2_int64" type="v2i64"/><field name="uint128" type="uint128"/></union>
        """;

    // Of RFLAGS; 1 stands for bits without a name.
    private const string FlagTypes =
        """
        <flags id="i386_eflags" size="4"><field name="CF" start="0" end="0"/><field name="PF" start="2" end="2"/>
        <field name="AF" start="4" end="4"/><field name="ZF" start="6" end="6"/><field name="SF" start="7" end="7"/>
        <field name="TF" start="8" end="8"/><field name="IF" start="9" end="9"/><field name="DF" start="10" end="10"/>
        <field name="OF" start="11" end="11"/><field name="NT" start="14" end="14"/><field name="RF" start="16" end="16"/>
        <field name="VM" start="17" end="17"/><field name="AC" start="18" end="18"/><field name="VIF" start="19" end="19"/>
        <field name="VIP" start="20" end="20"/><field name="ID" start="21" end="21"/></flags>
        """;

    private X64RegisterSet()
        : base(
            "i386:x86-64",
            [.. CoreRegisters(), .. SseRegisters(), Base("fs_base", Name.HV_X64_REGISTER_FS), Base("gs_base", Name.HV_X64_REGISTER_GS)],
            [.. HypervisorNames().Select(name => (uint)name)],
            new Dictionary<string, string>(StringComparer.Ordinal) { [Core] = FlagTypes, [Sse] = VectorTypes })
    {
    }

    internal static X64RegisterSet Instance { get; } = new();

    protected override void Get(VirtualProcessor processor, ReadOnlySpan<uint> names, Span<hv_u128> values) =>
        processor.Registers.Get(MemoryMarshal.Cast<uint, Name>(names), MemoryMarshal.Cast<hv_u128, hv_register_value>(values));

    protected override void Set(VirtualProcessor processor, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values) =>
        processor.Registers.Set(MemoryMarshal.Cast<uint, Name>(names), MemoryMarshal.Cast<hv_u128, hv_register_value>(values));

    // hvgdk_mini.h, enum hv_register_name: the numbers of a group follow each other.
    private static IEnumerable<Name> HypervisorNames() =>
    [
        .. Range(Name.HV_X64_REGISTER_RAX, Name.HV_X64_REGISTER_RFLAGS), .. Range(Name.HV_X64_REGISTER_ES, Name.HV_X64_REGISTER_GS),
        .. Range(Name.HV_X64_REGISTER_XMM0, Name.HV_X64_REGISTER_XMM_CONTROL_STATUS),
    ];

    private static IEnumerable<Name> Range(Name first, Name last)
    {
        for (Name name = first; name <= last; name++)
        {
            yield return name;
        }
    }

    private static List<GdbRegister> CoreRegisters()
    {
        // gdb's order is not that of the encoding.
        ReadOnlySpan<(string GdbName, Name Name)> general =
        [
            ("rax", Name.HV_X64_REGISTER_RAX), ("rbx", Name.HV_X64_REGISTER_RBX), ("rcx", Name.HV_X64_REGISTER_RCX),
            ("rdx", Name.HV_X64_REGISTER_RDX), ("rsi", Name.HV_X64_REGISTER_RSI), ("rdi", Name.HV_X64_REGISTER_RDI),
            ("rbp", Name.HV_X64_REGISTER_RBP), ("rsp", Name.HV_X64_REGISTER_RSP), ("r8", Name.HV_X64_REGISTER_R8),
            ("r9", Name.HV_X64_REGISTER_R9), ("r10", Name.HV_X64_REGISTER_R10), ("r11", Name.HV_X64_REGISTER_R11),
            ("r12", Name.HV_X64_REGISTER_R12), ("r13", Name.HV_X64_REGISTER_R13), ("r14", Name.HV_X64_REGISTER_R14),
            ("r15", Name.HV_X64_REGISTER_R15),
        ];
        List<GdbRegister> registers = [];
        foreach ((string gdbName, Name name) in general)
        {
            registers.Add(Word(Core, gdbName, 64, gdbName is "rbp" or "rsp" ? "data_ptr" : "int64", name));
        }

        registers.Add(new GdbRegister(
            Core,
            "rip",
            64,
            "code_ptr",
            image => Low(unchecked(image[(uint)Name.HV_X64_REGISTER_RIP].low_part + SegmentOf(image, Name.HV_X64_REGISTER_CS).@base)),
            (image, value) => image[(uint)Name.HV_X64_REGISTER_RIP].low_part =
                unchecked(value.low_part - SegmentOf(image, Name.HV_X64_REGISTER_CS).@base)));
        registers.Add(Word(Core, "eflags", 32, "i386_eflags", Name.HV_X64_REGISTER_RFLAGS));
        registers.Add(Selector("cs", Name.HV_X64_REGISTER_CS));
        registers.Add(Selector("ss", Name.HV_X64_REGISTER_SS));
        registers.Add(Selector("ds", Name.HV_X64_REGISTER_DS));
        registers.Add(Selector("es", Name.HV_X64_REGISTER_ES));
        registers.Add(Selector("fs", Name.HV_X64_REGISTER_FS));
        registers.Add(Selector("gs", Name.HV_X64_REGISTER_GS));
        for (int i = 0; i < 8; i++)
        {
            registers.Add(Whole(Core, $"st{i}", 80, "i387_ext", Name.HV_X64_REGISTER_FP_MMX0 + (uint)i));
        }

        registers.AddRange(X87Control.Registers(Core));
        return registers;
    }

    private static IEnumerable<GdbRegister> SseRegisters()
    {
        for (int i = 0; i < 16; i++)
        {
            yield return Whole(Sse, $"xmm{i}", 128, "vec128", Name.HV_X64_REGISTER_XMM0 + (uint)i);
        }

        yield return X87Control.Mxcsr(Sse);
    }

    private static GdbRegister Word(string feature, string gdbName, int sizeBits, string type, Name name) => new(
        feature, gdbName, sizeBits, type, image => Low(image[(uint)name].low_part), (image, value) =>
            image[(uint)name].low_part = value.low_part);

    private static GdbRegister Whole(string feature, string gdbName, int sizeBits, string type, Name name) => new(
        feature, gdbName, sizeBits, type, image => image[(uint)name], (image, value) => image[(uint)name] = value);

    // The selector alone, as gdb has no name for the rest.
    private static GdbRegister Selector(string gdbName, Name name) => new(
        Core, gdbName, 32, "int32", image => Low(SegmentOf(image, name).selector), (image, value) =>
            SegmentOf(image, name).selector = (ushort)value.low_part);

    private static GdbRegister Base(string gdbName, Name name) => new(
        Segments, gdbName, 64, "int64", image => Low(SegmentOf(image, name).@base), (image, value) =>
            SegmentOf(image, name).@base = value.low_part);

    private static ref hv_x64_segment_register SegmentOf(RegisterImage image, Name name) =>
        ref Unsafe.As<hv_u128, hv_x64_segment_register>(ref image[(uint)name]);

    private static hv_u128 Low(ulong value) => new() { low_part = value };
}
