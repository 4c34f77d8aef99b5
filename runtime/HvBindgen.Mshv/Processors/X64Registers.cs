using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of an x86-64 processor by group. For a processor that is not running.</summary>
public sealed partial class X64Registers
{
    private readonly VirtualProcessor processor;
    private readonly VpRegisters registers;

    internal X64Registers(VirtualProcessor processor)
    {
        this.processor = processor;
        registers = processor.Registers;
    }

    /// <summary>General registers, RIP and RFLAGS.</summary>
    public X64GeneralRegisters General
    {
        get => Checked().GetWords<X64GeneralRegisters>(X64RegisterNames.General);
        set => Checked().SetWords(X64RegisterNames.General, value);
    }

    /// <summary>Segment registers, with LDTR and TR.</summary>
    public X64SegmentRegisters Segments
    {
        get => Checked().GetQuads<X64SegmentRegisters>(X64RegisterNames.Segments);
        set => Checked().SetQuads(X64RegisterNames.Segments, value);
    }

    /// <summary>Descriptor tables.</summary>
    public X64TableRegisters Tables
    {
        get => Checked().GetQuads<X64TableRegisters>(X64RegisterNames.Tables);
        set => Checked().SetQuads(X64RegisterNames.Tables, value);
    }

    /// <summary>Control registers, EFER and the base of the local interrupt controller.</summary>
    public X64ControlRegisters Control
    {
        get => Checked().GetWords<X64ControlRegisters>(ControlNames);
        set => Checked().SetWords(ControlNames, value);
    }

    /// <summary>Debug registers.</summary>
    public X64DebugRegisters Debug
    {
        get => Checked().GetWords<X64DebugRegisters>(X64RegisterNames.Debug);
        set => Checked().SetWords(X64RegisterNames.Debug, value);
    }

    /// <summary>x87, MMX and SSE registers.</summary>
    public X64FloatingPointRegisters FloatingPoint
    {
        get => Checked().GetQuads<X64FloatingPointRegisters>(X64RegisterNames.FloatingPoint);
        set => Checked().SetQuads(X64RegisterNames.FloatingPoint, value);
    }

    /// <summary>XCR0: which parts of the extended state are in use.</summary>
    public ulong Xcr0
    {
        get => registers.Get(Name.HV_X64_REGISTER_XFEM).reg64;
        set => registers.Set(Name.HV_X64_REGISTER_XFEM, value);
    }

    internal uint[] ControlNames => (processor.Partition.Flags & MSHV_PT_FLAGS.NESTED_VIRTUALIZATION) != 0
        ? X64RegisterNames.IntermediateControl
        : X64RegisterNames.Control;

    private VpRegisters Checked()
    {
        registers.Check(GuestArchitecture.X64);
        return registers;
    }
}
