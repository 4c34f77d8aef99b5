namespace HvBindgen.Templates;

/// <summary>Compares what C# makes of a record with what the C compiler made of it when these sources were generated.</summary>
internal unsafe ref struct LayoutCheck(ICollection<string> mismatches)
{
    private readonly ICollection<string> mismatches = mismatches;
    private string record = "";

    internal int Facts { get; private set; }

    internal void Record(string name, int actualBytes, int expectedBytes)
    {
        record = name;
        Facts++;
        if (actualBytes != expectedBytes)
        {
            mismatches.Add($"{name}: size {actualBytes} bytes, {expectedBytes} in C");
        }
    }

    internal void Field(string name, void* start, void* field, int actualBytes, int expectedOffset, int expectedBytes)
    {
        Facts += 2;
        long offset = (byte*)field - (byte*)start;
        if (offset != expectedOffset || actualBytes != expectedBytes)
        {
            mismatches.Add($"{record}.{name}: offset {offset}, size {actualBytes} bytes; in C offset {expectedOffset}, size {expectedBytes}");
        }
    }

    // Called after every bit of one bit-field was set in a record of zeros: no other bit may be set, and none of its own missing.
    internal void Bits(string name, void* start, int recordBytes, int expectedOffsetBits, int widthBits)
    {
        Facts++;
        byte* bytes = (byte*)start;
        for (int bit = 0; bit < recordBytes * 8; bit++)
        {
            bool isSet = (bytes[bit / 8] >> (bit % 8) & 1) != 0;
            if (isSet != (bit >= expectedOffsetBits && bit < expectedOffsetBits + widthBits))
            {
                mismatches.Add($"{record}.{name}: bit {bit} is {(isSet ? "" : "not ")}part of it in C#; in C bits {expectedOffsetBits} to {expectedOffsetBits + widthBits - 1} are");
                break;
            }
        }

        new Span<byte>(bytes, recordBytes).Clear();
    }
}
