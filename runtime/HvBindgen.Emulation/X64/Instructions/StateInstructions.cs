using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>FXSAVE and FXRSTOR: the registers of x87 and SSE together; LDMXCSR and STMXCSR.</summary>
internal sealed class StateInstructions(
    X64Context context,
    X64AddressSpace space,
    X64Operands operands,
    X64VectorOperands vectors,
    X87Registers x87,
    IX64VectorRegisters? registers)
{
    private const int AreaBytes = 512;
    private const int VectorBytes = 16;
    private const int PointersOffset = 8;
    private const int MxcsrOffset = 24;
    private const int MaskOffset = 28;

    // What a mask of zero stands for.
    private const uint FirstMask = 0xFFBF;

    /// <summary>FXSAVE. What the manual leaves to programs, behind the last register, is not written.</summary>
    internal bool Save()
    {
        Span<byte> area = stackalloc byte[AreaBytes];

        if (!TryBegin(AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        x87.Image.CopyTo(area);

        if (!HasWidePointers)
        {
            // The selectors that belong to them have not been kept by processors for long.
            area.Slice(PointersOffset + 4, 4).Clear();
            area.Slice(PointersOffset + 12, 4).Clear();
        }

        for (int index = 0; index < VectorCount; index++)
        {
            registers!.ReadVector(index, area.Slice(X87Registers.ImageBytes + (index * VectorBytes), VectorBytes));
        }

        space.StoreBytes(Shortened(target), area[..UsedBytes]);
        return true;
    }

    /// <summary>FXRSTOR.</summary>
    internal bool Restore()
    {
        Span<byte> area = stackalloc byte[AreaBytes];

        if (!TryBegin(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        space.LoadBytes(Shortened(source), area[..UsedBytes]);
        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(x87.Image[MaskOffset..]);
        mask = mask == 0 ? FirstMask : mask;

        if (!space.IsAbandoned && (BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]) & ~mask) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        area[..MaskOffset].CopyTo(x87.Image);
        area[(MaskOffset + 4)..X87Registers.ImageBytes].CopyTo(x87.Image[(MaskOffset + 4)..]);
        x87.LoadControl(x87.Control.Word);

        if (!HasWidePointers)
        {
            x87.Image.Slice(PointersOffset + 4, 4).Clear();
            x87.Image.Slice(PointersOffset + 12, 4).Clear();
        }

        if (!x87.TryCommit())
        {
            return false;
        }

        for (int index = 0; index < VectorCount; index++)
        {
            registers!.WriteVector(
                index, area.Slice(X87Registers.ImageBytes + (index * VectorBytes), VectorBytes), clearUpper: false);
        }

        return true;
    }

    /// <summary>LDMXCSR. What MXCSR does not have cannot be set.</summary>
    internal bool LoadMxcsr()
    {
        Span<byte> area = stackalloc byte[X87Registers.ImageBytes];

        if (!vectors.TryUseControl() || !operands.TryRead(0, sizeof(uint), out ulong value))
        {
            return false;
        }

        registers!.ReadFloatingPoint(area);
        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(area[MaskOffset..]);

        if (!space.IsAbandoned && (value & ~(ulong)(mask == 0 ? FirstMask : mask)) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        return vectors.TryWriteControl((uint)value);
    }

    /// <summary>STMXCSR.</summary>
    internal bool StoreMxcsr() => vectors.TryUseControl() && operands.TryWrite(0, sizeof(uint), vectors.ReadControl());

    private bool HasWidePointers => context.Instruction.Mnemonic is Mnemonic.Fxsave64 or Mnemonic.Fxrstor64;

    // AMD's faster form leaves the vectors to the operating system.
    private int VectorCount => !context.Is64BitMode ? 8
        : (context.State.Efer & X64Bits.EferFfxsr) != 0 && context.State.PrivilegeLevel == 0 ? 0 : 16;

    private int UsedBytes => X87Registers.ImageBytes + (VectorCount * VectorBytes);

    private bool TryBegin(AccessKind access, out MappedMemory memory)
    {
        memory = default;
        return x87.TryUse(waits: false)
            && space.IsAligned(operands.Segment(), operands.EffectiveAddress(0), 16)
            && space.TryMap(operands.Segment(), operands.EffectiveAddress(0), AreaBytes, 16, access, out memory);
    }

    private MappedMemory Shortened(MappedMemory memory)
    {
        memory.Length0 = Math.Min(memory.Length0, UsedBytes);
        memory.Length1 = UsedBytes - memory.Length0;
        return memory;
    }
}
