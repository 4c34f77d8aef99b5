namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>How a number stands to another: a bit each.</summary>
internal enum NumberOrder
{
    None = 0,
    Less = 1 << 0,
    Equal = 1 << 1,
    Greater = 1 << 2,

    /// <summary>One of them is a NaN.</summary>
    Unordered = 1 << 3,
}
