using HvBindgen.Mshv.Abi.Arm64;

namespace HvBindgen.Mshv.Boot;

/// <summary>How an arm64 guest starts: at EL1, interrupts masked, MMU off.</summary>
public static class Arm64Boot
{
    // EL1 with its own stack pointer; D, A, I and F masked.
    private const ulong PstateEl1hMasked = 0x3c5;

    /// <summary>Registers of a kernel's or firmware's first instruction, after the Linux arm64 boot protocol.</summary>
    /// <param name="entry">Guest-physical address of the first instruction, a multiple of 4.</param>
    /// <param name="deviceTreeGpa">Guest-physical address of the flattened device tree, which goes to X0; 0 when there is none.</param>
    /// <returns>Names and values.</returns>
    /// <exception cref="ArgumentException">The address is not a multiple of 4.</exception>
    public static IReadOnlyList<hv_register_assoc> El1(ulong entry, ulong deviceTreeGpa = 0)
    {
        if (entry % 4 != 0)
        {
            throw new ArgumentException("An instruction of arm64 lies at a multiple of 4.", nameof(entry));
        }

        return
        [
            Register(hv_register_name.HV_ARM64_REGISTER_PC, entry),
            Register(hv_register_name.HV_ARM64_REGISTER_PSTATE, PstateEl1hMasked),
            Register(hv_register_name.HV_ARM64_REGISTER_X0, deviceTreeGpa),
            Register(hv_register_name.HV_ARM64_REGISTER_X1, 0),
            Register(hv_register_name.HV_ARM64_REGISTER_X2, 0),
            Register(hv_register_name.HV_ARM64_REGISTER_X3, 0),
        ];
    }

    private static hv_register_assoc Register(hv_register_name name, ulong value)
    {
        hv_register_assoc register = new() { name = (uint)name };
        register.value.reg64 = value;
        return register;
    }
}
