using System.Buffers.Binary;

namespace HvBindgen.Generator.Tests.Inspect;

/// <summary>Messages of the hypervisor, put together byte by byte.</summary>
internal static class Messages
{
    /// <summary>A guest in user mode reads from an interrupt controller.</summary>
    public static byte[] MemoryX64()
    {
        byte[] message = Start(0x80000001, 80);
        Span<byte> payload = message.AsSpan(16);
        payload[0] = 1;
        payload[4] = 3;
        BinaryPrimitives.WriteUInt16LittleEndian(payload[6..], 0x17);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[16..], uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[20..], 0x10);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[22..], 0xa09b);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[24..], 0xffffffff81000123);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[32..], 0x10246);
        payload[40] = 6;
        payload[44] = 3;
        payload[45] = 3;
        BinaryPrimitives.WriteUInt64LittleEndian(payload[48..], 0xffffc90000001010);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[56..], 0xfee00010);
        ((ReadOnlySpan<byte>)[0x8b, 0x47, 0x10]).CopyTo(payload[64..]);
        return message;
    }

    /// <summary>A guest writes to a serial port.</summary>
    public static byte[] MemoryArm64()
    {
        byte[] message = Start(0x80000000, 64);
        Span<byte> payload = message.AsSpan(16);
        payload[4] = 4;
        payload[5] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], 0xffff800080001234);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], 0x60000005);
        payload[28] = 4;
        payload[29] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(payload[32..], 0xb9000001);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[40..], 0xffff000009000018);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[48..], 0x09000018);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[56..], 0x93810046);
        return message;
    }

    private static byte[] Start(uint type, byte size)
    {
        byte[] message = new byte[256];
        BinaryPrimitives.WriteUInt32LittleEndian(message, type);
        message[4] = size;
        return message;
    }
}
