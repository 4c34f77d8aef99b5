namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The stack.</summary>
internal sealed class X64Stack(X64Context context, X64AddressSpace space)
{
    internal int AddressSizeBytes => context.Is64BitMode ? 8 : context.State.Segments[X64SegmentFile.Ss].IsBig ? 4 : 2;

    // What the instruction moves: the decoder knows how far it moves the stack pointer.
    internal int ItemSizeBytes => Math.Abs(context.Instruction.StackPointerIncrement);

    internal bool TryMap(ulong pointer, int sizeBytes, AccessKind access, out MappedMemory memory) =>
        space.TryMap(X64SegmentFile.Ss, X64Value.Truncate(pointer, AddressSizeBytes), sizeBytes, sizeBytes, access, out memory);

    internal void MovePointer(long distance) => context.WriteGpr(Gpr.Rsp, context.State.Gpr[Gpr.Rsp] + (ulong)distance, AddressSizeBytes);

    internal bool TryPush(ulong value, int sizeBytes)
    {
        if (!TryMap(context.State.Gpr[Gpr.Rsp] - (uint)sizeBytes, sizeBytes, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        space.Store(memory, value);
        MovePointer(-sizeBytes);
        return true;
    }

    internal bool TryPop(int sizeBytes, out ulong value)
    {
        value = 0;

        if (!TryMap(context.State.Gpr[Gpr.Rsp], sizeBytes, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        value = space.Load(memory);
        MovePointer(sizeBytes);
        return true;
    }
}
