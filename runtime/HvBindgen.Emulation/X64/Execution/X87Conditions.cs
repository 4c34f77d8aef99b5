namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The condition bits of x87, by their places in the status word.</summary>
[Flags]
internal enum X87Conditions
{
    None = 0,
    C0 = 1 << 8,
    C1 = 1 << 9,
    C2 = 1 << 10,
    C3 = 1 << 14,
}
