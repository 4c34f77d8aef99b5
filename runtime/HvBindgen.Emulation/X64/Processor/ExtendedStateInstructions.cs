using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>XSAVE and XRSTOR, in their standard and their compacted form, and XGETBV (SDM volume 1, chapter 13).</summary>
/// <remarks>There is no state of the supervisor's own: XSAVES and XRSTORS have the components that XSAVEC and XRSTOR have.</remarks>
internal sealed class ExtendedStateInstructions(X64Context context, X64AddressSpace space, X64Operands operands, ExtendedState state)
{
    private const int ComponentsOffset = ExtendedState.LegacyBytes;
    private const int FormOffset = ComponentsOffset + sizeof(ulong);
    private const ulong Compacted = 1UL << 63;
    private const int Alignment = 64;

    /// <summary>XGETBV: what is enabled, or what of it is in use.</summary>
    internal bool ReadControl()
    {
        const uint EnabledComponents = 0;
        const uint ComponentsInUse = 1;

        if ((context.State.Cr4 & X64Bits.Cr4Osxsave) == 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        uint index = (uint)context.State.Gpr[Gpr.Rcx];

        if (index is not (EnabledComponents or ComponentsInUse))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        ulong value = index == ComponentsInUse ? context.State.Xcr0 & state.InUse : context.State.Xcr0;
        context.State.Gpr[Gpr.Rax] = (uint)value;
        context.State.Gpr[Gpr.Rdx] = value >> 32;
        return true;
    }

    /// <summary>XSAVE and XSAVEOPT, which may save all that it is asked for.</summary>
    internal bool Save()
    {
        // As long as what is enabled.
        if (!TryBegin(AccessKind.Write, context.State.Xcr0, out MappedMemory whole, out ulong requested))
        {
            return false;
        }

        // What is not asked for keeps its bytes.
        Span<byte> area = stackalloc byte[ExtendedState.AreaBytes];
        area = area[..whole.Length];
        space.LoadBytes(whole, area);
        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[ComponentsOffset..]) & ~requested;
        state.Write(area, requested, withControl: (requested & (ExtendedState.Sse | ExtendedState.Avx)) != 0);
        BinaryPrimitives.WriteUInt64LittleEndian(area[ComponentsOffset..], present | (requested & state.InUse));
        return TryStore(whole, area);
    }

    /// <summary>XSAVEC and XSAVES: what is in use of what is asked for, and a header that tells the form.</summary>
    internal bool SaveCompacted(bool isForSystem)
    {
        if (!TryBegin(AccessKind.Write, Mask, out MappedMemory whole, out ulong requested, isForSystem))
        {
            return false;
        }

        Span<byte> area = stackalloc byte[ExtendedState.AreaBytes];
        area = area[..whole.Length];
        space.LoadBytes(whole, area);
        ulong saved = requested & (state.InUse | (state.HasOwnMxcsr ? ExtendedState.Sse : 0));
        state.Write(area, saved, withControl: (saved & ExtendedState.Sse) != 0);
        BinaryPrimitives.WriteUInt64LittleEndian(area[ComponentsOffset..], saved);
        BinaryPrimitives.WriteUInt64LittleEndian(area[FormOffset..], requested | Compacted);
        return TryStore(whole, area);
    }

    /// <summary>XRSTOR and XRSTORS, which takes the compacted form alone.</summary>
    internal bool Restore(bool isForSystem)
    {
        if (!TryBegin(AccessKind.Read, context.State.Xcr0, out MappedMemory whole, out ulong requested, isForSystem))
        {
            return false;
        }

        Span<byte> area = stackalloc byte[ExtendedState.AreaBytes];
        area = area[..whole.Length];
        space.LoadBytes(whole, area);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[ComponentsOffset..]);
        ulong form = BinaryPrimitives.ReadUInt64LittleEndian(area[FormOffset..]);
        bool isCompacted = (form & Compacted) != 0;
        ulong allowed = isCompacted ? form & ~Compacted : context.State.Xcr0;
        ReadOnlySpan<byte> rest = area[(FormOffset + sizeof(ulong))..(ComponentsOffset + ExtendedState.HeaderBytes)];
        bool isInvalid = (!isCompacted && (isForSystem || form != 0))
            || (allowed & ~context.State.Xcr0) != 0
            || (present & ~allowed) != 0
            || rest.ContainsAnyExcept((byte)0);

        // In the compacted form MXCSR belongs to SSE; the standard form has it in any case.
        bool loadsControl = (requested & (ExtendedState.Sse | (isCompacted ? 0 : ExtendedState.Avx))) != 0;
        bool hasControl = loadsControl && (!isCompacted || (present & ExtendedState.Sse) != 0);
        uint mxcsr = 0;

        if (isInvalid || (hasControl && !ExtendedState.TryReadControl(area, out mxcsr)))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        state.Read(area, requested, present);

        if (loadsControl)
        {
            state.LoadControl(hasControl ? mxcsr : null);
        }

        return true;
    }

    private ulong Mask => (context.State.Gpr[Gpr.Rdx] << 32) | (uint)context.State.Gpr[Gpr.Rax];

    private bool TryStore(in MappedMemory whole, ReadOnlySpan<byte> area)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        space.StoreBytes(whole, area);
        return true;
    }

    private bool TryBegin(
        AccessKind access, ulong contained, out MappedMemory memory, out ulong requested, bool isForSystem = false)
    {
        memory = default;
        requested = Mask & context.State.Xcr0;

        if ((context.State.Cr4 & X64Bits.Cr4Osxsave) == 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if ((context.State.Cr0 & X64Bits.Cr0Ts) != 0)
        {
            return context.Fault(X64Bits.VectorNm);
        }

        if (isForSystem && context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        // The mapping knows two pages, and no area is longer.
        bool hasUpperHalves = (contained & context.State.Xcr0 & ExtendedState.Avx) != 0;
        int size = hasUpperHalves ? ExtendedState.AreaBytes : ExtendedState.UpperHalvesOffset;
        return space.IsAligned(operands.Segment(), operands.EffectiveAddress(0), Alignment)
            && space.TryMap(operands.Segment(), operands.EffectiveAddress(0), size, Alignment, access, out memory);
    }
}
