using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Cache control. A device has no lines to clean, and RAM is coherent: what is left are the checks.</summary>
internal sealed class CacheInstructions(X64Context context, X64Operands operands)
{
    /// <summary>CLFLUSH, CLFLUSHOPT, CLWB: translated and checked as the load of a byte, which is not made.</summary>
    internal bool CleanLine() => operands.TryMap(1, AccessKind.Read, out _);

    /// <summary>WBINVD, WBNOINVD, INVD: for the most privileged level alone.</summary>
    internal bool CleanAll() => context.State.PrivilegeLevel == 0 || context.FaultWithCode(X64Bits.VectorGp);
}
