namespace HvBindgen.Generator.Emit;

/// <summary>The inline array types that the emitted code uses, one for each length.</summary>
internal sealed class ArrayTypes
{
    /// <summary>Largest array that the runtime lays out inline, in bytes.</summary>
    internal const long MaximumBytes = 1 << 20;

    private readonly SortedSet<long> lengths = [];

    internal IReadOnlyCollection<long> Lengths
    {
        get
        {
            lock (lengths)
            {
                return [.. lengths];
            }
        }
    }

    /// <summary>C# name of an array, remembered so that its type is emitted.</summary>
    internal string Of(string element, long length)
    {
        lock (lengths)
        {
            lengths.Add(length);
        }

        return $"Array{length}<{element}>";
    }
}
