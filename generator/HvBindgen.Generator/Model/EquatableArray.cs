using System.Collections;
using System.Runtime.CompilerServices;

namespace HvBindgen.Generator.Model;

/// <summary>An immutable list that equals another one when all elements do, so that model records compare by content.</summary>
/// <typeparam name="T">Element type.</typeparam>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
public readonly struct EquatableArray<T>(T[] items) : IReadOnlyList<T>, IEquatable<EquatableArray<T>>
{
    private readonly T[]? items = items;

    /// <inheritdoc/>
    public int Count => items?.Length ?? 0;

    /// <inheritdoc/>
    public T this[int index] => AsSpan()[index];

    /// <summary>The elements without a copy.</summary>
    /// <returns>A view of the elements; empty for a default instance.</returns>
    public ReadOnlySpan<T> AsSpan() => items;

    /// <summary>Enumerates without allocating.</summary>
    /// <returns>The span's enumerator.</returns>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(EquatableArray<T> other) => AsSpan().SequenceEqual(other.AsSpan(), null);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>Compares by content.</summary>
    /// <param name="left">One list.</param>
    /// <param name="right">The other list.</param>
    /// <returns>True when both have equal elements in the same order.</returns>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Compares by content.</summary>
    /// <param name="left">One list.</param>
    /// <param name="right">The other list.</param>
    /// <returns>True when the lists differ.</returns>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);
}

/// <summary>Creates <see cref="EquatableArray{T}"/> from collection expressions and sequences.</summary>
public static class EquatableArray
{
    /// <summary>Copies the elements into a new list.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="items">Elements in order.</param>
    /// <returns>The immutable list.</returns>
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>Copies a sequence into a new list.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="items">Elements in order.</param>
    /// <returns>The immutable list.</returns>
    public static EquatableArray<T> From<T>(IEnumerable<T> items) => new(items.ToArray());
}
