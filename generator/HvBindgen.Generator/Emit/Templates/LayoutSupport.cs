using System.Runtime.InteropServices;

namespace HvBindgen.Templates;

/// <summary>Compares what C# makes of records with what the C compiler made of them when these sources were generated.</summary>
internal sealed class LayoutCheck : IDisposable
{
    private readonly List<string> mismatches = [];
    private unsafe byte* record;
    private int recordBytes;
    private string recordName = "";

    internal int Facts { get; private set; }

    internal IReadOnlyList<string> Mismatches => mismatches;

    // Gives a zeroed record to try the facts on, valid until the next one is begun.
    internal unsafe T* Begin<T>(string name, int expectedBytes)
        where T : unmanaged
    {
        unsafe
        {
            NativeMemory.Free(record);
            recordName = name;
            recordBytes = sizeof(T);
            record = (byte*)NativeMemory.AllocZeroed((nuint)recordBytes);
            Facts++;
            if (recordBytes != expectedBytes)
            {
                mismatches.Add($"{name}: {recordBytes} bytes, {expectedBytes} in C");
            }

            return (T*)record;
        }
    }

    internal unsafe void Field(string name, void* field, int bytes, int expectedOffset, int expectedBytes)
    {
        Facts += 2;
        long offset;
        unsafe
        {
            offset = (byte*)field - record;
        }

        if (offset != expectedOffset || bytes != expectedBytes)
        {
            mismatches.Add($"{recordName}.{name}: {bytes} bytes at {offset}; in C {expectedBytes} bytes at {expectedOffset}");
        }
    }

    // Called when all bits of one bit-field were set in a record of zeros: each of them must be set, and no other.
    internal void Bits(string name, bool readsBack, int expectedOffsetBits, int widthBits)
    {
        Facts++;
        Span<byte> bytes;
        unsafe
        {
            bytes = new Span<byte>(record, recordBytes);
        }

        for (int bit = 0; bit < recordBytes * 8; bit++)
        {
            bool isSet = ((bytes[bit / 8] >> (bit % 8)) & 1) != 0;
            bool isExpected = bit >= expectedOffsetBits && bit < expectedOffsetBits + widthBits;
            if (isSet != isExpected)
            {
                mismatches.Add(
                    $"{recordName}.{name}: bit {bit} is {(isSet ? "one" : "none")} of its bits; in C they are {expectedOffsetBits} to "
                        + $"{expectedOffsetBits + widthBits - 1}");
                break;
            }
        }

        if (!readsBack)
        {
            mismatches.Add($"{recordName}.{name}: does not read back what was written");
        }

        bytes.Clear();
    }

    public void Dispose()
    {
        unsafe
        {
            NativeMemory.Free(record);
            record = null;
        }
    }
}
