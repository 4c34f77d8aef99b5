using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of a virtual processor by name, from the register page where that is valid, else by hypercall.</summary>
/// <remarks>
/// For a processor that is not running. The same number means another register on the other architecture: names are typed, and names
/// of the other architecture are refused.
/// </remarks>
public sealed class VpRegisters
{
    private readonly VirtualProcessor processor;

    internal VpRegisters(VirtualProcessor processor) => this.processor = processor;

    private GuestArchitecture Architecture => processor.Architecture;

    /// <summary>Reads a register.</summary>
    /// <param name="name">Register.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public Abi.X64.hv_register_value Get(Abi.X64.hv_register_name name)
    {
        Check(GuestArchitecture.X64);
        hv_u128 value = default;
        Get([(uint)name], new Span<hv_u128>(ref value));
        return new Abi.X64.hv_register_value { reg128 = value };
    }

    /// <summary>Reads registers, in as few hypercalls as they fit in.</summary>
    /// <param name="names">Registers.</param>
    /// <param name="values">Receives their values; as long as the names.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Get(ReadOnlySpan<Abi.X64.hv_register_name> names, Span<Abi.X64.hv_register_value> values)
    {
        Check(GuestArchitecture.X64);
        Get(MemoryMarshal.Cast<Abi.X64.hv_register_name, uint>(names), MemoryMarshal.Cast<Abi.X64.hv_register_value, hv_u128>(values));
    }

    /// <summary>Writes a register.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(Abi.X64.hv_register_name name, in Abi.X64.hv_register_value value)
    {
        Check(GuestArchitecture.X64);
        Set([(uint)name], new ReadOnlySpan<hv_u128>(in value.reg128));
    }

    /// <summary>Writes a register of up to 64 bits.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(Abi.X64.hv_register_name name, ulong value) => Set(name, new Abi.X64.hv_register_value { reg64 = value });

    /// <summary>Writes registers, in as few hypercalls as they fit in.</summary>
    /// <param name="names">Registers.</param>
    /// <param name="values">Their values; as long as the names.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(ReadOnlySpan<Abi.X64.hv_register_name> names, ReadOnlySpan<Abi.X64.hv_register_value> values)
    {
        Check(GuestArchitecture.X64);
        Set(MemoryMarshal.Cast<Abi.X64.hv_register_name, uint>(names), MemoryMarshal.Cast<Abi.X64.hv_register_value, hv_u128>(values));
    }

    /// <summary>Reads a register.</summary>
    /// <param name="name">Register.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public Abi.Arm64.hv_register_value Get(Abi.Arm64.hv_register_name name)
    {
        Check(GuestArchitecture.Arm64);
        hv_u128 value = default;
        Get([(uint)name], new Span<hv_u128>(ref value));
        return new Abi.Arm64.hv_register_value { reg128 = value };
    }

    /// <summary>Reads registers, in as few hypercalls as they fit in.</summary>
    /// <param name="names">Registers.</param>
    /// <param name="values">Receives their values; as long as the names.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Get(ReadOnlySpan<Abi.Arm64.hv_register_name> names, Span<Abi.Arm64.hv_register_value> values)
    {
        Check(GuestArchitecture.Arm64);
        Get(MemoryMarshal.Cast<Abi.Arm64.hv_register_name, uint>(names), MemoryMarshal.Cast<Abi.Arm64.hv_register_value, hv_u128>(values));
    }

    /// <summary>Writes a register.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(Abi.Arm64.hv_register_name name, in Abi.Arm64.hv_register_value value)
    {
        Check(GuestArchitecture.Arm64);
        Set([(uint)name], new ReadOnlySpan<hv_u128>(in value.reg128));
    }

    /// <summary>Writes a register of up to 64 bits.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(Abi.Arm64.hv_register_name name, ulong value) => Set(name, new Abi.Arm64.hv_register_value { reg64 = value });

    /// <summary>Writes registers, in as few hypercalls as they fit in.</summary>
    /// <param name="names">Registers.</param>
    /// <param name="values">Their values; as long as the names.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(ReadOnlySpan<Abi.Arm64.hv_register_name> names, ReadOnlySpan<Abi.Arm64.hv_register_value> values)
    {
        Check(GuestArchitecture.Arm64);
        Set(MemoryMarshal.Cast<Abi.Arm64.hv_register_name, uint>(names), MemoryMarshal.Cast<Abi.Arm64.hv_register_value, hv_u128>(values));
    }

    /// <summary>Writes registers as a loader has decided them.</summary>
    /// <param name="values">Names and values, in the order to write them.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(IReadOnlyList<Abi.X64.hv_register_assoc> values)
    {
        Check(GuestArchitecture.X64);
        ArgumentNullException.ThrowIfNull(values);
        Set([.. values.Select(each => each.name)], [.. values.Select(each => each.value.reg128)]);
    }

    /// <summary>Writes registers as a loader has decided them.</summary>
    /// <param name="values">Names and values, in the order to write them.</param>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    /// <exception cref="InvalidOperationException">The processor is running, or has another architecture.</exception>
    public void Set(IReadOnlyList<Abi.Arm64.hv_register_assoc> values)
    {
        Check(GuestArchitecture.Arm64);
        ArgumentNullException.ThrowIfNull(values);
        Set([.. values.Select(each => each.name)], [.. values.Select(each => each.value.reg128)]);
    }

    internal void Get(ReadOnlySpan<uint> names, Span<hv_u128> values)
    {
        using VirtualProcessor.Access access = processor.Enter();
        RegisterTransfer.Get(processor, access, names, values);
    }

    internal void Set(ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
    {
        using VirtualProcessor.Access access = processor.Enter();
        RegisterTransfer.Set(processor, access, names, values);
    }

    internal void Check(GuestArchitecture architecture)
    {
        if (Architecture != architecture)
        {
            throw new InvalidOperationException($"The processor's registers are those of {Architecture}, not of {architecture}.");
        }
    }
}
