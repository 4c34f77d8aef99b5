namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Where what does not fit is rounded to, as MXCSR, control words and immediate numbers have it.</summary>
internal enum Rounding
{
    /// <summary>To the nearest; of two equally near to the even one.</summary>
    Nearest,

    /// <summary>Towards minus infinity.</summary>
    Down,

    /// <summary>Towards plus infinity.</summary>
    Up,

    /// <summary>Towards zero.</summary>
    Truncate,
}
