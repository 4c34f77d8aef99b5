namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>
/// What of a lane of 16 bytes an instruction of MMX leaves, where both halves of each operand's lane are its eight bytes.
/// </summary>
internal enum MmxPart
{
    /// <summary>The lower half, as of most.</summary>
    Lower,

    /// <summary>The upper half, where upper elements alone are taken.</summary>
    Upper,

    /// <summary>Four bytes of each half, where eight of each operand become four.</summary>
    Narrowed,
}
