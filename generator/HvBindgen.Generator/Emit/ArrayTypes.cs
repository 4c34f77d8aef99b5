using System.Collections.Concurrent;

namespace HvBindgen.Generator.Emit;

/// <summary>The inline array types that the emitted code uses, one for each length.</summary>
internal sealed class ArrayTypes(EmitOptions options)
{
    /// <summary>Largest array that the runtime lays out inline, in bytes.</summary>
    internal const long MaximumBytes = 1 << 20;

    private readonly ConcurrentDictionary<(CSharpType Element, long Length), CSharpType> types = [];

    /// <summary>The types of arrays in use, by length.</summary>
    internal IReadOnlyCollection<SizedType> Arrays =>
        [.. types.Keys.Select(array => array.Length).Distinct().Order().Select(length => new SizedType(options.ArrayName(length), length))];

    /// <summary>Largest record that the runtime loads, in bytes.</summary>
    internal const long MaximumBlockBytes = (1 << 27) - 16;

    private readonly ConcurrentDictionary<long, CSharpType> blocks = [];

    /// <summary>The types of blocks in use, by size.</summary>
    internal IReadOnlyCollection<SizedType> Blocks =>
        [.. blocks.Keys.Order().Select(bytes => new SizedType(options.BlockName(bytes), bytes))];

    /// <summary>The type of so many bytes that no array holds them, remembered so that it is emitted.</summary>
    /// <exception cref="EmitException">The runtime has no record of that size.</exception>
    internal CSharpType BlockOf(long sizeBytes) => sizeBytes <= MaximumBlockBytes
        ? blocks.GetOrAdd(sizeBytes, size => options.BlockName(size))
        : throw EmitException.TooLarge("an array", sizeBytes);

    /// <summary>The type of an array, remembered so that it is emitted.</summary>
    internal CSharpType Of(CSharpType element, long length) =>
        types.GetOrAdd((element, length), array => CSharpType.Generic(options.ArrayName(array.Length), array.Element));
}

/// <summary>A type that is made for a number of elements or bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">The number.</param>
internal readonly record struct SizedType(string Name, long Size);
