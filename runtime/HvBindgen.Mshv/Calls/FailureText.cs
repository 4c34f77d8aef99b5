using System.Runtime.CompilerServices;

namespace HvBindgen.Mshv.Calls;

/// <summary>Text for a failure, put together only when there is one: a hypercall that succeeds allocates nothing.</summary>
[InterpolatedStringHandler]
internal ref struct FailureText
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Called by the compiler for an interpolated string.</summary>
    internal FailureText(int literalLength, int formattedCount, HypercallResult result, out bool isNeeded)
    {
        isNeeded = !result.IsSuccess;
        text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    /// <summary>Called by the compiler.</summary>
    internal void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    internal void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    internal void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);

    /// <summary>The text. Once.</summary>
    internal string ToStringAndClear() => text.ToStringAndClear();
}
