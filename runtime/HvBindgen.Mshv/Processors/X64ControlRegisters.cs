namespace HvBindgen.Mshv.Processors;

/// <summary>Control registers of x86-64.</summary>
public record struct X64ControlRegisters
{
    /// <summary>CR0.</summary>
    public ulong Cr0 { get; set; }

    /// <summary>CR2: address of the last page fault.</summary>
    public ulong Cr2 { get; set; }

    /// <summary>CR3: root of the page tables.</summary>
    public ulong Cr3 { get; set; }

    /// <summary>CR4.</summary>
    public ulong Cr4 { get; set; }

    /// <summary>CR8: priority of the task.</summary>
    public ulong Cr8 { get; set; }

    /// <summary>EFER: extended features.</summary>
    public ulong Efer { get; set; }

    /// <summary>Base and mode of the local interrupt controller.</summary>
    public ulong ApicBase { get; set; }
}
