using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>Moves a group of registers between a record and a processor. The record has its registers in the order of the names.</summary>
internal static unsafe class RegisterGroups
{
    private const int MaxCount = 64;

    /// <summary>Reads a record of 64-bit registers.</summary>
    internal static T GetWords<T>(VpRegisters registers, ReadOnlySpan<uint> names)
        where T : unmanaged
    {
        Check<T>(names, sizeof(ulong));
        Span<hv_u128> values = stackalloc hv_u128[MaxCount];
        values = values[..names.Length];
        registers.Get(names, values);
        T group = default;
        Span<ulong> words = new(&group, names.Length);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = values[i].low_part;
        }

        return group;
    }

    /// <summary>Writes a record of 64-bit registers.</summary>
    internal static void SetWords<T>(VpRegisters registers, ReadOnlySpan<uint> names, T group)
        where T : unmanaged
    {
        Check<T>(names, sizeof(ulong));
        Span<hv_u128> values = stackalloc hv_u128[MaxCount];
        values = values[..names.Length];
        ReadOnlySpan<ulong> words = new(&group, names.Length);
        for (int i = 0; i < words.Length; i++)
        {
            values[i] = new hv_u128 { low_part = words[i] };
        }

        registers.Set(names, values);
    }

    /// <summary>Reads a record of 128-bit registers.</summary>
    internal static T GetQuads<T>(VpRegisters registers, ReadOnlySpan<uint> names)
        where T : unmanaged
    {
        Check<T>(names, sizeof(hv_u128));
        T group = default;
        registers.Get(names, MemoryMarshal.Cast<T, hv_u128>(new Span<T>(ref group)));
        return group;
    }

    /// <summary>Writes a record of 128-bit registers.</summary>
    internal static void SetQuads<T>(VpRegisters registers, ReadOnlySpan<uint> names, in T group)
        where T : unmanaged
    {
        Check<T>(names, sizeof(hv_u128));
        registers.Set(names, MemoryMarshal.Cast<T, hv_u128>(new ReadOnlySpan<T>(in group)));
    }

    private static void Check<T>(ReadOnlySpan<uint> names, int registerBytes)
        where T : unmanaged
    {
        if (sizeof(T) != names.Length * registerBytes || names.Length > MaxCount)
        {
            throw new InvalidOperationException($"{typeof(T)} does not have {names.Length} registers of {registerBytes} bytes.");
        }
    }
}
