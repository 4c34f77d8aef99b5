namespace HvBindgen.Emulation.X64;

/// <summary>Where a virtual processor's descriptor tables are, asked only when an instruction loads a segment in protected mode.</summary>
public interface IX64DescriptorTables
{
    /// <summary>Reads the registers of the two tables.</summary>
    /// <param name="global">Receives GDTR.</param>
    /// <param name="local">Receives what LDTR holds of the local table; one without any has the limit 0.</param>
    /// <returns>False when they cannot be read; the instruction is then not supported.</returns>
    bool TryReadTables(out X64DescriptorTable global, out X64DescriptorTable local);
}

/// <summary>A descriptor table.</summary>
/// <param name="Base">Linear address.</param>
/// <param name="Limit">Offset of its last byte.</param>
public readonly record struct X64DescriptorTable(ulong Base, uint Limit);
