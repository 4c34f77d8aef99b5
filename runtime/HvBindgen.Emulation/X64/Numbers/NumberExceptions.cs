namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Exceptions of arithmetic, by their bits in MXCSR and in status and control word of x87.</summary>
[Flags]
internal enum NumberExceptions
{
    None = 0,
    Invalid = 1 << 0,
    Denormal = 1 << 1,
    ZeroDivide = 1 << 2,
    Overflow = 1 << 3,
    Underflow = 1 << 4,
    Precision = 1 << 5,

    /// <summary>Of x87, with <see cref="Invalid"/>: the stack was full or empty.</summary>
    Stack = 1 << 6,

    /// <summary>Those that operands alone decide, before there is a result.</summary>
    BeforeResult = Invalid | Denormal | ZeroDivide,

    /// <summary>All that MXCSR knows.</summary>
    All = 0x3F,
}
