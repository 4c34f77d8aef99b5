using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>Descriptor tables of x86-64.</summary>
public record struct X64TableRegisters
{
    /// <summary>Interrupt descriptor table.</summary>
    public hv_x64_table_register Idtr { get; set; }

    /// <summary>Global descriptor table.</summary>
    public hv_x64_table_register Gdtr { get; set; }
}
