using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Some of a stopped processor's registers, by their names.</summary>
internal interface IRegisterBank
{
    /// <summary>Reads a register.</summary>
    /// <returns>A status, or null when the bank has none of this name.</returns>
    int? Get(hv_register_name name, ref hv_register_value value);

    /// <summary>Writes a register.</summary>
    /// <returns>A status, or null when the bank has none of this name.</returns>
    int? Set(hv_register_name name, in hv_register_value value);

    /// <summary>Writes out what <see cref="Set"/> has collected: registers that come together cost one request of the engine's.</summary>
    void Commit()
    {
    }
}
