using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>All registers of a stopped processor.</summary>
/// <param name="msrs">Those that are model-specific, which are asked last.</param>
/// <param name="others">Where the others are, in the order in which they are asked.</param>
internal sealed class RegisterFile(MsrRegisters msrs, params IRegisterBank[] others)
{
    private readonly IRegisterBank[] banks = [.. others, msrs];

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

    /// <summary>Writes registers in their order, up to one that is refused: what comes together costs the engine one request.</summary>
    /// <param name="elements">The registers.</param>
    /// <param name="written">How many were written.</param>
    /// <returns>A status, of the next one where not all were written; INVALID_PARAMETER for a name that there is not.</returns>
    internal int Set(ReadOnlySpan<hv_register_assoc> elements, out int written)
    {
        written = 0;
        int status = Hv.HV_STATUS_SUCCESS;
        while (written < elements.Length && status == Hv.HV_STATUS_SUCCESS)
        {
            ref readonly hv_register_assoc element = ref elements[written];
            if (MsrRegisters.CountFirst(elements[written..]) is > 1 and int together)
            {
                written += msrs.SetSeries(elements.Slice(written, together), out status);
                continue;
            }

            status = Set(element.name, in element.value);
            written += status == Hv.HV_STATUS_SUCCESS ? 1 : 0;
        }

        foreach (IRegisterBank bank in banks)
        {
            bank.Commit();
        }

        return status;
    }

    /// <summary>Writes one register, which is not of those that a bank collects.</summary>
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
}
