namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What kind of event is delivered.</summary>
internal enum EventKind
{
    /// <summary>An exception that is reported in front of its instruction.</summary>
    Fault,

    /// <summary>An exception that is reported behind its instruction.</summary>
    Trap,

    /// <summary>INT n, INT3 or INTO: the gate must allow the program to name it.</summary>
    Software,

    /// <summary>An interrupt or NMI.</summary>
    Interrupt,
}

/// <summary>An exception or interrupt on its way to its handler.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Vector">Its vector.</param>
/// <param name="ErrorCode">Its error code; null where the processor pushes none.</param>
internal readonly record struct ProcessorEvent(EventKind Kind, byte Vector, uint? ErrorCode)
{
    /// <summary>Whether a second exception of this vector, raised while the first is delivered, makes a double fault of the two (SDM
    /// volume 3, 6.15, "Interrupt 8").</summary>
    /// <param name="first">Vector of the first.</param>
    /// <param name="second">Vector of the second.</param>
    internal static bool MakesDoubleFault(byte first, byte second) =>
        (IsContributory(first) && IsContributory(second))
        || (first == X64Bits.VectorPf && (IsContributory(second) || second == X64Bits.VectorPf));

    private static bool IsContributory(byte vector) =>
        vector is X64Bits.VectorDe or X64Bits.VectorTs or X64Bits.VectorNp or X64Bits.VectorSs or X64Bits.VectorGp;
}
