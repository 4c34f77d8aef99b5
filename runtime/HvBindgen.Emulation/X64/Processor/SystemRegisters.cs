namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What a processor has beside the state that single instructions are carried out on: tables, debug registers, and what is
/// about to happen to it.</summary>
internal sealed class SystemRegisters : IX64DescriptorTables
{
    internal X64DescriptorTable Gdtr;
    internal X64DescriptorTable Idtr;
    internal X64SegmentState Ldtr;
    internal X64SegmentState Tr;

    internal DebugRegisters Debug { get; } = new();

    /// <summary>Whether interrupts and single steps are held back for one instruction.</summary>
    internal bool InterruptShadow { get; set; }

    /// <summary>Whether an NMI is being handled: no other is taken until IRET.</summary>
    internal bool NmiMasked { get; set; }

    /// <summary>Gives them the values they have after a reset.</summary>
    internal void Reset()
    {
        Gdtr = Idtr = new X64DescriptorTable(0, 0xFFFF);
        Ldtr = new X64SegmentState { Limit = 0xFFFF, Attributes = 0x82 };
        Tr = new X64SegmentState { Limit = 0xFFFF, Attributes = 0x8B };
        Debug.Reset();
        InterruptShadow = false;
        NmiMasked = false;
    }

    bool IX64DescriptorTables.TryReadTables(out X64DescriptorTable global, out X64DescriptorTable local)
    {
        global = Gdtr;

        // A null selector leaves no table; its limit would let the first byte through.
        local = new X64DescriptorTable(Ldtr.Base, Ldtr.IsPresent ? Ldtr.Limit : 0);
        return true;
    }
}
