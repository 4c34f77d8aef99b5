using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>All registers of a stopped processor.</summary>
/// <param name="banks">Where they are, in the order in which they are asked.</param>
internal sealed class RegisterFile(params IRegisterBank[] banks)
{
    /// <summary>Reads a register.</summary>
    /// <returns>A status; INVALID_PARAMETER for a name that there is not.</returns>
    internal int Get(uint name, out hv_register_value value)
    {
        value = default;
        foreach (IRegisterBank bank in banks)
        {
            if (bank.Get((hv_register_name)name, ref value) is { } status)
            {
                return status;
            }
        }

        return Hv.HV_STATUS_INVALID_PARAMETER;
    }

    /// <summary>Writes a register.</summary>
    /// <returns>A status; INVALID_PARAMETER for a name that there is not.</returns>
    internal int Set(uint name, in hv_register_value value)
    {
        foreach (IRegisterBank bank in banks)
        {
            if (bank.Set((hv_register_name)name, in value) is { } status)
            {
                return status;
            }
        }

        return Hv.HV_STATUS_INVALID_PARAMETER;
    }

    /// <summary>Ends a series of writes.</summary>
    internal void Commit()
    {
        foreach (IRegisterBank bank in banks)
        {
            bank.Commit();
        }
    }
}
