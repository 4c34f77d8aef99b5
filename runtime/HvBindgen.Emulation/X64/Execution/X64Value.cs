namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Integers of 1, 2, 4 or 8 bytes, held in 64 bits.</summary>
internal static class X64Value
{
    /// <summary>A value without what exceeds its size.</summary>
    internal static ulong Truncate(ulong value, int sizeBytes) => sizeBytes == 8 ? value : value & ((1UL << (sizeBytes * 8)) - 1);

    /// <summary>A value as a signed one of 64 bits.</summary>
    internal static ulong SignExtend(ulong value, int sizeBytes) => sizeBytes switch
    {
        1 => (ulong)(sbyte)value,
        2 => (ulong)(short)value,
        4 => (ulong)(int)value,
        _ => value,
    };

    /// <summary>The most significant bit of a value of a size.</summary>
    internal static ulong TopBit(ulong value, int sizeBytes) => (value >> ((sizeBytes * 8) - 1)) & 1;

    /// <summary>Whether a value of a size is negative.</summary>
    internal static bool IsNegative(ulong value, int sizeBytes) => TopBit(value, sizeBytes) != 0;
}
