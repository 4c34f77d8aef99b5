using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>The table of message-signalled interrupts.</summary>
internal sealed class InterruptRoutes(InterruptRouting interrupts)
{
    private const uint MaxRoutes = 4096;

    /// <summary>MSHV_SET_MSI_ROUTING.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_user_irq_table table))
        {
            return Errno.EFAULT;
        }

        if (table.nr > MaxRoutes || table.rsvd != 0)
        {
            return Errno.EINVAL;
        }

        mshv_user_irq_entry[] entries = new mshv_user_irq_entry[table.nr];
        if (!UserMemory.TryRead(
            argument + mshv_user_irq_table.entries_offset, MemoryMarshal.AsBytes(entries.AsSpan())))
        {
            return Errno.EFAULT;
        }

        HashSet<uint> seen = [];
        InterruptRoute[] routes = new InterruptRoute[table.nr];
        for (int index = 0; index < routes.Length; index++)
        {
            mshv_user_irq_entry entry = entries[index];
            if (entry.gsi >= MaxRoutes || entry.address_hi != 0 || !seen.Add(entry.gsi))
            {
                return Errno.EINVAL;
            }

            routes[index] = new InterruptRoute(entry.gsi, MessageOf(in entry));
        }

        return interrupts.SetRoutes(routes);
    }

    // As the driver reads it: eight bits of destination, whatever the mode of the guest's APICs.
    private static InterruptMessage MessageOf(in mshv_user_irq_entry entry) => new(
        DestinationId: (entry.address_lo >> 12) & 0xff,
        IsLogical: (entry.address_lo & 4) != 0,
        DeliveryMode: (byte)((entry.data >> 8) & 7),
        Vector: (byte)entry.data,
        IsLevel: (entry.data & 0x8000) != 0);
}
