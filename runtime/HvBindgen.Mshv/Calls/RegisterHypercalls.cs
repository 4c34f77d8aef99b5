using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Calls;

/// <summary>Reads and writes lists of registers by hypercall.</summary>
/// <remarks>
/// Names are numbers here, because the same number is another register on another architecture, and values are their 16 bytes,
/// as in both architectures' <c>hv_register_value</c>.
/// </remarks>
internal static unsafe class RegisterHypercalls
{
    // One page of name and value pairs limits writing.
    private const int MaxSetCount = (HypercallClient.PageBytes - 16) / 32;

    /// <summary>Reads registers. <see cref="HypercallResult.CompletedCount"/> counts those read; the next one is the culprit of a
    /// failure.</summary>
    internal static HypercallResult Get<TDescriptor>(TDescriptor fd, uint vpIndex, ReadOnlySpan<uint> names, Span<hv_u128> values)
        where TDescriptor : IIoctlDescriptor
    {
        hv_input_get_vp_registers header = new() { vp_index = vpIndex };
        return RepHypercall.Call(
            fd,
            Abi.Hypercalls.HVCALL_GET_VP_REGISTERS.Code,
            new ReadOnlySpan<byte>(&header, hv_input_get_vp_registers.names_offset),
            MemoryMarshal.AsBytes(names),
            sizeof(uint),
            MemoryMarshal.AsBytes(values),
            sizeof(hv_u128));
    }

    /// <summary>Writes registers. <see cref="HypercallResult.CompletedCount"/> counts those written; the next one is the culprit of a
    /// failure.</summary>
    internal static HypercallResult Set<TDescriptor>(TDescriptor fd, uint vpIndex, ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
        where TDescriptor : IIoctlDescriptor
    {
        // Both architectures have the same layout; X64 stands for either.
        Abi.X64.hv_input_set_vp_registers header = new() { vp_index = vpIndex };
        Span<Abi.X64.hv_register_assoc> elements = stackalloc Abi.X64.hv_register_assoc[Math.Min(names.Length, MaxSetCount)];
        HypercallResult result = new(Abi.X64.Hypercalls.HVCALL_SET_VP_REGISTERS.Code, 0, 0, 0);
        for (int done = 0; done < names.Length;)
        {
            int count = Math.Min(names.Length - done, MaxSetCount);
            for (int i = 0; i < count; i++)
            {
                elements[i] = new Abi.X64.hv_register_assoc { name = names[done + i] };
                elements[i].value.reg128 = values[done + i];
            }

            result = RepHypercall.Call(
                fd,
                Abi.X64.Hypercalls.HVCALL_SET_VP_REGISTERS.Code,
                new ReadOnlySpan<byte>(&header, Abi.X64.hv_input_set_vp_registers.elements_offset),
                MemoryMarshal.AsBytes(elements[..count]),
                sizeof(Abi.X64.hv_register_assoc),
                [],
                0);
            done += result.CompletedCount;
            result = result with { CompletedCount = done };
            if (!result.IsSuccess)
            {
                break;
            }
        }

        return result;
    }
}
