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

    // More than a gigabyte is no record's.
    private const long MaximumBlockBytes = (1 << 27) - 16;

    private readonly ConcurrentDictionary<long, CSharpType> blocks = [];

    /// <summary>The sizes of blocks in use, in order.</summary>
    internal IReadOnlyCollection<long> BlockSizes => [.. blocks.Keys.Order()];

    /// <summary>Name of the type of so many bytes.</summary>
    internal static string BlockName(long sizeBytes) => $"Block{sizeBytes}";

    /// <summary>The type of so many bytes that no array holds them, remembered so that it is emitted.</summary>
    /// <exception cref="EmitException">The runtime has no record of that size.</exception>
    internal CSharpType BlockOf(long sizeBytes) => sizeBytes <= MaximumBlockBytes
        ? blocks.GetOrAdd(sizeBytes, static size => BlockName(size))
        : throw new EmitException($"an array of {sizeBytes} bytes is larger than the runtime's limit of {MaximumBlockBytes}");

    /// <summary>The type of an array, remembered so that it is emitted.</summary>
    internal CSharpType Of(CSharpType element, long length) =>
        types.GetOrAdd((element, length), static array => CSharpType.Generic($"Array{array.Length}", array.Element));
}
