using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The page by which a guest computes reference time from its time-stamp counter, without an exit.</summary>
/// <remarks>
/// <c>hvgdk_mini.h</c>, <c>struct ms_hyperv_tsc_page</c>: time is (counter * scale >> 64) + offset as long as the sequence number is the
/// same before and after; 0 sends the guest to the register, as it does where the host's counter cannot be relied on.
/// </remarks>
internal sealed class ReferencePage(VirtualPartition partition)
{
    private const uint TimeStampCounterMsr = 0x10;
    private const int Samples = 5;

    private readonly Lock gate = new();
    private uint sequence;

    /// <summary>Whether the guest has asked for it.</summary>
    internal bool IsEnabled => (partition.Synthetic[hv_register_name.HV_REGISTER_REFERENCE_TSC] & 1) != 0;

    /// <summary>Writes the page where its register enables it.</summary>
    /// <param name="stored">State of a stopped processor.</param>
    internal void Write(IStoredState stored)
    {
        if (!IsEnabled)
        {
            return;
        }

        lock (gate)
        {
            ms_hyperv_tsc_page page = default;
            MachineClock clock = partition.Engine.Clock;
            ulong gpa = partition.Synthetic[hv_register_name.HV_REGISTER_REFERENCE_TSC] & SyntheticInterrupts.PageMask;
            Write(gpa, in page); // while it changes it says nothing
            if (clock.IsOfCounter && TryGetOffset(clock, stored, out ulong offset))
            {
                sequence = Math.Max(1, sequence + 1);
                page = new() { tsc_scale = clock.Scale, tsc_offset = (long)offset };
                Write(gpa, in page);
                page.tsc_sequence = sequence;
                Write(gpa, in page);
            }
        }
    }

    private void Write(ulong gpa, in ms_hyperv_tsc_page page)
    {
        if (partition.Memory.Map.Write(gpa, MemoryMarshal.AsBytes(new ReadOnlySpan<ms_hyperv_tsc_page>(in page))) == 0)
        {
            partition.Host.Refusals.Report("the guest's page of reference time lies where no memory is");
        }
    }

    // The guest's counter is the clock's and a distance: read between two readings of the clock's, as close together as can be had.
    private bool TryGetOffset(MachineClock clock, IStoredState stored, out ulong offset)
    {
        offset = 0;
        ulong narrowest = ulong.MaxValue;
        for (int sample = 0; sample < Samples; sample++)
        {
            ulong before = clock.Count;
            if (!stored.TryReadMsr(TimeStampCounterMsr, out ulong guest))
            {
                return false;
            }

            ulong after = clock.Count;
            if (after - before < narrowest)
            {
                narrowest = after - before;
                ulong now = partition.Properties.RunningTimeAt(clock.TimeOf(before + (narrowest / 2)));
                offset = now - clock.TimeOf(guest);
            }
        }

        return true;
    }
}
