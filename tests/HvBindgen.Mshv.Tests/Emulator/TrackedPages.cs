using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using Xunit;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>The records of a partition's pages, by the driver's request: one bit for each of up to 64 pages.</summary>
internal static unsafe class TrackedPages
{
    /// <summary>Has pages recorded, all of which count as written and accessed then.</summary>
    internal static void StartTracking(EmulatedMachine machine)
    {
        hv_input_set_partition_property input = new()
        {
            property_code = (uint)hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING,
            property_value = 1,
        };
        mshv_root_hvcall call = machine.Call(
            machine.Partition, Hv.HVCALL_SET_PARTITION_PROPERTY, MemoryMarshal.AsBytes([input]), [], 0, out _);
        Assert.Equal(0, call.status);
    }

    /// <summary>Reads the records of a range, and changes them.</summary>
    internal static ulong Take(EmulatedMachine machine, ulong gpa, ulong pages, int type, int operation = Hv.MSHV_GPAP_ACCESS_OP_CLEAR)
    {
        ulong bitmap = 0;
        mshv_gpap_access_bitmap request = new()
        {
            access_type = (byte)type,
            access_op = (byte)operation,
            page_count = pages,
            gpap_base = gpa >> 12,
            bitmap_ptr = (ulong)&bitmap,
        };
        Assert.Equal(0, PartitionIoctls.MSHV_GET_GPAP_ACCESS_BITMAP(machine.Partition, ref request).Errno);
        return bitmap;
    }

    /// <summary>The bits of pages, by their numbers.</summary>
    internal static ulong Bits(params ReadOnlySpan<int> pages)
    {
        ulong bits = 0;
        foreach (int page in pages)
        {
            bits |= 1UL << page;
        }

        return bits;
    }
}
