using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Processors;
using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>Registers of arm64: general and vector.</summary>
internal sealed class Arm64RegisterSet : RegisterSet
{
    private const string Core = "org.gnu.gdb.aarch64.core";
    private const string Fpu = "org.gnu.gdb.aarch64.fpu";
    private const int GeneralCount = 31;
    private const int VectorCount = 32;

    private const string VectorTypes =
        """
        <vector id="v2d" type="ieee_double" count="2"/><vector id="v2u" type="uint64" count="2"/>
        <vector id="v4f" type="ieee_single" count="4"/><vector id="v4u" type="uint32" count="4"/>
        <vector id="v8u" type="uint16" count="8"/><vector id="v16u" type="uint8" count="16"/>
        <vector id="v1u" type="uint128" count="1"/>
        <union id="vnd"><field name="f" type="v2d"/><field name="u" type="v2u"/></union>
        <union id="vns"><field name="f" type="v4f"/><field name="u" type="v4u"/></union>
        <union id="vnh"><field name="u" type="v8u"/></union><union id="vnb"><field name="u" type="v16u"/></union>
        <union id="vnq"><field name="u" type="v1u"/></union>
        <union id="aarch64v"><field name="d" type="vnd"/><field name="s" type="vns"/><field name="h" type="vnh"/>
        <field name="b" type="vnb"/><field name="q" type="vnq"/></union>
        """;

    private Arm64RegisterSet()
        : base(
            "aarch64",
            [.. Describe().Select(each => each.Register)],
            [.. Describe().Select(each => (uint)each.Name)],
            new Dictionary<string, string>(StringComparer.Ordinal) { [Fpu] = VectorTypes })
    {
    }

    internal static Arm64RegisterSet Instance { get; } = new();

    protected override void Get(VirtualProcessor processor, ReadOnlySpan<uint> names, Span<hv_u128> values) =>
        processor.Registers.Get(MemoryMarshal.Cast<uint, Name>(names), MemoryMarshal.Cast<hv_u128, hv_register_value>(values));

    protected override void Set(VirtualProcessor processor, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values) =>
        processor.Registers.Set(MemoryMarshal.Cast<uint, Name>(names), MemoryMarshal.Cast<hv_u128, hv_register_value>(values));

    private static IEnumerable<(GdbRegister Register, Name Name)> Describe()
    {
        // hvgdk_mini.h, enum hv_register_name: X0 to X28, FP and LR follow each other, and so do Q0 to Q31.
        for (int i = 0; i < GeneralCount; i++)
        {
            yield return One(Core, $"x{i}", 64, "int64", Name.HV_ARM64_REGISTER_X0 + (uint)i);
        }

        yield return One(Core, "sp", 64, "data_ptr", Name.HV_ARM64_REGISTER_SP);
        yield return One(Core, "pc", 64, "code_ptr", Name.HV_ARM64_REGISTER_PC);
        yield return One(Core, "cpsr", 32, "int32", Name.HV_ARM64_REGISTER_PSTATE);
        for (int i = 0; i < VectorCount; i++)
        {
            yield return One(Fpu, $"v{i}", 128, "aarch64v", Name.HV_ARM64_REGISTER_Q0 + (uint)i);
        }

        yield return One(Fpu, "fpsr", 32, "int", Name.HV_ARM64_REGISTER_FPSR);
        yield return One(Fpu, "fpcr", 32, "int", Name.HV_ARM64_REGISTER_FPCR);
    }

    private static (GdbRegister Register, Name Name) One(string feature, string gdbName, int sizeBits, string type, Name name) => (
        new GdbRegister(
            feature, gdbName, sizeBits, type, image => image[(uint)name], (image, value) => Put(ref image[(uint)name], value, sizeBits)),
        name);

    // gdb's CPSR has half of PSTATE; the other half stays.
    private static void Put(ref hv_u128 register, hv_u128 value, int sizeBits)
    {
        if (sizeBits == 32)
        {
            value.low_part = (register.low_part & ~(ulong)uint.MaxValue) | (uint)value.low_part;
        }

        register = value;
    }
}
