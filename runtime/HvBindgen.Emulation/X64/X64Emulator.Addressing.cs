using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// From an operand to memory that is known to be accessible: effective address, segment, linear address, page.
public sealed partial class X64Emulator
{
    /// <summary>Maps the instruction's explicit memory operand.</summary>
    /// <param name="sizeBytes">Size of the access.</param>
    /// <param name="access">What it does; a read-modify-write is a write.</param>
    /// <param name="displacement">Added to the offset, before it is truncated to the address size.</param>
    /// <param name="memory">The operand.</param>
    private bool TryMapOperand(int sizeBytes, AccessKind access, long displacement, out MappedMemory memory) =>
        TryMap(OperandSegment(), EffectiveAddress(displacement), sizeBytes, sizeBytes, access, out memory);

    private bool TryMapOperand(int sizeBytes, AccessKind access, out MappedMemory memory) =>
        TryMapOperand(sizeBytes, access, 0, out memory);

    /// <summary>Segment of the explicit memory operand. In 64-bit mode only an override by FS or GS counts.</summary>
    private int OperandSegment()
    {
        if (!is64BitMode || instruction.MemorySegment >= Register.FS)
        {
            return SegmentIndex(instruction.MemorySegment);
        }

        return instruction.MemoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP
            ? X64SegmentFile.Ss
            : X64SegmentFile.Ds;
    }

    private ulong EffectiveAddress(long displacement)
    {
        Register baseRegister = instruction.MemoryBase;
        ulong address = instruction.MemoryDisplacement64 + (ulong)displacement;

        // RIP-relative: the decoder has already added RIP to the displacement.
        if (baseRegister is not (Register.None or Register.RIP or Register.EIP))
        {
            address += ReadRegister(baseRegister);
        }

        if (instruction.MemoryIndex != Register.None)
        {
            address += ReadRegister(instruction.MemoryIndex) * (uint)instruction.MemoryIndexScale;
        }

        return Truncate(address, AddressSizeBytes());
    }

    private int AddressSizeBytes()
    {
        Register register = instruction.MemoryBase != Register.None ? instruction.MemoryBase : instruction.MemoryIndex;

        return register switch
        {
            Register.None => instruction.MemoryDisplSize,
            Register.RIP => 8,
            Register.EIP => 4,
            _ => RegisterSizeBytes(register),
        };
    }

    /// <summary>Maps memory by segment and offset.</summary>
    private bool TryMap(int segment, ulong offset, int sizeBytes, int alignmentBytes, AccessKind access, out MappedMemory memory)
    {
        memory = default;

        return TryLinear(segment, offset, sizeBytes, alignmentBytes, access, out ulong linear)
            && TryMapLinear(linear, sizeBytes, access, out memory);
    }

    /// <summary>Maps an operand that must be aligned to its size; that is checked first of all, whatever its segment.</summary>
    private bool TryMapAligned(int segment, ulong offset, int sizeBytes, AccessKind access, out MappedMemory memory)
    {
        memory = default;
        ulong @base = is64BitMode && segment < X64SegmentFile.Fs ? 0 : state.Segments[segment].Base;

        return (((@base + offset) & (ulong)(sizeBytes - 1)) == 0 || FaultWithCode(X64Bits.VectorGp))
            && TryLinear(segment, offset, sizeBytes, 1, access, out ulong linear)
            && TryMapLinear(linear, sizeBytes, access, out memory);
    }

    // Vectors are exempt: those that must be aligned raise #GP, the others need not be.
    private bool IsAligned(ulong linear, int alignmentBytes) =>
        alignmentBytes > 8
        || (linear & (ulong)(alignmentBytes - 1)) == 0
        || (state.Rflags & X64Bits.FlagAc) == 0
        || (state.Cr0 & X64Bits.Cr0Am) == 0
        || state.PrivilegeLevel != 3;

    private bool TryLinear(int segment, ulong offset, int sizeBytes, int alignmentBytes, AccessKind access, out ulong linear)
    {
        ref X64SegmentState register = ref state.Segments[segment];
        byte vector = segment == X64SegmentFile.Ss ? X64Bits.VectorSs : X64Bits.VectorGp;

        if (is64BitMode)
        {
            linear = offset + (segment >= X64SegmentFile.Fs ? register.Base : 0);

            // An operand that begins well and is misaligned raises #AC even if it does not end well.
            return (IsCanonical(linear) || FaultWithCode(vector))
                && (IsAligned(linear, alignmentBytes) || FaultWithCode(X64Bits.VectorAc))
                && (IsCanonical(linear + (uint)sizeBytes - 1) || FaultWithCode(vector));
        }

        linear = (uint)(register.Base + offset);
        return ((IsPermitted(register, access) && IsWithinLimit(register, offset, sizeBytes)) || FaultWithCode(vector))
            && (IsAligned(linear, alignmentBytes) || FaultWithCode(X64Bits.VectorAc));
    }

    // Real and virtual-8086 mode know limits but no types.
    private bool IsPermitted(in X64SegmentState register, AccessKind access)
    {
        if (!state.IsProtectedMode)
        {
            return true;
        }

        // A null selector leaves a segment that is not present.
        if (!register.IsPresent || !register.IsCodeOrData)
        {
            return false;
        }

        const int CodeType = 8;
        const int WritableOrReadable = 2;
        bool isCode = (register.Type & CodeType) != 0;
        bool hasRight = (register.Type & WritableOrReadable) != 0;
        return access == AccessKind.Write ? !isCode && hasRight : !isCode || hasRight;
    }

    private bool IsWithinLimit(in X64SegmentState register, ulong offset, int sizeBytes)
    {
        const int CodeType = 8;
        const int ExpandDown = 4;
        ulong last = offset + (uint)sizeBytes - 1;

        if (state.IsProtectedMode && (register.Type & (CodeType | ExpandDown)) == ExpandDown)
        {
            return offset > register.Limit && last <= (register.IsBig ? uint.MaxValue : ushort.MaxValue);
        }

        // In a segment of the whole 4 GiB nothing is beyond the limit: what passes the end goes on at zero.
        return register.Limit == uint.MaxValue || last <= register.Limit;
    }

    private bool IsCanonical(ulong linear)
    {
        int unused = (state.Cr4 & X64Bits.Cr4La57) != 0 ? 7 : 16;
        return (ulong)((long)(linear << unused) >> unused) == linear;
    }

    /// <summary>Translates each page of the operand; nothing is accessed before all of them are known.</summary>
    private unsafe bool TryMapLinear(ulong linear, int sizeBytes, AccessKind access, out MappedMemory memory)
    {
        memory = default;
        memory.Length0 = Math.Min(sizeBytes, 4096 - (int)(linear & 0xFFF));
        memory.Length1 = sizeBytes - memory.Length0;

        if (!TryTranslate(linear, access, out memory.Gpa0))
        {
            return false;
        }

        memory.Host0 = Resolve(memory.Gpa0, memory.Length0, out memory.IsWritable0);

        if (memory.Length1 == 0)
        {
            return true;
        }

        if (!TryTranslate(MaskRip(linear + (uint)memory.Length0), access, out memory.Gpa1))
        {
            return false;
        }

        memory.Host1 = Resolve(memory.Gpa1, memory.Length1, out memory.IsWritable1);
        return true;
    }

    // RAM is mapped in whole pages, so a piece within one page is all RAM or all device.
    private unsafe byte* Resolve(ulong gpa, int lengthBytes, out bool isWritable)
    {
        bool found = ram.TryResolve(gpa, out HostRange range) && range.LengthBytes >= (ulong)lengthBytes;
        isWritable = found && range.IsWritable;
        return found ? range.Pointer : null;
    }

    private bool TryTranslate(ulong linear, AccessKind access, out ulong gpa)
    {
        if (hasKnownTranslation
            && (linear & ~0xFFFUL) == knownGvaPage
            && (access == AccessKind.Read || (access == AccessKind.Write && knownTranslationIsForWrite)))
        {
            gpa = knownGpaPage | (linear & 0xFFF);
            return true;
        }

        AccessPrivilege privilege = state.PrivilegeLevel == 3 ? AccessPrivilege.User : AccessPrivilege.Supervisor;
        PagingState paging = state.Paging with { PhysicalAddressBits = PhysicalAddressBits };
        TranslationResult result = PageWalker.Translate(paging, ram, linear, access, privilege, setAccessedDirty: true);
        gpa = result.Gpa;

        if (result.Status == TranslationStatus.TableNotBacked)
        {
            return Unsupported(EmulationLimit.PageTableNotInMemory);
        }

        if (!result.Succeeded)
        {
            outcome = EmulationOutcome.Faulted(instruction, X64Bits.VectorPf, result.ErrorCode, linear);
            return false;
        }

        return true;
    }
}
