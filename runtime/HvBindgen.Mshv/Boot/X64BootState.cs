using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Boot;

/// <summary>Registers that an x86_64 processor starts with: what a loader has decided, not yet given to a processor.</summary>
/// <remarks>Registers that are not named keep what they have: in a new processor what the hypervisor gave them, their state after a
/// reset.</remarks>
public sealed class X64BootState
{
    private readonly List<hv_register_assoc> registers = [];

    /// <summary>Names and values, in the order they were set.</summary>
    public IReadOnlyList<hv_register_assoc> Registers => registers;

    /// <summary>Sets a register of up to 64 bits; an earlier value of the same register is replaced.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This state.</returns>
    public X64BootState Set(hv_register_name name, ulong value)
    {
        hv_register_value cell = default;
        cell.reg64 = value;
        return Set(name, cell);
    }

    /// <summary>Sets a segment register, LDTR or TR.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This state.</returns>
    public X64BootState Set(hv_register_name name, hv_x64_segment_register value)
    {
        hv_register_value cell = default;
        cell.segment = value;
        return Set(name, cell);
    }

    /// <summary>Sets GDTR or IDTR.</summary>
    /// <param name="name">Register.</param>
    /// <param name="baseAddress">Linear address of the table.</param>
    /// <param name="limit">Last byte of the table, counted from its start.</param>
    /// <returns>This state.</returns>
    public X64BootState SetTable(hv_register_name name, ulong baseAddress, ushort limit)
    {
        hv_register_value cell = default;
        cell.table.@base = baseAddress;
        cell.table.limit = limit;
        return Set(name, cell);
    }

    /// <summary>Gives the registers to a processor, which starts with them when it runs. A halt and events that wait are
    /// forgotten.</summary>
    /// <param name="processor">The processor. A handler may start its own anew: the instruction that it was called for is void
    /// then.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or is no x86-64 processor.</exception>
    public void ApplyTo(VirtualProcessor processor)
    {
        ArgumentNullException.ThrowIfNull(processor);
        processor.Registers.Set(Registers);
        processor.X64.ForgetEvents();
    }

    private X64BootState Set(hv_register_name name, hv_register_value value)
    {
        registers.RemoveAll(register => register.name == (uint)name);
        registers.Add(new hv_register_assoc { name = (uint)name, value = value });
        return this;
    }
}
