using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>Memory as the fast path reaches it: operands within one page whose translation is kept.</summary>
/// <remarks>What is not found here is not refused, but looked at by the general way, which knows of tables, faults and devices.</remarks>
internal sealed unsafe class FastMemory(TranslationCache kept, IGuestPhysicalMemory ram, HostAlignment host)
{
    private ulong key;

    /// <summary>Goes on with accesses of a privilege.</summary>
    internal void Begin(AccessPrivilege privilege, in X64State state) => key = TranslationCache.KeyOf(privilege, in state);

    internal bool TryLoad<TSize>(ulong linear, out ulong value)
        where TSize : struct, IOperandSize
    {
        byte* place = kept.FindRead(linear, TSize.Bytes, key);

        if (place == null || !host.Allows(place, TSize.Bytes))
        {
            value = 0;
            return false;
        }

        value = TSize.Load(place);
        return true;
    }

    /// <summary>Finds where an operand may be stored.</summary>
    internal byte* FindStore<TSize>(ulong linear, out ulong gpa)
        where TSize : struct, IOperandSize
    {
        byte* place = kept.FindWrite(linear, TSize.Bytes, key, out gpa);
        return place == null || host.Allows(place, TSize.Bytes) ? place : null;
    }

    /// <summary>Stores an operand to where it was found.</summary>
    internal void Store<TSize>(byte* place, ulong gpa, ulong value)
        where TSize : struct, IOperandSize
    {
        TSize.Store(place, value);
        ram.NoteWrite(gpa, (ulong)TSize.Bytes);
    }
}
