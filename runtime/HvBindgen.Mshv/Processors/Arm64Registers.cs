using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>General registers of arm64.</summary>
public struct Arm64GeneralRegisters
{
    private Array31Words x;

    /// <summary>X0 to X30, in place; X29 is the frame pointer and X30 the link register.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<ulong> X => x;

    /// <summary>Stack pointer in use.</summary>
    public ulong Sp { get; set; }

    /// <summary>Program counter.</summary>
    public ulong Pc { get; set; }

    /// <summary>Processor state: flags, masks and exception level.</summary>
    public ulong Pstate { get; set; }

    /// <summary>Stack pointer of exception level 1.</summary>
    public ulong SpEl1 { get; set; }

    /// <summary>Return address of an exception taken to level 1.</summary>
    public ulong ElrEl1 { get; set; }

    /// <summary>Floating-point status.</summary>
    public ulong Fpsr { get; set; }

    /// <summary>Floating-point control.</summary>
    public ulong Fpcr { get; set; }

    [System.Runtime.CompilerServices.InlineArray(31)]
    private struct Array31Words
    {
        private ulong element;
    }
}

/// <summary>The 32 vector registers of arm64.</summary>
public struct Arm64VectorRegisters
{
    private Array32<hv_u128> q;

    /// <summary>Q0 to Q31, in place.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<hv_u128> Q => q;
}

/// <summary>Registers of an arm64 processor by group. For a processor that is not running.</summary>
/// <remarks>System registers go by name: <see cref="VpRegisters"/>.</remarks>
public sealed class Arm64Registers
{
    private readonly VpRegisters registers;

    internal Arm64Registers(VirtualProcessor processor) => registers = processor.Registers;

    /// <summary>
    /// General registers. To change one of them, write it by name: writing SP and PSTATE back unchanged is not free of effects.
    /// </summary>
    public Arm64GeneralRegisters General
    {
        get => Checked().GetWords<Arm64GeneralRegisters>(Arm64RegisterNames.General);
        set => Checked().SetWords(Arm64RegisterNames.General, value);
    }

    /// <summary>Vector registers.</summary>
    public Arm64VectorRegisters Vector
    {
        get => Checked().GetQuads<Arm64VectorRegisters>(Arm64RegisterNames.Vector);
        set => Checked().SetQuads(Arm64RegisterNames.Vector, value);
    }

    /// <summary>Guest-physical address of the processor's own frame of the GIC. Set before the processor runs.</summary>
    public ulong RedistributorAddress
    {
        get => registers.Get(Name.HV_ARM64_REGISTER_GICR_BASE_GPA).reg64;
        set => registers.Set(Name.HV_ARM64_REGISTER_GICR_BASE_GPA, value);
    }

    /// <summary>Whether the processor waits: to be started, halted or idle.</summary>
    public hv_internal_activity_register Activity
    {
        get => new() { as_uint64 = registers.Get(Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE).reg64 };
        set => registers.Set(Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, value.as_uint64);
    }

    private VpRegisters Checked()
    {
        registers.Check(GuestArchitecture.Arm64);
        return registers;
    }
}
