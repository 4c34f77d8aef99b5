namespace HvBindgen.Uapi.Polyfills;

/// <summary>Makes one hash of several.</summary>
public struct HashCode
{
    private int hash;

    /// <summary>The hash of so many values.</summary>
    /// <typeparam name="T1">Type of a value.</typeparam>
    /// <typeparam name="T2">Type of a value.</typeparam>
    /// <param name="first">A value.</param>
    /// <param name="second">A value.</param>
    /// <returns>Their hash.</returns>
    public static int Combine<T1, T2>(T1 first, T2 second)
    {
        HashCode code = default;
        code.Add(first);
        code.Add(second);
        return code.ToHashCode();
    }

    /// <summary>The hash of so many values.</summary>
    /// <typeparam name="T1">Type of a value.</typeparam>
    /// <typeparam name="T2">Type of a value.</typeparam>
    /// <typeparam name="T3">Type of a value.</typeparam>
    /// <typeparam name="T4">Type of a value.</typeparam>
    /// <typeparam name="T5">Type of a value.</typeparam>
    /// <typeparam name="T6">Type of a value.</typeparam>
    /// <param name="first">A value.</param>
    /// <param name="second">A value.</param>
    /// <param name="third">A value.</param>
    /// <param name="fourth">A value.</param>
    /// <param name="fifth">A value.</param>
    /// <param name="sixth">A value.</param>
    /// <returns>Their hash.</returns>
    public static int Combine<T1, T2, T3, T4, T5, T6>(T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth)
    {
        HashCode code = default;
        code.Add(first);
        code.Add(second);
        code.Add(third);
        code.Add(fourth);
        code.Add(fifth);
        code.Add(sixth);
        return code.ToHashCode();
    }

    /// <summary>Adds a value.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value.</param>
    public void Add<T>(T value) => hash = unchecked((hash * 31) + (value is null ? 0 : EqualityComparer<T>.Default.GetHashCode(value)));

    /// <summary>The hash of all values.</summary>
    /// <returns>The hash.</returns>
    public readonly int ToHashCode() => hash;
}
