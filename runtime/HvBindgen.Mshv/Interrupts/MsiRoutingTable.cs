using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>A message-signalled interrupt: what a device writes, and where.</summary>
/// <param name="Address">Address; on x86-64 it names the destination.</param>
/// <param name="Data">Data; on x86-64 it has the vector and mode, on arm64 the interrupt's number.</param>
public readonly record struct MsiMessage(ulong Address, uint Data);

/// <summary>Which message the driver sends for which global interrupt number. Applied as a whole.</summary>
public sealed class MsiRoutingTable
{
    /// <summary>Global interrupt numbers are below this; the headers have no name for the driver's limit.</summary>
    public const uint MaxGsi = 4096;

    private readonly SortedDictionary<uint, MsiMessage> routes = [];

    /// <summary>Number of routes.</summary>
    public int Count => routes.Count;

    /// <summary>The routes, in the order of their numbers.</summary>
    public IReadOnlyDictionary<uint, MsiMessage> Routes => routes;

    /// <summary>Routes a number, in place of the route it had.</summary>
    /// <param name="gsi">Global interrupt number, 1 to 4095. The driver does not tell an unused 0 from a used one.</param>
    /// <param name="message">What is sent.</param>
    /// <returns>This table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The driver does not take the number or the address.</exception>
    public MsiRoutingTable Set(uint gsi, MsiMessage message)
    {
        CheckGsi(gsi);
        if (message.Address > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(message), $"The driver takes 32 bits of address; 0x{message.Address:x} has more.");
        }

        routes[gsi] = message;
        return this;
    }

    /// <summary>Takes a route away.</summary>
    /// <param name="gsi">Global interrupt number.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(uint gsi) => routes.Remove(gsi);

    internal static void CheckGsi(uint gsi)
    {
        if (gsi is 0 or >= MaxGsi)
        {
            throw new ArgumentOutOfRangeException(nameof(gsi), gsi, $"Global interrupt numbers go from 1 to {MaxGsi - 1}.");
        }
    }

    internal MsiRoutingTable Copy()
    {
        MsiRoutingTable copy = new();
        foreach ((uint gsi, MsiMessage message) in routes)
        {
            copy.routes.Add(gsi, message);
        }

        return copy;
    }

    /// <summary>The argument of the request.</summary>
    internal byte[] ToArgument()
    {
        byte[] argument = new byte[mshv_user_irq_table.AllocationSize(routes.Count)];
        System.Runtime.InteropServices.MemoryMarshal.Write(argument, new mshv_user_irq_table { nr = (uint)routes.Count });
        Span<mshv_user_irq_entry> entries = mshv_user_irq_table.entries(argument);
        int i = 0;
        foreach ((uint gsi, MsiMessage message) in routes)
        {
            entries[i++] = new mshv_user_irq_entry { gsi = gsi, address_lo = (uint)message.Address, data = message.Data };
        }

        return argument;
    }
}
