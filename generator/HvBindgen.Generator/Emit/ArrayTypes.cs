using System.Collections.Concurrent;

namespace HvBindgen.Generator.Emit;

/// <summary>The inline array types that the emitted code uses, one for each length.</summary>
internal sealed class ArrayTypes
{
    /// <summary>Largest array that the runtime lays out inline, in bytes.</summary>
    internal const long MaximumBytes = 1 << 20;

    private readonly ConcurrentDictionary<(CSharpType Element, long Length), CSharpType> types = [];

    /// <summary>The lengths in use, in order.</summary>
    internal IReadOnlyCollection<long> Lengths => [.. types.Keys.Select(array => array.Length).Distinct().Order()];

    /// <summary>The type of an array, remembered so that it is emitted.</summary>
    internal CSharpType Of(CSharpType element, long length) =>
        types.GetOrAdd((element, length), static array => CSharpType.Generic($"Array{array.Length}", array.Element));
}
