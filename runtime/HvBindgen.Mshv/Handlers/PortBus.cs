namespace HvBindgen.Mshv.Handlers;

/// <summary>The devices in port space. Devices may be mapped and unmapped while the guest runs.</summary>
public sealed class PortBus
{
    private const int PortCount = 0x10000;
    private const uint OpenBus = uint.MaxValue;

    private readonly IntervalTable<IPortIoHandler> table = new("Ports");

    /// <summary>Maps a device.</summary>
    /// <param name="firstPort">First port.</param>
    /// <param name="count">Number of ports.</param>
    /// <param name="handler">The device.</param>
    /// <exception cref="ArgumentException">The ports overlap those of another device, or go beyond the last port.</exception>
    public void Map(ushort firstPort, int count, IPortIoHandler handler)
    {
        if (count < 1 || firstPort + count > PortCount)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Ports from 0x{firstPort:x} on: 1 to {PortCount - firstPort}.");
        }

        table.Add(firstPort, (ulong)(firstPort + count - 1), handler);
    }

    /// <summary>Unmaps a device.</summary>
    /// <param name="firstPort">Its first port.</param>
    /// <returns>False when no device begins there. A call that is in progress on another thread still ends.</returns>
    public bool Unmap(ushort firstPort) => table.Remove(firstPort);

    /// <summary>Reads.</summary>
    /// <param name="vpIndex">Processor that makes the access.</param>
    /// <param name="port">Port.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="value">The value. Bytes that no device has are ones.</param>
    /// <returns>False when no device has any of the bytes.</returns>
    public bool TryRead(uint vpIndex, ushort port, int sizeBytes, out uint value)
    {
        if (table.TryFind(port, out IntervalTable<IPortIoHandler>.Interval interval) && port + (ulong)sizeBytes - 1 <= interval.Last)
        {
            value = interval.Handler.Read(vpIndex, port - (int)interval.First, sizeBytes);
            return true;
        }

        return TryReadBytes(vpIndex, port, sizeBytes, out value);
    }

    /// <summary>Writes.</summary>
    /// <param name="vpIndex">Processor that makes the access.</param>
    /// <param name="port">Port.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="value">The value, zero beyond the size. Bytes that no device has are lost.</param>
    /// <returns>False when no device has any of the bytes.</returns>
    public bool TryWrite(uint vpIndex, ushort port, int sizeBytes, uint value)
    {
        if (table.TryFind(port, out IntervalTable<IPortIoHandler>.Interval interval) && port + (ulong)sizeBytes - 1 <= interval.Last)
        {
            interval.Handler.Write(vpIndex, port - (int)interval.First, sizeBytes, value);
            return true;
        }

        return TryWriteBytes(vpIndex, port, sizeBytes, value);
    }

    /// <summary>Whether a device has any of the bytes.</summary>
    internal bool Has(ushort port, int sizeBytes)
    {
        for (int i = 0; i < sizeBytes; i++)
        {
            if (table.TryFind((ushort)(port + i), out _))
            {
                return true;
            }
        }

        return false;
    }

    // An access that reaches beyond a device is taken apart, as the bus does.
    private bool TryReadBytes(uint vpIndex, ushort port, int sizeBytes, out uint value)
    {
        bool claimed = false;
        value = OpenBus;
        for (int i = 0; i < sizeBytes; i++)
        {
            ulong address = (ushort)(port + i);
            if (table.TryFind(address, out IntervalTable<IPortIoHandler>.Interval interval))
            {
                uint part = interval.Handler.Read(vpIndex, (int)(address - interval.First), 1) & 0xff;
                value = (value & ~(0xffu << (8 * i))) | (part << (8 * i));
                claimed = true;
            }
        }

        return claimed;
    }

    private bool TryWriteBytes(uint vpIndex, ushort port, int sizeBytes, uint value)
    {
        bool claimed = false;
        for (int i = 0; i < sizeBytes; i++)
        {
            ulong address = (ushort)(port + i);
            if (table.TryFind(address, out IntervalTable<IPortIoHandler>.Interval interval))
            {
                interval.Handler.Write(vpIndex, (int)(address - interval.First), 1, (value >> (8 * i)) & 0xff);
                claimed = true;
            }
        }

        return claimed;
    }
}
