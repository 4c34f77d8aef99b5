using System.Collections.Concurrent;

namespace HvBindgen.Generator.Emit;

/// <summary>The inline array types that the emitted code uses, one for each length.</summary>
internal sealed class ArrayTypes
{
    /// <summary>Largest array that the runtime lays out inline, in bytes.</summary>
    internal const long MaximumBytes = 1 << 20;

    private readonly ConcurrentDictionary<(string Element, long Length), string> names = [];

    /// <summary>The lengths in use, in order.</summary>
    internal IReadOnlyCollection<long> Lengths => [.. names.Keys.Select(array => array.Length).Distinct().Order()];

    /// <summary>C# name of an array, remembered so that its type is emitted.</summary>
    internal string Of(string element, long length) =>
        names.GetOrAdd((element, length), static array => $"Array{array.Length}<{array.Element}>");
}
