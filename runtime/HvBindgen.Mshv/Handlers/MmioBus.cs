using System.Buffers.Binary;
using System.Numerics;

namespace HvBindgen.Mshv.Handlers;

/// <summary>The devices in guest-physical address space. Devices may be mapped and unmapped while the guest runs.</summary>
public sealed class MmioBus
{
    private const int MaxAccessBytes = 8;
    private const byte OpenBus = 0xff;

    private readonly IntervalTable<IMmioHandler> table = new("Device memory");

    /// <summary>Maps a device.</summary>
    /// <param name="gpa">First guest-physical address.</param>
    /// <param name="sizeBytes">Size.</param>
    /// <param name="handler">The device.</param>
    /// <exception cref="ArgumentException">The range overlaps that of another device, is empty, or goes beyond the last
    /// address.</exception>
    public void Map(ulong gpa, ulong sizeBytes, IMmioHandler handler)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes - 1, ulong.MaxValue - gpa, nameof(sizeBytes));
        table.Add(gpa, gpa + (sizeBytes - 1), handler);
    }

    /// <summary>Unmaps a device.</summary>
    /// <param name="gpa">Its first guest-physical address.</param>
    /// <returns>False when no device begins there. A call that is in progress on another thread still ends.</returns>
    public bool Unmap(ulong gpa) => table.Remove(gpa);

    /// <summary>Reads.</summary>
    /// <param name="vpIndex">Processor that makes the access.</param>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">Receives the bytes. Those that no device has are ones.</param>
    /// <returns>False when no device has any of the bytes.</returns>
    public bool TryRead(uint vpIndex, ulong gpa, Span<byte> data)
    {
        bool claimed = false;
        while (data.Length > 0)
        {
            int size = PartSize(gpa, data.Length, out IntervalTable<IMmioHandler>.Interval interval);
            if (interval.Handler is { } handler)
            {
                PutValue(data, size, handler.Read(vpIndex, gpa - interval.First, size));
                claimed = true;
            }
            else
            {
                data[..size].Fill(OpenBus);
            }

            data = data[size..];
            gpa = unchecked(gpa + (ulong)size);
        }

        return claimed;
    }

    /// <summary>Writes.</summary>
    /// <param name="vpIndex">Processor that makes the access.</param>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">The bytes. Those that no device has are lost.</param>
    /// <returns>False when no device has any of the bytes.</returns>
    public bool TryWrite(uint vpIndex, ulong gpa, ReadOnlySpan<byte> data)
    {
        bool claimed = false;
        while (data.Length > 0)
        {
            int size = PartSize(gpa, data.Length, out IntervalTable<IMmioHandler>.Interval interval);
            if (interval.Handler is { } handler)
            {
                handler.Write(vpIndex, gpa - interval.First, size, ValueOf(data, size));
                claimed = true;
            }

            data = data[size..];
            gpa = unchecked(gpa + (ulong)size);
        }

        return claimed;
    }

    /// <summary>Whether a device has any of the bytes.</summary>
    internal bool Has(ulong gpa, int sizeBytes)
    {
        for (ulong offset = 0; offset < (ulong)sizeBytes; offset++)
        {
            if (table.TryFind(unchecked(gpa + offset), out _))
            {
                return true;
            }
        }

        return false;
    }

    // The largest power of two that fits the rest of the access, a device's registers, and the device; byte by byte where there is none.
    private int PartSize(ulong gpa, int remainingBytes, out IntervalTable<IMmioHandler>.Interval interval)
    {
        if (!table.TryFind(gpa, out interval))
        {
            return 1;
        }

        ulong toEnd = interval.Last - gpa;
        ulong room = toEnd < MaxAccessBytes ? toEnd + 1 : MaxAccessBytes;
        return (int)BitOperations.RoundUpToPowerOf2(((uint)Math.Min(room, (ulong)remainingBytes) >> 1) + 1);
    }

    // By the size of the part and no other: a load that takes in more than was stored last has to wait for the store to reach the cache.
    private static ulong ValueOf(ReadOnlySpan<byte> data, int sizeBytes) => sizeBytes switch
    {
        1 => data[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(data),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(data),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(data),
    };

    private static void PutValue(Span<byte> data, int sizeBytes, ulong value)
    {
        switch (sizeBytes)
        {
            case 1:
                data[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(data, (ushort)value);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(data, (uint)value);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(data, value);
                break;
        }
    }
}
