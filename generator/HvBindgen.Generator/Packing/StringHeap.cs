using System.Text;

namespace HvBindgen.Generator.Packing;

/// <summary>Collects strings, then numbers them in their order.</summary>
internal sealed class StringHeap
{
    private readonly SortedSet<string> collected = new(StringComparer.Ordinal) { "" };
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    internal bool IsSealed => numbers.Count > 0;

    internal int Count => collected.Count;

    /// <summary>The number of a string; 0 while strings are collected.</summary>
    internal int Of(string text)
    {
        if (IsSealed)
        {
            return numbers[text];
        }

        collected.Add(text);
        return 0;
    }

    internal void Seal()
    {
        foreach (string text in collected)
        {
            numbers.Add(text, numbers.Count);
        }
    }

    internal (byte[] Index, byte[] Data) Write()
    {
        PackWriter index = new();
        PackWriter data = new();
        byte[] previous = [];
        int number = 0;
        foreach (string text in collected)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (number++ % PackedFormat.BlockStrings == 0)
            {
                index.UInt32(data.Length);
                previous = [];
            }

            int common = bytes.AsSpan().CommonPrefixLength(previous);
            data.Number(common);
            data.Number(bytes.Length - common);
            data.Bytes(bytes.AsSpan(common));
            previous = bytes;
        }

        return (index.ToArray(), data.ToArray());
    }
}
