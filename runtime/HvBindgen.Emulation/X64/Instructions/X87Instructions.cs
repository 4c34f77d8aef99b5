using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What x87 loads and stores.</summary>
internal sealed class X87Instructions(X64Context context, X64AddressSpace space, X64Operands operands, X87Registers x87)
{
    private const int ExtendedBytes = 10;
    private const int DecimalBytes = 9;
    private const byte DecimalSign = 0x80;
    private const ulong FirstTooLarge = 1_000_000_000_000_000_000;
    private const X87Exceptions NoResult = X87Exceptions.Invalid | X87Exceptions.Overflow | X87Exceptions.Underflow;

    /// <summary>FLD: a number of 32, 64 or 80 bits.</summary>
    internal bool Load()
    {
        Span<byte> bytes = stackalloc byte[ExtendedBytes];

        if (!TryBegin() || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        space.LoadBytes(source, bytes[..source.Length]);
        X87Exceptions raised = X87Exceptions.None;
        X87Number number = source.Length == ExtendedBytes
            ? new X87Number(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]))
            : X87Number.FromBinary(ReadBits(bytes, source.Length), FormatOf(source.Length), out raised);
        return PushAndCommit(number, raised);
    }

    /// <summary>FILD: a whole number of 16, 32 or 64 bits.</summary>
    internal bool LoadInteger()
    {
        if (!TryBegin() || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        long value = (long)X64Value.SignExtend(space.Load(source), source.Length);
        return PushAndCommit(X87Number.FromInteger(value), X87Exceptions.None);
    }

    /// <summary>FST, FSTP.</summary>
    internal bool Store(bool pops)
    {
        Span<byte> bytes = stackalloc byte[ExtendedBytes];

        if (!TryBegin() || !TryMap(AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        X87Number number = x87.HasTop ? x87.TopNumber : X87Number.Indefinite;
        X87Exceptions raised = X87Exceptions.None;
        bool isRoundedUp = false;

        if (target.Length == ExtendedBytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], number.SignAndExponent);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                bytes, number.ToBinary(FormatOf(target.Length), x87.Control, out raised, out isRoundedUp));
        }

        return StoreAndCommit(target, bytes[..target.Length], raised, isRoundedUp, pops);
    }

    /// <summary>FIST, FISTP, FISTTP.</summary>
    internal bool StoreInteger(bool pops, bool truncates)
    {
        Span<byte> bytes = stackalloc byte[8];

        if (!TryBegin() || !TryMap(AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        X87Number number = x87.HasTop ? x87.TopNumber : X87Number.Indefinite;
        X87Control control = truncates ? x87.Control.Truncating : x87.Control;
        ulong value = number.ToInteger(target.Length, control, out X87Exceptions raised, out bool isRoundedUp);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return StoreAndCommit(target, bytes[..target.Length], raised, isRoundedUp, pops);
    }

    /// <summary>FBLD: eighteen decimal digits and a sign.</summary>
    internal bool LoadDecimal()
    {
        Span<byte> bytes = stackalloc byte[ExtendedBytes];

        if (!TryBegin() || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        space.LoadBytes(source, bytes);
        long value = 0;

        for (int index = DecimalBytes - 1; index >= 0; index--)
        {
            value = (value * 100) + ((bytes[index] >> 4) * 10) + (bytes[index] & 0xF);
        }

        return PushAndCommit(X87Number.FromInteger(value).WithSign(bytes[DecimalBytes] >= DecimalSign), X87Exceptions.None);
    }

    /// <summary>FBSTP.</summary>
    internal bool StoreDecimal()
    {
        Span<byte> bytes = stackalloc byte[ExtendedBytes];

        if (!TryBegin() || !TryMap(AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        X87Number number = x87.HasTop ? x87.TopNumber : X87Number.Indefinite;
        long value = (long)number.ToInteger(sizeof(long), x87.Control, out X87Exceptions raised, out bool isRoundedUp);
        ulong magnitude = value < 0 ? (ulong)-value : (ulong)value;
        WriteDecimal(bytes, magnitude, number.IsNegative);

        if ((raised & X87Exceptions.Invalid) != 0 || magnitude >= FirstTooLarge)
        {
            raised = X87Exceptions.Invalid;
            isRoundedUp = false;
            bytes.Clear();
            bytes[^3..].Fill(byte.MaxValue);
            bytes[^3] = 0xC0;
        }

        return StoreAndCommit(target, bytes, raised, isRoundedUp, pops: true);
    }

    private static void WriteDecimal(Span<byte> bytes, ulong value, bool isNegative)
    {
        for (int index = 0; index < DecimalBytes; index++)
        {
            (value, ulong digits) = Math.DivRem(value, 100);
            bytes[index] = (byte)((digits / 10 << 4) | (digits % 10));
        }

        bytes[DecimalBytes] = isNegative ? DecimalSign : (byte)0;
    }

    /// <summary>FLDCW: what it unmasks waits for a handler from then on.</summary>
    internal bool LoadControl()
    {
        if (!TryBegin() || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        x87.LoadControl((ushort)space.Load(source));
        return x87.TryCommit();
    }

    /// <summary>FNSTCW, FNSTSW: into memory or AX, whatever waits.</summary>
    internal bool StoreWord(bool isStatus) =>
        x87.TryUse(waits: false) && operands.TryWrite(0, 2, isStatus ? x87.Status : x87.Control.Word);

    /// <summary>FNINIT.</summary>
    internal bool Reset()
    {
        if (!x87.TryUse(waits: false))
        {
            return false;
        }

        x87.Reset();
        return x87.TryCommit();
    }

    /// <summary>FNCLEX.</summary>
    internal bool ClearExceptions()
    {
        if (!x87.TryUse(waits: false))
        {
            return false;
        }

        x87.ClearExceptions();
        return x87.TryCommit();
    }

    /// <summary>FNOP.</summary>
    internal bool DoNothing() => x87.TryUse(waits: true);

    /// <summary>WAIT: an exception that waits for its handler is raised.</summary>
    internal bool Wait()
    {
        const ulong Monitored = X64Bits.Cr0Mp | X64Bits.Cr0Ts;
        return (context.State.Cr0 & Monitored) == Monitored ? context.Fault(X64Bits.VectorNm) : x87.TryWait();
    }

    // What stands in registers of x87 on both sides is not carried out here.
    private bool TryBegin() => operands.IsMemory(0) ? x87.TryUse(waits: true) : context.Unsupported(EmulationLimit.Instruction);

    private bool TryMap(AccessKind access, out MappedMemory memory)
    {
        int size = operands.SizeBytes(0);
        return space.TryMap(
            operands.Segment(), operands.EffectiveAddress(0), size, size == ExtendedBytes ? 8 : size, access, out memory);
    }

    private bool PushAndCommit(X87Number number, X87Exceptions raised)
    {
        bool isFull = !x87.HasRoom;
        raised = isFull ? X87Exceptions.Invalid | X87Exceptions.Stack : raised;

        // A denormal number is there even when a handler is to hear of it; what is invalid is not.
        x87.Raise(raised, isRoundedUp: isFull);

        if (x87.Control.Masks(raised & X87Exceptions.Invalid))
        {
            x87.Push(isFull ? X87Number.Indefinite : number);
        }

        return x87.TryCommit();
    }

    // What has no masked result is not stored, and stays on the stack.
    private bool StoreAndCommit(
        in MappedMemory target, ReadOnlySpan<byte> bytes, X87Exceptions raised, bool isRoundedUp, bool pops)
    {
        raised = x87.HasTop ? raised : X87Exceptions.Invalid | X87Exceptions.Stack;
        bool isStored = x87.Control.Masks(raised & NoResult);
        raised = isStored ? raised : raised & ~X87Exceptions.Precision;
        x87.Raise(raised, isStored && isRoundedUp);

        if (isStored)
        {
            space.StoreBytes(target, bytes);

            if (pops)
            {
                x87.Pop();
            }
        }

        return x87.TryCommit();
    }

    private static X87Format FormatOf(int sizeBytes) => sizeBytes == 4 ? X87Format.Single : X87Format.Double;

    private static ulong ReadBits(ReadOnlySpan<byte> bytes, int sizeBytes) => sizeBytes == 4
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
