using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What x87 loads and stores.</summary>
internal sealed class X87Instructions(X64Context context, X64AddressSpace space, X64Operands operands, X87Registers x87)
{
    private const int ExtendedBytes = 10;
    private const int DecimalBytes = 9;
    private const byte DecimalSign = 0x80;
    private const ulong FirstTooLarge = 1_000_000_000_000_000_000;
    private const NumberExceptions NoResult = NumberExceptions.Invalid | NumberExceptions.Overflow | NumberExceptions.Underflow;

    /// <summary>FLD: a number of 32, 64 or 80 bits.</summary>
    internal bool Load()
    {
        Span<byte> bytes = stackalloc byte[ExtendedBytes];

        if (!TryBegin() || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        space.LoadBytes(source, bytes[..source.Length]);

        if (source.Length == ExtendedBytes)
        {
            return PushAndCommit(
                new X87Number(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
                NumberExceptions.None);
        }

        NumberFormat format = FormatOf(source.Length);
        ulong bits = ReadBits(bytes, source.Length);
        X87Number number = X87Number.FromBinary(bits, format);
        NumberExceptions raised = number.IsSignalling ? NumberExceptions.Invalid
            : format.IsDenormal(bits) ? NumberExceptions.Denormal : NumberExceptions.None;
        number = number.IsNan ? number.Quiet : number;
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
        return PushAndCommit(X87Number.FromInteger(value), NumberExceptions.None);
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
        NumberEnvironment environment = x87.Control.Environment;

        if (target.Length == ExtendedBytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], number.SignAndExponent);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.ToBinary(FormatOf(target.Length), ref environment));
        }

        return StoreAndCommit(target, bytes[..target.Length], in environment, pops);
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
        NumberEnvironment environment = x87.Control.Environment;
        environment = truncates ? environment.With(Rounding.Truncate) : environment;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number.ToInteger(target.Length, ref environment));
        return StoreAndCommit(target, bytes[..target.Length], in environment, pops);
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

        return PushAndCommit(X87Number.FromInteger(value).WithSign(bytes[DecimalBytes] >= DecimalSign), NumberExceptions.None);
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
        NumberEnvironment environment = x87.Control.Environment;
        long value = (long)number.ToInteger(sizeof(long), ref environment);
        ulong magnitude = value < 0 ? (ulong)-value : (ulong)value;
        WriteDecimal(bytes, magnitude, number.IsNegative);

        if ((environment.Raised & NumberExceptions.Invalid) != 0 || magnitude >= FirstTooLarge)
        {
            environment.Raised = NumberExceptions.Invalid;
            environment.IsRoundedUp = false;
            bytes.Clear();
            bytes[^3..].Fill(byte.MaxValue);
            bytes[^3] = 0xC0;
        }

        return StoreAndCommit(target, bytes, in environment, pops: true);
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
    internal bool DoNothing(bool waits) => x87.TryUse(waits);

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

    private bool PushAndCommit(X87Number number, NumberExceptions raised)
    {
        bool isFull = !x87.HasRoom;
        raised = isFull ? NumberExceptions.Invalid | NumberExceptions.Stack : raised;

        // A denormal number is there even when a handler is to hear of it; what is invalid is not.
        x87.Raise(raised, isRoundedUp: isFull);

        if (x87.Control.Masks(raised & NumberExceptions.Invalid))
        {
            x87.Push(isFull ? X87Number.Indefinite : number);
        }

        return x87.TryCommit();
    }

    // What has no masked result is not stored, and stays on the stack.
    private bool StoreAndCommit(
        in MappedMemory target, ReadOnlySpan<byte> bytes, in NumberEnvironment environment, bool pops)
    {
        NumberExceptions raised = x87.HasTop ? environment.Raised : NumberExceptions.Invalid | NumberExceptions.Stack;
        bool isStored = x87.Control.Masks(raised & NoResult);
        raised = isStored ? raised : raised & ~NumberExceptions.Precision;
        x87.Raise(raised, isStored && environment.IsRoundedUp);

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

    private static NumberFormat FormatOf(int sizeBytes) => sizeBytes == 4 ? NumberFormat.Single : NumberFormat.Double;

    private static ulong ReadBits(ReadOnlySpan<byte> bytes, int sizeBytes) => sizeBytes == 4
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
