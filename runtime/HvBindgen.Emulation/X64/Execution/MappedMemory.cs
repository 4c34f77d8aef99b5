namespace HvBindgen.Emulation.X64.Execution;

/// <summary>A memory operand whose every byte is known to be accessible: one piece, or two where it crosses a page.</summary>
internal unsafe struct MappedMemory
{
    // Linear address of the first byte.
    internal ulong Linear;

    internal ulong Gpa0;
    internal ulong Gpa1;

    // Host addresses of the pieces, null for a device. They point into guest RAM, which the resolver keeps for the instruction's time.
    internal byte* Host0;
    internal byte* Host1;

    internal int Length0;
    internal int Length1;

    // False for ROM: read from memory, written to the bus.
    internal bool IsWritable0;
    internal bool IsWritable1;

    /// <summary>Whether all of it is RAM and lies in one piece in host memory.</summary>
    internal readonly bool IsContiguousRam => Host0 != null && IsWritable0
        && (Length1 == 0 || (Host1 == Host0 + Length0 && IsWritable1));

    /// <summary>Whether no memory backs its beginning.</summary>
    internal readonly bool IsDevice => Host0 == null;

    internal readonly int Length => Length0 + Length1;
}
