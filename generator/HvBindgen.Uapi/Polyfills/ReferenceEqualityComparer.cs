using System.Runtime.CompilerServices;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>Takes objects for equal that are one and the same.</summary>
internal sealed class ReferenceEqualityComparer : IEqualityComparer<object?>
{
    private ReferenceEqualityComparer()
    {
    }

    internal static ReferenceEqualityComparer Instance { get; } = new();

    bool IEqualityComparer<object?>.Equals(object? left, object? right) => ReferenceEquals(left, right);

    int IEqualityComparer<object?>.GetHashCode(object? value) => RuntimeHelpers.GetHashCode(value);
}
