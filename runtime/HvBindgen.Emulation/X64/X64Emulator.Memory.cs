using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HvBindgen.Emulation.X64;

// Loads and stores of memory that is mapped. An access of 1, 2, 4 or 8 bytes within a page is one access of the host.
public sealed unsafe partial class X64Emulator
{
    private ulong Load(in MappedMemory memory)
    {
        if (memory.Host0 != null && memory.Length1 == 0)
        {
            switch (memory.Length0)
            {
                case 1:
                    return Volatile.Read(ref *memory.Host0);
                case 2:
                    return Volatile.Read(ref *(ushort*)memory.Host0);
                case 4:
                    return Volatile.Read(ref *(uint*)memory.Host0);
                case 8:
                    return Volatile.Read(ref *(ulong*)memory.Host0);
                default:
                    break;
            }
        }

        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        LoadBytes(memory, bytes[..memory.Length]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void Store(in MappedMemory memory, ulong value)
    {
        if (memory.Host0 != null && memory.IsWritable0 && memory.Length1 == 0)
        {
            switch (memory.Length0)
            {
                case 1:
                    Volatile.Write(ref *memory.Host0, (byte)value);
                    return;
                case 2:
                    Volatile.Write(ref *(ushort*)memory.Host0, (ushort)value);
                    return;
                case 4:
                    Volatile.Write(ref *(uint*)memory.Host0, (uint)value);
                    return;
                case 8:
                    Volatile.Write(ref *(ulong*)memory.Host0, value);
                    return;
                default:
                    break;
            }
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        StoreBytes(memory, bytes[..memory.Length]);
    }

    private void LoadBytes(in MappedMemory memory, Span<byte> data)
    {
        LoadPiece(memory.Gpa0, memory.Host0, data[..memory.Length0]);

        if (memory.Length1 != 0)
        {
            LoadPiece(memory.Gpa1, memory.Host1, data[memory.Length0..]);
        }
    }

    private void StoreBytes(in MappedMemory memory, ReadOnlySpan<byte> data)
    {
        StorePiece(memory.Gpa0, memory.IsWritable0 ? memory.Host0 : null, data[..memory.Length0]);

        if (memory.Length1 != 0)
        {
            StorePiece(memory.Gpa1, memory.IsWritable1 ? memory.Host1 : null, data[memory.Length0..]);
        }
    }

    private void LoadPiece(ulong gpa, byte* host, Span<byte> data)
    {
        if (host == null)
        {
            bus.ReadMemory(gpa, data);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(ref data[0], ref *host, (uint)data.Length);
        }
    }

    private void StorePiece(ulong gpa, byte* host, ReadOnlySpan<byte> data)
    {
        if (host == null)
        {
            bus.WriteMemory(gpa, data);
        }
        else
        {
            data.CopyTo(new Span<byte>(host, data.Length));
        }
    }
}
