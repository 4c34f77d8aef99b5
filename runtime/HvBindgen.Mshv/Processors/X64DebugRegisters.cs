namespace HvBindgen.Mshv.Processors;

/// <summary>Debug registers of x86-64.</summary>
public record struct X64DebugRegisters
{
    /// <summary>DR0.</summary>
    public ulong Dr0 { get; set; }

    /// <summary>DR1.</summary>
    public ulong Dr1 { get; set; }

    /// <summary>DR2.</summary>
    public ulong Dr2 { get; set; }

    /// <summary>DR3.</summary>
    public ulong Dr3 { get; set; }

    /// <summary>DR6: what happened.</summary>
    public ulong Dr6 { get; set; }

    /// <summary>DR7: what is watched.</summary>
    public ulong Dr7 { get; set; }
}
