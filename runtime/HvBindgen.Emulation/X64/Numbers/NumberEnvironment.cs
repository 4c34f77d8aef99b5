namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>How numbers are rounded, and what exceptions there are meanwhile.</summary>
internal struct NumberEnvironment
{
    private const uint DenormalsAreZeroBit = 1 << 6;
    private const uint FlushToZeroBit = 1 << 15;
    private const int MaskShift = 7;
    private const int RoundingShift = 13;

    /// <summary>Exceptions so far.</summary>
    internal NumberExceptions Raised;

    /// <summary>Those that have a result instead of a handler.</summary>
    internal NumberExceptions Masks { get; init; }

    internal Rounding Rounding { get; init; }

    /// <summary>Whether results that are too small to be normal are zero.</summary>
    internal bool FlushesToZero { get; init; }

    /// <summary>Whether operands that are too small to be normal are zero.</summary>
    internal bool DenormalsAreZero { get; init; }

    /// <summary>Whether rounding is that of the host, and its exception has been told and is masked: of ordinary numbers nothing is left to
    /// be told.</summary>
    internal bool IsPlain { get; init; }

    /// <summary>Whether the last magnitude was rounded up.</summary>
    internal bool IsRoundedUp { get; set; }

    /// <summary>Whether an exception waits for a handler.</summary>
    internal readonly bool IsInterrupted => (Raised & ~Masks) != 0;

    /// <summary>Exceptions of steps that are done, of an instruction that has some.</summary>
    internal NumberExceptions Completed { get; private set; }

    /// <summary>Ends a step: what was raised stands whatever the next step is refused for.</summary>
    internal void CompleteStep() => Completed |= Raised;

    /// <summary>Reads MXCSR.</summary>
    internal static NumberEnvironment FromMxcsr(uint mxcsr)
    {
        NumberExceptions masks = (NumberExceptions)(mxcsr >> MaskShift) & NumberExceptions.All;
        Rounding rounding = (Rounding)((mxcsr >> RoundingShift) & 3);
        return new NumberEnvironment
        {
            Masks = masks,
            Rounding = rounding,
            FlushesToZero = (mxcsr & FlushToZeroBit) != 0,
            DenormalsAreZero = (mxcsr & DenormalsAreZeroBit) != 0,
            IsPlain = rounding == Rounding.Nearest && ((NumberExceptions)mxcsr & masks & NumberExceptions.Precision) != 0,
        };
    }

    /// <summary>The same with another rounding.</summary>
    internal readonly NumberEnvironment With(Rounding rounding) => this with { Rounding = rounding, IsPlain = false };
}
