using System.Buffers.Binary;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>The stored form of a processor's state: a header, registers, components, a checksum; all numbers little-endian.</summary>
/// <remarks>
/// Header, 20 bytes: "HVVPSTAT", u16 version, u16 architecture, u32 registers, u32 bytes after the header without the checksum.
/// A register: u32 name, u64 low part, u64 high part. A component: u32 kind, u32 length, bytes. Last: u32 CRC-32 of all before it.
/// </remarks>
internal static class VpStateFormat
{
    internal const ushort Version = 1;
    private const int HeaderBytes = 20;
    private const int RegisterBytes = 20;
    private const int ComponentHeaderBytes = 8;
    private const int ChecksumBytes = 4;
    private const int MaxRegisters = 4096;
    private const int MaxBodyBytes = (MaxRegisters * RegisterBytes) + (8 * VpComponents.MaxComponentBytes);

    private static ReadOnlySpan<byte> Magic => "HVVPSTAT"u8;

    internal static byte[] Write(VpState state)
    {
        int bodyBytes = state.Registers.Count * RegisterBytes;
        foreach (ReadOnlyMemory<byte> component in state.Components.Values)
        {
            bodyBytes += ComponentHeaderBytes + component.Length;
        }

        byte[] bytes = new byte[HeaderBytes + bodyBytes + ChecksumBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)state.Architecture);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)state.Registers.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), (uint)bodyBytes);
        Span<byte> rest = bytes.AsSpan(HeaderBytes);
        foreach (VpRegisterValue register in state.Registers)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, register.Name);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[4..], register.Value.low_part);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[12..], register.Value.high_part);
            rest = rest[RegisterBytes..];
        }

        foreach ((VpStateComponent kind, ReadOnlyMemory<byte> component) in state.Components)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)kind);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], (uint)component.Length);
            component.Span.CopyTo(rest[ComponentHeaderBytes..]);
            rest = rest[(ComponentHeaderBytes + component.Length)..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(rest, Crc32.Of(bytes.AsSpan(0, bytes.Length - ChecksumBytes)));
        return bytes;
    }

    internal static VpState Read(Stream stream)
    {
        byte[] header = new byte[HeaderBytes];
        int got = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        int bodyBytes = CheckHeader(header.AsSpan(0, got));

        // The length is believed only as far as bytes really come.
        using MemoryStream whole = new();
        whole.Write(header);
        byte[] chunk = new byte[0x10000];
        for (int left = bodyBytes + ChecksumBytes; left > 0;)
        {
            int count = stream.Read(chunk, 0, Math.Min(left, chunk.Length));
            if (count == 0)
            {
                throw new VpStateFormatException($"The state ends {left} bytes too early, at byte {whole.Length}.");
            }

            whole.Write(chunk, 0, count);
            left -= count;
        }

        return Read(whole.GetBuffer().AsSpan(0, (int)whole.Length));
    }

    internal static VpState Read(ReadOnlySpan<byte> bytes)
    {
        int bodyBytes = CheckHeader(bytes);
        int wanted = HeaderBytes + bodyBytes + ChecksumBytes;
        if (bytes.Length != wanted)
        {
            throw new VpStateFormatException($"The state has {bytes.Length} bytes and says {wanted}.");
        }

        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]);
        uint computed = Crc32.Of(bytes[..^ChecksumBytes]);
        if (stored != computed)
        {
            throw new VpStateFormatException($"The state is damaged: its checksum is 0x{computed:x8} and should be 0x{stored:x8}.");
        }

        GuestArchitecture architecture = (GuestArchitecture)BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        uint registerCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        ReadOnlySpan<byte> body = bytes.Slice(HeaderBytes, bodyBytes);
        VpRegisterValue[] registers = ReadRegisters(body, (int)registerCount);
        return new VpState(architecture, registers, ReadComponents(body[(registers.Length * RegisterBytes)..]), [], []);
    }

    private static int CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
        {
            throw new VpStateFormatException("These bytes do not begin like a processor's state.");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != Version)
        {
            throw new VpStateFormatException($"The state has version {version}; this library reads version {Version}.");
        }

        ushort architecture = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if (architecture > (ushort)GuestArchitecture.Arm64)
        {
            throw new VpStateFormatException($"The state is of an unknown architecture, {architecture}.");
        }

        uint registers = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        uint body = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        if (registers > MaxRegisters || body > MaxBodyBytes || registers * RegisterBytes > body)
        {
            throw new VpStateFormatException($"The state says it has {registers} registers in {body} bytes, which cannot be.");
        }

        return (int)body;
    }

    private static VpRegisterValue[] ReadRegisters(ReadOnlySpan<byte> body, int count)
    {
        VpRegisterValue[] registers = new VpRegisterValue[count];
        HashSet<uint> seen = [];
        for (int i = 0; i < registers.Length; i++)
        {
            ReadOnlySpan<byte> field = body.Slice(i * RegisterBytes, RegisterBytes);
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(field);
            if (!seen.Add(name))
            {
                throw new VpStateFormatException($"The state has register 0x{name:x} twice.");
            }

            registers[i] = new VpRegisterValue(name, new hv_u128
            {
                low_part = BinaryPrimitives.ReadUInt64LittleEndian(field[4..]),
                high_part = BinaryPrimitives.ReadUInt64LittleEndian(field[12..]),
            });
        }

        return registers;
    }

    private static Dictionary<VpStateComponent, ReadOnlyMemory<byte>> ReadComponents(ReadOnlySpan<byte> body)
    {
        Dictionary<VpStateComponent, ReadOnlyMemory<byte>> components = [];
        while (!body.IsEmpty)
        {
            if (body.Length < ComponentHeaderBytes)
            {
                throw new VpStateFormatException($"{body.Length} stray bytes follow the last component.");
            }

            uint kind = BinaryPrimitives.ReadUInt32LittleEndian(body);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
            body = body[ComponentHeaderBytes..];
            if (kind >= Constants.MSHV_VP_STATE_COUNT)
            {
                throw new VpStateFormatException($"The state has an unknown component, {kind}.");
            }

            if (length > body.Length || length > VpComponents.MaxComponentBytes)
            {
                throw new VpStateFormatException($"Component {kind} says it has {length} bytes; {body.Length} follow.");
            }

            if (!components.TryAdd((VpStateComponent)kind, body[..(int)length].ToArray()))
            {
                throw new VpStateFormatException($"The state has component {kind} twice.");
            }

            body = body[(int)length..];
        }

        return components;
    }
}
