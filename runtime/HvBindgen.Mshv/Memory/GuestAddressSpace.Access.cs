using System.Runtime.CompilerServices;
using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Memory;

/// <content>Reading and writing guest memory from the host, across regions.</content>
public sealed unsafe partial class GuestAddressSpace
{
    /// <summary>Memory in place, within one region. The guest may change it at any time: copy first, check then. Who writes to it says so
    /// afterwards by <see cref="NoteWrite"/>.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="sizeBytes">Size.</param>
    /// <returns>The bytes in place, valid as long as the partition.</returns>
    /// <exception cref="GuestMemoryException">Not all of it is memory of one region.</exception>
    public Span<byte> GetSpan(ulong gpa, int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (sizeBytes == 0)
        {
            return [];
        }

        return TryResolve(gpa, out HostRange range) && range.SizeBytes >= (ulong)sizeBytes
            ? new Span<byte>(range.Pointer, sizeBytes)
            : throw new GuestMemoryException(gpa, sizeBytes);
    }

    /// <summary>Copies guest memory, across regions.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">Where to; partly overwritten after a failure.</param>
    /// <returns>False when not all of it is memory.</returns>
    public bool TryRead(ulong gpa, Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (!TryResolve(gpa, out HostRange range))
            {
                return false;
            }

            int count = (int)Math.Min((ulong)data.Length, range.SizeBytes);
            new ReadOnlySpan<byte>(range.Pointer, count).CopyTo(data);
            data = data[count..];
            gpa += (ulong)count;
        }

        return true;
    }

    /// <summary>Overwrites guest memory, across regions, also where the guest itself may only read.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">What to write.</param>
    /// <returns>False when not all of it is memory; nothing has been written then.</returns>
    public bool TryWrite(ulong gpa, ReadOnlySpan<byte> data)
    {
        if (!IsMemory(gpa, (ulong)data.Length))
        {
            return false;
        }

        while (!data.IsEmpty)
        {
            if (!TryResolve(gpa, out HostRange range))
            {
                return false;
            }

            int count = (int)Math.Min((ulong)data.Length, range.SizeBytes);
            data[..count].CopyTo(new Span<byte>(range.Pointer, count));
            NoteWrite(gpa, (ulong)count);
            data = data[count..];
            gpa += (ulong)count;
        }

        return true;
    }

    /// <summary>Copies guest memory, across regions.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">Where to.</param>
    /// <exception cref="GuestMemoryException">Not all of it is memory.</exception>
    public void Read(ulong gpa, Span<byte> data)
    {
        if (!TryRead(gpa, data))
        {
            throw new GuestMemoryException(gpa, data.Length);
        }
    }

    /// <summary>Overwrites guest memory, across regions, also where the guest itself may only read.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">What to write.</param>
    /// <exception cref="GuestMemoryException">Not all of it is memory; nothing has been written then.</exception>
    public void Write(ulong gpa, ReadOnlySpan<byte> data)
    {
        if (!TryWrite(gpa, data))
        {
            throw new GuestMemoryException(gpa, data.Length);
        }
    }

    /// <summary>Reads a value, across regions.</summary>
    /// <typeparam name="T">Type of value.</typeparam>
    /// <param name="gpa">Guest-physical address.</param>
    /// <returns>A copy, which the guest cannot change any more.</returns>
    /// <exception cref="GuestMemoryException">Not all of it is memory.</exception>
    public T Read<T>(ulong gpa)
        where T : unmanaged
    {
        Unsafe.SkipInit(out T value);
        Read(gpa, new Span<byte>(&value, sizeof(T)));
        return value;
    }

    /// <summary>Writes a value, across regions, also where the guest itself may only read.</summary>
    /// <typeparam name="T">Type of value.</typeparam>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="GuestMemoryException">Not all of it is memory; nothing has been written then.</exception>
    public void Write<T>(ulong gpa, T value)
        where T : unmanaged => Write(gpa, new ReadOnlySpan<byte>(&value, sizeof(T)));

    /// <summary>Whether all of a range is memory.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="sizeBytes">Size.</param>
    /// <returns>True for an empty range.</returns>
    public bool IsMemory(ulong gpa, ulong sizeBytes)
    {
        while (sizeBytes > 0)
        {
            if (!TryResolve(gpa, out HostRange range))
            {
                return false;
            }

            ulong count = Math.Min(sizeBytes, range.SizeBytes);
            sizeBytes -= count;
            gpa += count;
        }

        return true;
    }
}
