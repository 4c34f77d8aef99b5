namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Bits of RFLAGS that the engine looks at (Intel SDM volume 1, 3.4.3).</summary>
internal static class RflagsBits
{
    internal const ulong Trap = 1 << 8;
    internal const ulong Direction = 1 << 10;
    internal const ulong NestedTask = 1 << 14;
    internal const ulong Resume = 1 << 16;
    internal const ulong VirtualMode = 1 << 17;

    /// <summary>AC, which lifts SMAP.</summary>
    internal const ulong AlignmentCheck = 1 << 18;
}
