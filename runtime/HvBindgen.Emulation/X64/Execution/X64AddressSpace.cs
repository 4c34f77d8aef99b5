using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Memory as an instruction sees it: segments, linear addresses, pages, and behind them RAM or a device.</summary>
/// <remarks>An operand is mapped, which checks all of it, before any of it is accessed. An access of 1, 2, 4 or 8 bytes within a page is
/// one access of the host, where the host has one for its address.</remarks>
internal sealed unsafe class X64AddressSpace(X64Context context, IGuestPhysicalMemory ram, IMemoryBus bus, HostAlignment host)
{
    /// <summary>Pages, and what lies behind them.</summary>
    internal LinearPages Pages { get; } = new(context, ram);

    /// <summary>Linear address of the access that was not answered.</summary>
    internal ulong UnansweredLinear { get; private set; }

    /// <summary>Whether an access was not answered: nothing is accessed any more until the next instruction.</summary>
    internal bool IsAbandoned { get; private set; }

    // Whether a device may have been touched when what is mapped next is.
    private bool followsAnother;

    internal void Begin()
    {
        IsAbandoned = false;
        Pages.IsOwnAccess = false;
        followsAnother = false;
    }

    /// <summary>Begins an iteration of a string instruction.</summary>
    /// <param name="followAnother">Whether what is mapped first is not what is accessed first, but a port is, or the other operand.</param>
    internal void BeginAccesses(bool followAnother) => followsAnother = followAnother;

    /// <summary>Maps memory by segment and offset.</summary>
    internal bool TryMap(int segment, ulong offset, int sizeBytes, int alignmentBytes, AccessKind access, out MappedMemory memory)
    {
        if (TryLinear(segment, offset, sizeBytes, alignmentBytes, access, out ulong linear))
        {
            return TryMapLinear(linear, sizeBytes, access, out memory);
        }

        memory = default;
        return false;
    }

    /// <summary>Maps an operand that must be aligned to its size; that is checked first of all, whatever its segment.</summary>
    internal bool TryMapAligned(int segment, ulong offset, int sizeBytes, AccessKind access, out MappedMemory memory)
    {
        memory = default;

        return IsAligned(segment, offset, sizeBytes)
            && TryLinear(segment, offset, sizeBytes, 1, access, out ulong linear)
            && TryMapLinear(linear, sizeBytes, access, out memory);
    }

    /// <summary>Whether an operand is aligned to its size, as some vectors must be; if it is not, #GP.</summary>
    internal bool IsAligned(int segment, ulong offset, int sizeBytes)
    {
        ulong @base = context.Is64BitMode && segment < X64SegmentFile.Fs ? 0 : context.State.Segments[segment].Base;
        return ((@base + offset) & (ulong)(sizeBytes - 1)) == 0 || context.FaultWithCode(X64Bits.VectorGp);
    }

    /// <summary>Maps an entry of a descriptor table, which the processor reads and marks on its own behalf.</summary>
    internal bool TryMapTable(ulong linear, int sizeBytes, AccessKind access, out MappedMemory memory)
    {
        Pages.IsOwnAccess = true;
        bool isMapped = TryMapLinear((context.State.Efer & X64Bits.EferLma) != 0 ? linear : (uint)linear, sizeBytes, access, out memory);
        Pages.IsOwnAccess = false;
        return isMapped;
    }

    internal bool IsCanonical(ulong linear)
    {
        int unused = (context.State.Cr4 & X64Bits.Cr4La57) != 0 ? 7 : 16;
        return (ulong)((long)(linear << unused) >> unused) == linear;
    }

    // Linear-address masking (SDM volume 3, 4.4): the bits of a data pointer that are no address repeat the one below them. The topmost
    // tells whose pointer it is, and stays.
    private ulong WithoutTag(ulong linear)
    {
        ref X64State state = ref context.State;
        int highest = (linear >> 63) != 0
            ? (state.Cr4 & X64Bits.Cr4LamSup) == 0 ? 63 : (state.Cr4 & X64Bits.Cr4La57) != 0 ? 56 : 47
            : (state.Cr3 & X64Bits.Cr3LamU57) != 0 ? 56 : (state.Cr3 & X64Bits.Cr3LamU48) != 0 ? 47 : 63;

        if (highest == 63)
        {
            return linear;
        }

        ulong tag = ((1UL << 63) - 1) & ~((2UL << highest) - 1);
        return ((linear >> highest) & 1) != 0 ? linear | tag : linear & ~tag;
    }

    // Vectors are exempt: those that must be aligned raise #GP, the others need not be.
    private bool IsAligned(ulong linear, int alignmentBytes) =>
        alignmentBytes > 8
        || (linear & (ulong)(alignmentBytes - 1)) == 0
        || (context.State.Rflags & X64Bits.FlagAc) == 0
        || (context.State.Cr0 & X64Bits.Cr0Am) == 0
        || context.State.PrivilegeLevel != 3;

    /// <summary>Whether the host itself can change the whole operand in one atomic instruction.</summary>
    internal bool IsAtomicOnHost(in MappedMemory memory) => memory.IsContiguousRam && host.Allows(memory.Host0, memory.Length);

    private bool TryLinear(int segment, ulong offset, int sizeBytes, int alignmentBytes, AccessKind access, out ulong linear)
    {
        ref X64SegmentState register = ref context.State.Segments[segment];
        byte vector = segment == X64SegmentFile.Ss ? X64Bits.VectorSs : X64Bits.VectorGp;

        if (context.Is64BitMode)
        {
            linear = WithoutTag(offset + (segment >= X64SegmentFile.Fs ? register.Base : 0));

            // An operand that begins well and is misaligned raises #AC even if it does not end well.
            return (IsCanonical(linear) || context.FaultWithCode(vector))
                && (IsAligned(linear, alignmentBytes) || context.FaultWithCode(X64Bits.VectorAc))
                && (IsWithinPage(linear, sizeBytes) || IsCanonical(linear + (uint)sizeBytes - 1) || context.FaultWithCode(vector));
        }

        linear = (uint)(register.Base + offset);
        return ((IsPermitted(register, access) && IsWithinLimit(register, offset, sizeBytes)) || context.FaultWithCode(vector))
            && (IsAligned(linear, alignmentBytes) || context.FaultWithCode(X64Bits.VectorAc));
    }

    // Where addresses begin and end to be canonical a page does.
    private static bool IsWithinPage(ulong linear, int sizeBytes) => (linear & 0xFFF) + (uint)sizeBytes <= 4096;

    // Real and virtual-8086 mode know limits but no types.
    private bool IsPermitted(in X64SegmentState register, AccessKind access)
    {
        if (!context.State.IsProtectedMode)
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

        if (context.State.IsProtectedMode && (register.Type & (CodeType | ExpandDown)) == ExpandDown)
        {
            return offset > register.Limit && last <= (register.IsBig ? uint.MaxValue : ushort.MaxValue);
        }

        // In a segment of the whole 4 GiB nothing is beyond the limit: what passes the end goes on at zero.
        return register.Limit == uint.MaxValue || last <= register.Limit;
    }

    /// <summary>Translates each page of the operand; nothing is accessed before all of them are known.</summary>
    private unsafe bool TryMapLinear(ulong linear, int sizeBytes, AccessKind access, out MappedMemory memory)
    {
        memory = default;
        memory.Length0 = Math.Min(sizeBytes, 4096 - (int)(linear & 0xFFF));
        memory.Length1 = sizeBytes - memory.Length0;
        memory.Linear = linear;

        if (!Pages.TryMap(linear, memory.Length0, access, out memory.Gpa0, out memory.Host0, out memory.IsWritable0))
        {
            return false;
        }

        if (memory.Host0 == null && followsAnother && !WillAnswer(memory.Gpa0, memory.Length0, access))
        {
            return false;
        }

        followsAnother = true;

        if (memory.Length1 == 0)
        {
            return true;
        }

        ulong second = context.MaskRip(linear + (uint)memory.Length0);
        return Pages.TryMap(second, memory.Length1, access, out memory.Gpa1, out memory.Host1, out memory.IsWritable1)
            && (memory.Host1 != null || WillAnswer(memory.Gpa1, memory.Length1, access));
    }

    // The first access of all need not be asked about: it is its own answer.
    private bool WillAnswer(ulong gpa, int sizeBytes, AccessKind access) =>
        bus.WillAnswerMemory(gpa, sizeBytes, access == AccessKind.Write) || context.Abandon();

    /// <summary>Tells of a write to RAM that was not made by a store of this class.</summary>
    internal void NoteWrite(in MappedMemory memory)
    {
        ram.NoteWrite(memory.Gpa0, (ulong)memory.Length0);
        if (memory.Length1 != 0)
        {
            ram.NoteWrite(memory.Gpa1, (ulong)memory.Length1);
        }
    }

    internal ulong Load(in MappedMemory memory)
    {
        if (memory.Host0 != null && memory.Length1 == 0 && host.Allows(memory.Host0, memory.Length0))
        {
            switch (memory.Length0)
            {
                case 1:
                    return Volatile.Read(ref *memory.Host0);
                case 2:
                    return Volatile.Read(ref *(ushort*)memory.Host0);
                case 4:
                    return Volatile.Read(ref *(uint*)memory.Host0);
                case 8:
                    return Volatile.Read(ref *(ulong*)memory.Host0);
                default:
                    break;
            }
        }

        return LoadPieces(in memory);
    }

    // Takes no more out of the buffer than went in, where that has a load of its own: a wider one waits for the stores before it.
    private ulong LoadPieces(in MappedMemory memory)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        LoadBytes(memory, bytes[..memory.Length]);
        return memory.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    internal void Store(in MappedMemory memory, ulong value)
    {
        if (!IsAbandoned && memory.Host0 != null && memory.IsWritable0 && memory.Length1 == 0
            && host.Allows(memory.Host0, memory.Length0))
        {
            switch (memory.Length0)
            {
                case 1:
                    Volatile.Write(ref *memory.Host0, (byte)value);
                    ram.NoteWrite(memory.Gpa0, 1);
                    return;
                case 2:
                    Volatile.Write(ref *(ushort*)memory.Host0, (ushort)value);
                    ram.NoteWrite(memory.Gpa0, 2);
                    return;
                case 4:
                    Volatile.Write(ref *(uint*)memory.Host0, (uint)value);
                    ram.NoteWrite(memory.Gpa0, 4);
                    return;
                case 8:
                    Volatile.Write(ref *(ulong*)memory.Host0, value);
                    ram.NoteWrite(memory.Gpa0, 8);
                    return;
                default:
                    break;
            }
        }

        StorePieces(in memory, value);
    }

    private void StorePieces(in MappedMemory memory, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        StoreBytes(memory, bytes[..memory.Length]);
    }

    internal void LoadBytes(in MappedMemory memory, Span<byte> data)
    {
        LoadPiece(memory.Linear, memory.Gpa0, memory.Host0, data[..memory.Length0]);

        if (memory.Length1 != 0)
        {
            LoadPiece(memory.Linear + (uint)memory.Length0, memory.Gpa1, memory.Host1, data[memory.Length0..]);
        }
    }

    internal void StoreBytes(in MappedMemory memory, ReadOnlySpan<byte> data)
    {
        byte* first = memory.IsWritable0 ? memory.Host0 : null;
        byte* second = memory.IsWritable1 ? memory.Host1 : null;

        // A device behind RAM comes first: what it does not answer changes no RAM.
        if (memory.Length1 != 0 && second == null)
        {
            if (first == null)
            {
                StorePiece(memory.Linear, memory.Gpa0, first, data[..memory.Length0]);
            }

            StorePiece(memory.Linear + (uint)memory.Length0, memory.Gpa1, second, data[memory.Length0..]);

            if (first != null)
            {
                StorePiece(memory.Linear, memory.Gpa0, first, data[..memory.Length0]);
            }

            return;
        }

        StorePiece(memory.Linear, memory.Gpa0, first, data[..memory.Length0]);

        if (memory.Length1 != 0)
        {
            StorePiece(memory.Linear + (uint)memory.Length0, memory.Gpa1, second, data[memory.Length0..]);
        }
    }

    private void LoadPiece(ulong linear, ulong gpa, byte* host, Span<byte> data)
    {
        if (host == null)
        {
            if (!IsAbandoned && !bus.TryReadMemory(gpa, data))
            {
                AbandonAt(linear);
            }
        }
        else
        {
            Unsafe.CopyBlockUnaligned(ref data[0], ref *host, (uint)data.Length);

            // Loads of x64 stay in order; hosts that reorder them are kept from it.
            Volatile.ReadBarrier();
        }
    }

    private void AbandonAt(ulong linear)
    {
        IsAbandoned = true;
        UnansweredLinear = linear;
    }

    private void StorePiece(ulong linear, ulong gpa, byte* host, ReadOnlySpan<byte> data)
    {
        if (host == null)
        {
            if (!IsAbandoned && !bus.TryWriteMemory(gpa, data))
            {
                AbandonAt(linear);
            }
        }
        else if (!IsAbandoned)
        {
            Volatile.WriteBarrier(); // stores of x64 stay behind what came before them
            data.CopyTo(new Span<byte>(host, data.Length));
            ram.NoteWrite(gpa, (ulong)data.Length);
        }
    }
}
