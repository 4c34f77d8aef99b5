using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <content>The whole state at once.</content>
public sealed unsafe partial class VirtualProcessor
{
    /// <summary>Takes all of the processor's state. Freeze the partition's time before, so that clocks and timers agree.</summary>
    /// <returns>The state, which names what the hypervisor did not give.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused something that every processor has; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public VpState SaveState()
    {
        using Access access = Enter();
        StateInventory inventory = StateInventory.Of(this);
        List<VpRegisterValue> registers = [];
        List<uint> absentRegisters = [];
        hv_u128[] values = new hv_u128[inventory.Required.Count];
        uint[] required = [.. inventory.Required];
        Registers.Get(access, required, values);
        for (int i = 0; i < values.Length; i++)
        {
            registers.Add(new VpRegisterValue(required[i], values[i]));
        }

        AddOptional(access, [.. inventory.Optional], registers, absentRegisters);

        Dictionary<VpStateComponent, ReadOnlyMemory<byte>> components = [];
        List<VpStateComponent> absentComponents = [];
        foreach (VpStateComponent component in inventory.RequiredComponents)
        {
            components.Add(component, Components.Get(access, component));
        }

        foreach (VpStateComponent component in inventory.OptionalComponents)
        {
            try
            {
                components.Add(component, Components.Get(access, component));
            }
            catch (HypervisorException e) when (e.Errno is Errno.EINVAL or Errno.EIO or Errno.EOPNOTSUPP or Errno.EACCES)
            {
                absentComponents.Add(component);
            }
        }

        return new VpState(Architecture, registers, components, absentRegisters, absentComponents);
    }

    /// <summary>Gives the processor a state that was saved, from this or another partition with the same features.</summary>
    /// <param name="state">State.</param>
    /// <exception cref="ArgumentException">The state is of another architecture.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused something; the message names it. The processor's state is a mixture
    /// then.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public void RestoreState(VpState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Architecture != Architecture)
        {
            throw new ArgumentException($"The state is of {state.Architecture}, the processor of {Architecture}.", nameof(state));
        }

        using Access access = Enter();
        uint[] names = [.. state.Registers.Select(register => register.Name)];
        hv_u128[] values = [.. state.Registers.Select(register => register.Value)];
        Registers.Set(access, names, values);

        // After the registers, which say where the pages are, which mode the interrupt controller has and what XSAVE holds.
        foreach ((VpStateComponent component, ReadOnlyMemory<byte> bytes) in state.Components.OrderBy(pair => pair.Key))
        {
            Components.Set(access, component, bytes.Span);
        }
    }

    // In one call if all are there; else one by one, and those that are refused are named in the state.
    private void AddOptional(in Access access, uint[] names, List<VpRegisterValue> registers, List<uint> absent)
    {
        hv_u128[] values = new hv_u128[names.Length];
        bool all = RegisterHypercalls.Get(access.Descriptor, Index, names, values).IsSuccess;
        for (int i = 0; i < names.Length; i++)
        {
            if (all || RegisterHypercalls.Get(access.Descriptor, Index, names.AsSpan(i, 1), values.AsSpan(i, 1)).IsSuccess)
            {
                registers.Add(new VpRegisterValue(names[i], values[i]));
            }
            else
            {
                absent.Add(names[i]);
            }
        }
    }
}
