using System.Runtime.InteropServices;

namespace HvBindgen.Templates;

/// <summary>Notes which bytes the members of records take; it stands where otherwise they are compared.</summary>
internal sealed class LayoutCheck : IDisposable
{
    private readonly List<(string Record, string Member, byte[] Bytes)> noted = [];
    private unsafe byte* record;
    private int recordBytes;
    private string recordName = "";

    internal IReadOnlyList<(string Record, string Member, byte[] Bytes)> Noted => noted;

    internal int Facts => noted.Count;

    internal IReadOnlyList<string> Mismatches => [];

    internal unsafe T* Begin<T>(string name, int expectedBytes)
        where T : unmanaged
    {
        unsafe
        {
            NativeMemory.Free(record);
            recordName = name;
            recordBytes = sizeof(T);
            record = (byte*)NativeMemory.AllocZeroed((nuint)recordBytes);
            return (T*)record;
        }
    }

    internal unsafe void Field(string name, void* field, int bytes, int expectedOffset, int expectedBytes)
    {
        unsafe
        {
            new Span<byte>(field, bytes).Fill(0xff);
        }

        Note(name);
    }

    internal void Bits(string name, bool readsBack, int expectedOffsetBits, int widthBits) => Note(name);

    public void Dispose()
    {
        unsafe
        {
            NativeMemory.Free(record);
            record = null;
        }
    }

    private void Note(string name)
    {
        Span<byte> bytes;
        unsafe
        {
            bytes = new Span<byte>(record, recordBytes);
        }

        noted.Add((recordName, name, bytes.ToArray()));
        bytes.Clear();
    }
}
