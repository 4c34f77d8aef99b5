using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <summary>Parts of a processor's state that are no registers. For a processor that is not running.</summary>
public sealed unsafe class VpComponents
{
    private readonly VirtualProcessor processor;

    internal VpComponents(VirtualProcessor processor) => this.processor = processor;

    /// <summary>Local interrupt controller; x86-64, of a partition that has one.</summary>
    public hv_local_interrupt_controller_state LocalApic
    {
        get => Get<hv_local_interrupt_controller_state>(VpStateComponent.LocalApic);
        set => Set(VpStateComponent.LocalApic, value);
    }

    /// <summary>Synthetic timers.</summary>
    public hv_synthetic_timers_state SyntheticTimers
    {
        get => Get<hv_synthetic_timers_state>(VpStateComponent.SyntheticTimers);
        set => Set(VpStateComponent.SyntheticTimers, value);
    }

    /// <summary>Reads a part of the state.</summary>
    /// <param name="component">Which part.</param>
    /// <returns>Its bytes, as many as the hypervisor has.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public byte[] Get(VpStateComponent component)
    {
        using VirtualProcessor.Access access = processor.Enter();
        return StateTransfer.Get(processor, access, component);
    }

    /// <summary>Writes a part of the state.</summary>
    /// <param name="component">Which part.</param>
    /// <param name="state">Its bytes.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public void Set(VpStateComponent component, ReadOnlySpan<byte> state)
    {
        using VirtualProcessor.Access access = processor.Enter();
        StateTransfer.Set(processor, access, component, state);
    }

    private T Get<T>(VpStateComponent component)
        where T : unmanaged
    {
        byte[] bytes = Get(component);
        return bytes.Length >= sizeof(T)
            ? MemoryMarshal.Read<T>(bytes)
            : throw new HypervisorException(
                $"Reading the state {component} of virtual processor {processor.Index}",
                0,
                $"The driver gave {bytes.Length} bytes; {Unsafe.SizeOf<T>()} are needed.");
    }

    private void Set<T>(VpStateComponent component, in T state)
        where T : unmanaged => Set(component, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in state)));
}
