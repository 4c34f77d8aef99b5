using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of a virtual processor by name, from the register page where that is valid, else by hypercall.</summary>
/// <remarks>
/// For a processor that is not running. The same number means another register on the other architecture: names are typed, and names
/// of the other architecture are refused.
/// </remarks>
public sealed unsafe class VpRegisters
{
    private const int MaxGroupCount = 64;

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
        Get(access, names, values);
    }

    internal void Set(ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
    {
        using VirtualProcessor.Access access = processor.Enter();
        Set(access, names, values);
    }

    /// <summary>Reads registers: from the register page what is on it while it is valid, by hypercall the rest.</summary>
    internal void Get(in VirtualProcessor.Access access, ReadOnlySpan<uint> names, Span<hv_u128> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, names.Length, nameof(values));
        RegisterPage page = processor.RegisterPage;
        bool usePage = page.IsValid;
        for (int start = 0; start < names.Length;)
        {
            if (usePage && page.TryGet(names[start], out hv_u128 value))
            {
                values[start++] = value;
                continue;
            }

            int end = EndOfHypercall(names, start, usePage);
            HypercallResult result = RegisterHypercalls.Get(access.Descriptor, processor.Index, names[start..end], values[start..end]);
            if (!result.IsSuccess)
            {
                GetSingly(access, names[start..end], values[start..end], result);
            }

            start = end;
        }
    }

    /// <summary>Writes registers, likewise.</summary>
    internal void Set(in VirtualProcessor.Access access, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, names.Length, nameof(values));
        processor.Redirection.Note(names, Architecture);
        RegisterPage page = processor.RegisterPage;
        bool usePage = page.IsValid;

        // The page comes last, for the reasons that it gives.
        for (int start = 0; start < names.Length;)
        {
            if (usePage && RegisterPage.Contains(names[start]))
            {
                start++;
                continue;
            }

            int end = EndOfHypercall(names, start, usePage);
            HypercallResult result = RegisterHypercalls.Set(access.Descriptor, processor.Index, names[start..end], values[start..end]);
            if (!result.IsSuccess)
            {
                SetSingly(access, names[start..end], values[start..end], result);
            }

            start = end;
        }

        if (usePage)
        {
            page.Set(names, values);
        }
    }

    /// <summary>Reads a record of 64-bit registers, which has them in the order of the names.</summary>
    internal T GetWords<T>(ReadOnlySpan<uint> names)
        where T : unmanaged
    {
        CheckGroup<T>(names, sizeof(ulong));
        Span<hv_u128> values = stackalloc hv_u128[MaxGroupCount];
        values = values[..names.Length];
        Get(names, values);
        T group = default;
        Span<ulong> words = new(&group, names.Length);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = values[i].low_part;
        }

        return group;
    }

    /// <summary>Writes a record of 64-bit registers, which has them in the order of the names.</summary>
    internal void SetWords<T>(ReadOnlySpan<uint> names, T group)
        where T : unmanaged
    {
        CheckGroup<T>(names, sizeof(ulong));
        Span<hv_u128> values = stackalloc hv_u128[MaxGroupCount];
        values = values[..names.Length];
        ReadOnlySpan<ulong> words = new(&group, names.Length);
        for (int i = 0; i < words.Length; i++)
        {
            values[i] = new hv_u128 { low_part = words[i] };
        }

        Set(names, values);
    }

    /// <summary>Reads a record of 128-bit registers, which has them in the order of the names.</summary>
    internal T GetQuads<T>(ReadOnlySpan<uint> names)
        where T : unmanaged
    {
        CheckGroup<T>(names, sizeof(hv_u128));
        T group = default;
        Get(names, MemoryMarshal.Cast<T, hv_u128>(new Span<T>(ref group)));
        return group;
    }

    /// <summary>Writes a record of 128-bit registers, which has them in the order of the names.</summary>
    internal void SetQuads<T>(ReadOnlySpan<uint> names, in T group)
        where T : unmanaged
    {
        CheckGroup<T>(names, sizeof(hv_u128));
        Set(names, MemoryMarshal.Cast<T, hv_u128>(new ReadOnlySpan<T>(in group)));
    }

    internal void Check(GuestArchitecture architecture)
    {
        if (Architecture != architecture)
        {
            throw new InvalidOperationException($"The processor's registers are those of {Architecture}, not of {architecture}.");
        }
    }

    private static int EndOfHypercall(ReadOnlySpan<uint> names, int start, bool usePage)
    {
        int end = start + 1;
        while (end < names.Length && !(usePage && RegisterPage.Contains(names[end])))
        {
            end++;
        }

        return end;
    }

    // How many elements a failed call completed is the hypervisor's word, and it has not always told it: ask each by itself.
    private void GetSingly(
        in VirtualProcessor.Access access, ReadOnlySpan<uint> names, Span<hv_u128> values, HypercallResult batch)
    {
        for (int i = 0; i < names.Length; i++)
        {
            HypercallResult result = names.Length == 1
                ? batch
                : RegisterHypercalls.Get(access.Descriptor, processor.Index, names.Slice(i, 1), values.Slice(i, 1));
            result.ThrowIfFailed($"Reading {Describe(names[i])} of virtual processor {processor.Index}");
        }
    }

    private void SetSingly(
        in VirtualProcessor.Access access, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values, HypercallResult batch)
    {
        for (int i = 0; i < names.Length; i++)
        {
            HypercallResult result = names.Length == 1
                ? batch
                : RegisterHypercalls.Set(access.Descriptor, processor.Index, names.Slice(i, 1), values.Slice(i, 1));
            result.ThrowIfFailed(
                $"Writing 0x{values[i].high_part:x16}{values[i].low_part:x16} to {Describe(names[i])} of virtual processor "
                    + $"{processor.Index}");
        }
    }

    private string Describe(uint name) => Architecture == GuestArchitecture.X64
        ? $"{(Abi.X64.hv_register_name)name} (0x{name:x})"
        : $"{(Abi.Arm64.hv_register_name)name} (0x{name:x})";

    private static void CheckGroup<T>(ReadOnlySpan<uint> names, int registerBytes)
        where T : unmanaged
    {
        if (sizeof(T) != names.Length * registerBytes || names.Length > MaxGroupCount)
        {
            throw new InvalidOperationException($"{typeof(T)} does not have {names.Length} registers of {registerBytes} bytes.");
        }
    }
}
