using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Keeps what KVM still executes of an instruction from guest memory: its write faults instead, and is taken back with that fault.
/// </summary>
/// <remarks>
/// In 64-bit code a page of guest memory stands for the page tables in which the address leads nowhere; in other code, which may run
/// without page tables, the segment that is written to cannot be. KVM has consumed the device's answer before it looks at either.
/// </remarks>
internal sealed class WriteShield(ProcessorState state, IGuestPhysicalMemory physical)
{
    private const int FourLevelShift = 39;
    private const int FiveLevelShift = 48;
    private const int EntriesPerTable = 512;
    private const int MaxCandidates = 0x10000;
    private const ushort ReadOnlyData = 1;

    private ulong tables;
    private Array8<hv_x64_segment_register> segments;

    /// <summary>Shields memory from what is executed next.</summary>
    /// <param name="segment">The segment that would be written to.</param>
    /// <param name="linear">Where.</param>
    /// <returns>False where that cannot be done.</returns>
    internal bool TryRaise(int segment, ulong linear)
    {
        tables = state.Cr3;
        segments = state.Segments;
        state.SystemChanged = true;
        if (state.Is64BitCode)
        {
            return TryFindEmptyTable(linear, out state.Cr3);
        }

        // It can still be read: KVM looks at the segment of what it has read once more, before it takes the answer.
        state.Segments[segment].segment_type = ReadOnlyData;
        return true;
    }

    /// <summary>Gives the registers back.</summary>
    /// <param name="before">Those before the instruction.</param>
    /// <returns>Whether the write has been kept off: it has faulted, or the instruction has not moved on.</returns>
    internal bool Lower(in RegisterSnapshot before)
    {
        state.Cr3 = tables;
        state.Segments = segments;
        state.SystemChanged = true;
        return state.Events.ExceptionInjected
            || (state.Rip == before.Rip
                && state.General[ProcessorState.Rsp] == before.General[ProcessorState.Rsp]
                && state.General[ProcessorState.Rdi] == before.General[ProcessorState.Rdi]);
    }

    // A page that has nothing present where the table's entry for the address would be. KVM walks no table that is in no memory.
    private bool TryFindEmptyTable(ulong linear, out ulong table)
    {
        int shift = (state.Cr4 & X64Bits.Cr4La57) != 0 ? FiveLevelShift : FourLevelShift;
        ulong offset = (linear >> shift) % EntriesPerTable * sizeof(ulong);
        Span<byte> entry = stackalloc byte[sizeof(ulong)];
        table = 0;
        for (int candidate = 0; candidate < MaxCandidates; candidate++, table += LinearMemory.PageBytes)
        {
            if (physical.Read(table + offset, entry) == entry.Length && (MemoryMarshal.Read<ulong>(entry) & 1) == 0)
            {
                return true;
            }
        }

        table = tables;
        return false;
    }
}
