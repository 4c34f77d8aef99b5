using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Floating-point arithmetic on the elements of vectors, SSE and AVX.</summary>
internal sealed class FloatingInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64VectorOperands vectors, X64FloatingControl control)
{
    private const int MaxBytes = 32;
    private const int LaneBytes = 16;

    /// <summary>ADDPS, ADDSS and their kin: elements of two vectors, or the first of each.</summary>
    internal bool Combine(NumberArithmetic.Binary operation, NumberFormat format, bool isScalar)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment)
            || !TryReadBoth(vectors.IsVex ? 2 : 1, format, isScalar, ref left, ref right))
        {
            return false;
        }

        int size = format.SizeBytes;
        int end = isScalar ? size : left.Length;

        for (int at = 0; at < end; at += size)
        {
            ulong first = FloatingElements.Read(left[at..], size);
            ulong second = FloatingElements.Read(right[at..], size);
            FloatingElements.Write(left[at..], size, operation(first, second, format, ref environment));
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    /// <summary>SQRTPS, SQRTSS and their kin: elements of a vector, or its first.</summary>
    internal bool Convert(NumberArithmetic.Unary operation, NumberFormat format, bool isScalar)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment)
            || !TryReadBoth(isScalar && vectors.IsVex ? 2 : 1, format, isScalar, ref left, ref right))
        {
            return false;
        }

        int size = format.SizeBytes;
        int end = isScalar ? size : left.Length;

        for (int at = 0; at < end; at += size)
        {
            FloatingElements.Write(left[at..], size, operation(FloatingElements.Read(right[at..], size), format, ref environment));
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    /// <summary>ROUNDPS, ROUNDSS and their kin: the nearest whole numbers, by MXCSR or as the immediate says.</summary>
    internal bool RoundToWhole(NumberFormat format, bool isScalar)
    {
        const int ByMxcsr = 4;
        const int Silent = 8;
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment)
            || !TryReadBoth(isScalar && vectors.IsVex ? 2 : 1, format, isScalar, ref left, ref right))
        {
            return false;
        }

        byte choice = context.Instruction.Immediate8;
        environment = (choice & ByMxcsr) != 0 ? environment : environment.With((Rounding)(choice & 3));
        int size = format.SizeBytes;
        int end = isScalar ? size : left.Length;

        for (int at = 0; at < end; at += size)
        {
            ulong number = FloatingElements.Read(right[at..], size);
            ulong whole = NumberConversions.RoundToWhole(number, format, (choice & Silent) != 0, ref environment);
            FloatingElements.Write(left[at..], size, whole);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    /// <summary>VCVTPS2PH: elements of half the size, in a register or in memory.</summary>
    internal bool ConvertToHalves()
    {
        const int ByMxcsr = 4;
        Span<byte> source = stackalloc byte[MaxBytes];
        Span<byte> value = stackalloc byte[LaneBytes];

        if (!control.TryBegin(out NumberEnvironment environment))
        {
            return false;
        }

        source = source[..vectors.SizeBytes(1)];
        MappedMemory target = default;

        if (operands.IsMemory(0) && !vectors.TryMap(source.Length / 2, isAligned: false, AccessKind.Write, out target))
        {
            return false;
        }

        vectors.Read(1, source);
        value.Clear();
        byte choice = context.Instruction.Immediate8;
        environment = (choice & ByMxcsr) != 0 ? environment : environment.With((Rounding)(choice & 3));

        // Whatever MXCSR says, results that are too small to be normal are no zeros.
        environment = environment with { FlushesToZero = false };

        for (int at = 0; at < source.Length; at += sizeof(float))
        {
            ulong number = FloatingElements.Read(source[at..], sizeof(float));
            ulong half = NumberConversions.Convert(number, NumberFormat.Single, NumberFormat.Half, ref environment);
            FloatingElements.Write(value[(at / 2)..], sizeof(ushort), half);
        }

        if (!control.TryFinish(in environment))
        {
            return false;
        }

        if (!operands.IsMemory(0))
        {
            return vectors.TryWrite(value);
        }

        space.StoreBytes(target, value[..(source.Length / 2)]);
        return true;
    }

    /// <summary>CMPPS, CMPSS and their kin: all bits of an element are set where the immediate's comparison holds.</summary>
    internal bool Compare(NumberFormat format, bool isScalar)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment)
            || !TryReadBoth(vectors.IsVex ? 2 : 1, format, isScalar, ref left, ref right))
        {
            return false;
        }

        ComparisonPredicate predicate = new(context.Instruction.Immediate8 & (vectors.IsVex ? 0x1F : 7));
        int size = format.SizeBytes;
        int end = isScalar ? size : left.Length;

        for (int at = 0; at < end; at += size)
        {
            ulong first = FloatingElements.Read(left[at..], size);
            ulong second = FloatingElements.Read(right[at..], size);
            NumberOrder order = NumberArithmetic.Compare(first, second, predicate.Signals, format, ref environment);
            FloatingElements.Write(left[at..], size, predicate.Holds(order) ? ulong.MaxValue : 0);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    /// <summary>COMISS, UCOMISS and their kin: the first elements, told by flags.</summary>
    internal bool CompareToFlags(NumberFormat format, bool signals)
    {
        Span<byte> left = stackalloc byte[LaneBytes];
        Span<byte> right = stackalloc byte[LaneBytes];
        int size = format.SizeBytes;

        if (!control.TryBegin(out NumberEnvironment environment)
            || !vectors.TryRead(1, operands.IsMemory(1) ? right[..size] : right, isAligned: false))
        {
            return false;
        }

        vectors.Read(0, left);
        ulong first = FloatingElements.Read(left, size);
        ulong second = FloatingElements.Read(right, size);
        NumberOrder order = NumberArithmetic.Compare(first, second, signals, format, ref environment);
        bool isUnordered = order == NumberOrder.Unordered;
        ref ulong flags = ref context.State.Rflags;
        flags &= ~X64Bits.FlagsStatus;
        X64Arithmetic.SetFlag(X64Bits.FlagZf, isUnordered || order == NumberOrder.Equal, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagPf, isUnordered, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, isUnordered || order == NumberOrder.Less, ref flags);
        return control.TryFinish(in environment);
    }

    /// <summary>CVTDQ2PS, CVTPD2PS and their kin: elements of another format, as many as there are on both sides; zeros behind
    /// them.</summary>
    /// <param name="conversion">What becomes of an element.</param>
    /// <param name="fromBytes">Size of an element before.</param>
    /// <param name="toBytes">Size of an element afterwards.</param>
    /// <param name="truncates">Whether towards zero, whatever MXCSR says.</param>
    internal bool ConvertFormat(NumberConversions.Conversion conversion, int fromBytes, int toBytes, bool truncates = false)
    {
        Span<byte> source = stackalloc byte[MaxBytes];
        Span<byte> value = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment))
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];
        int sourceBytes = operands.IsMemory(1) ? operands.SizeBytes(1) : vectors.SizeBytes(1);
        int count = Math.Min(value.Length / toBytes, sourceBytes / fromBytes);
        int readBytes = operands.IsMemory(1) ? count * fromBytes : sourceBytes;

        if (!vectors.TryRead(1, source[..readBytes], isAligned: readBytes == LaneBytes && !vectors.IsVex))
        {
            return false;
        }

        environment = truncates ? environment.With(Rounding.Truncate) : environment;
        value.Clear();

        for (int element = 0; element < count; element++)
        {
            ulong converted = conversion(FloatingElements.Read(source[(element * fromBytes)..], fromBytes), ref environment);
            FloatingElements.Write(value[(element * toBytes)..], toBytes, converted);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(value);
    }

    /// <summary>CVTSS2SD, CVTSD2SS: the first element in another format.</summary>
    internal bool ConvertScalar(NumberConversions.Conversion conversion, int fromBytes, int toBytes)
    {
        Span<byte> value = stackalloc byte[LaneBytes];
        Span<byte> source = stackalloc byte[LaneBytes];
        int last = context.Instruction.OpCount - 1;

        if (!control.TryBegin(out NumberEnvironment environment)
            || !vectors.TryRead(last, operands.IsMemory(last) ? source[..fromBytes] : source, isAligned: false))
        {
            return false;
        }

        vectors.Read(last - 1, value);
        FloatingElements.Write(value, toBytes, conversion(FloatingElements.Read(source, fromBytes), ref environment));
        return control.TryFinish(in environment) && vectors.TryWrite(value);
    }

    /// <summary>CVTSI2SS, CVTSI2SD: a general register, or memory, as the first element.</summary>
    internal bool ConvertInteger(NumberFormat format)
    {
        Span<byte> value = stackalloc byte[LaneBytes];
        int last = context.Instruction.OpCount - 1;

        if (!control.TryBegin(out NumberEnvironment environment) || !operands.TryRead(last, operands.SizeBytes(last), out ulong number))
        {
            return false;
        }

        long integer = (long)X64Value.SignExtend(number, operands.SizeBytes(last));
        vectors.Read(last - 1, value);
        FloatingElements.Write(value, format.SizeBytes, NumberConversions.FromInteger(integer, format, ref environment));
        return control.TryFinish(in environment) && vectors.TryWrite(value);
    }

    /// <summary>CVTSS2SI, CVTTSS2SI and their kin: the first element as a whole number in a general register.</summary>
    internal bool ConvertToInteger(NumberFormat format, bool truncates)
    {
        Span<byte> source = stackalloc byte[LaneBytes];

        if (!control.TryBegin(out NumberEnvironment environment)
            || !vectors.TryRead(1, operands.IsMemory(1) ? source[..format.SizeBytes] : source, isAligned: false))
        {
            return false;
        }

        environment = truncates ? environment.With(Rounding.Truncate) : environment;
        ulong integer = NumberConversions.ToInteger(
            FloatingElements.Read(source, format.SizeBytes), format, operands.SizeBytesOfRegister(0), ref environment);

        if (!control.TryFinish(in environment))
        {
            return false;
        }

        context.WriteRegister(context.Instruction.Op0Register, integer);
        return true;
    }

    // Of scalars memory has the first element alone; a register brings the rest of the result.
    private bool TryReadBoth(int source, NumberFormat format, bool isScalar, ref Span<byte> left, ref Span<byte> right)
    {
        left = left[..(isScalar ? LaneBytes : vectors.SizeBytes(0))];
        right = right[..(isScalar && operands.IsMemory(source) ? format.SizeBytes : left.Length)];

        if (!vectors.TryRead(source, right, isAligned: !isScalar && !vectors.IsVex))
        {
            return false;
        }

        vectors.Read(source - 1, left);
        return true;
    }
}
