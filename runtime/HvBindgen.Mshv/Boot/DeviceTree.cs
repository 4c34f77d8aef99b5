using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Boot;

/// <summary>A device tree, as a guest is given it: nodes with properties, written in the flattened format (Devicetree Specification,
/// chapter 5).</summary>
public sealed class DeviceTree
{
    private const uint Magic = 0xd00d_feed;
    private const uint Version = 17;
    private const uint OldestReader = 16;
    private const int HeaderBytes = 40;

    private const uint BeginNode = 1;
    private const uint EndNode = 2;
    private const uint Property = 3;
    private const uint End = 9;

    private readonly List<(ulong Gpa, ulong SizeBytes)> reserved = [];

    /// <summary>The node that all others are below.</summary>
    public DeviceTreeNode Root { get; } = new("");

    /// <summary>Names memory that the guest must not use as its own.</summary>
    /// <param name="gpa">First guest-physical address.</param>
    /// <param name="sizeBytes">Length, not 0.</param>
    public void Reserve(ulong gpa, ulong sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sizeBytes);
        reserved.Add((gpa, sizeBytes));
    }

    /// <summary>The tree, flattened.</summary>
    /// <param name="bootProcessor">The <c>reg</c> of the processor that starts.</param>
    /// <returns>A new array.</returns>
    public byte[] ToArray(uint bootProcessor = 0)
    {
        BigEndianWriter strings = new();
        Dictionary<string, uint> places = new(StringComparer.Ordinal);
        BigEndianWriter structure = new();
        WriteNode(structure, Root, strings, places);
        structure.U32(End);

        BigEndianWriter reservations = new();
        foreach ((ulong gpa, ulong sizeBytes) in reserved)
        {
            reservations.U64(gpa);
            reservations.U64(sizeBytes);
        }

        reservations.U64(0);
        reservations.U64(0);

        uint structureAt = (uint)(HeaderBytes + reservations.SizeBytes);
        uint stringsAt = structureAt + (uint)structure.SizeBytes;
        BigEndianWriter whole = new();
        foreach (uint word in (ReadOnlySpan<uint>)
            [
                Magic, stringsAt + (uint)strings.SizeBytes, structureAt, stringsAt, HeaderBytes, Version, OldestReader, bootProcessor,
                (uint)strings.SizeBytes, (uint)structure.SizeBytes,
            ])
        {
            whole.U32(word);
        }

        whole.Bytes(reservations.ToArray());
        whole.Bytes(structure.ToArray());
        whole.Bytes(strings.ToArray());
        return whole.ToArray();
    }

    private static void WriteNode(BigEndianWriter structure, DeviceTreeNode node, BigEndianWriter strings, Dictionary<string, uint> places)
    {
        structure.U32(BeginNode);
        structure.Bytes(Encoding.ASCII.GetBytes(node.Name + "\0"));
        structure.Align();
        foreach ((string name, byte[] value) in node.Properties)
        {
            if (!places.TryGetValue(name, out uint place))
            {
                place = (uint)strings.SizeBytes;
                places.Add(name, place);
                strings.Bytes(Encoding.ASCII.GetBytes(name + "\0"));
            }

            structure.U32(Property);
            structure.U32((uint)value.Length);
            structure.U32(place);
            structure.Bytes(value);
            structure.Align();
        }

        foreach (DeviceTreeNode child in node.Children)
        {
            WriteNode(structure, child, strings, places);
        }

        structure.U32(EndNode);
    }

    private sealed class BigEndianWriter
    {
        private readonly List<byte> bytes = [];

        internal int SizeBytes => bytes.Count;

        internal void U32(uint value)
        {
            Span<byte> word = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(word, value);
            Bytes(word);
        }

        internal void U64(ulong value)
        {
            U32((uint)(value >> 32));
            U32((uint)value);
        }

        internal void Bytes(ReadOnlySpan<byte> value) => bytes.AddRange(value);

        internal void Align()
        {
            while (bytes.Count % sizeof(uint) != 0)
            {
                bytes.Add(0);
            }
        }

        internal byte[] ToArray() => [.. bytes];
    }
}
