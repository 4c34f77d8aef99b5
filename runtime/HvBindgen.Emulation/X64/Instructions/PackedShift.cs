namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Where the bits of a vector's elements are moved.</summary>
internal enum PackedShift
{
    /// <summary>Up, zeros behind them.</summary>
    Left,

    /// <summary>Down, zeros before them.</summary>
    Right,

    /// <summary>Down, the sign before them.</summary>
    RightSigned,
}
