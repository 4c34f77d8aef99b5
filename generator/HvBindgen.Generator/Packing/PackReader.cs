using System.Text;

namespace HvBindgen.Generator.Packing;

/// <summary>Reads what <c>PackWriter</c> wrote.</summary>
/// <param name="bytes">The catalog's bytes.</param>
/// <param name="position">Where to begin.</param>
internal struct PackReader(byte[] bytes, int position)
{
    internal int Position { get; private set; } = position;

    internal byte Byte() => bytes[Position++];

    internal int UInt32()
    {
        int value = BitConverter.ToInt32(bytes, Position);
        Position += sizeof(int);
        return value;
    }

    internal double Double()
    {
        double value = BitConverter.ToDouble(bytes, Position);
        Position += sizeof(double);
        return value;
    }

    internal int Int32() => checked((int)Number());

    internal long Int64() => checked((long)Number());

    internal ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    internal long Signed()
    {
        ulong value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>The integer behind a tag that says its sign.</summary>
    internal Int128 Integer(bool isNegative)
    {
        ulong value = Number();
        return isNegative ? -(Int128)value - 1 : value;
    }

    internal string Text()
    {
        int length = Int32();
        string text = Encoding.UTF8.GetString(bytes, Position, length);
        Position += length;
        return text;
    }
}
