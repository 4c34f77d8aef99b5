using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>What an instruction makes of its operands.</summary>
/// <remarks>Results and flags are those of <see cref="X64Arithmetic"/>: an operation is only its name at compile time.</remarks>
internal interface IFastOperation
{
    /// <summary>Whether the result depends on the destination.</summary>
    static virtual bool ReadsDestination => true;

    /// <summary>Whether there is a result beside the flags.</summary>
    static virtual bool WritesDestination => true;

    static abstract ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags);
}

internal readonly struct MoveOperation : IFastOperation
{
    public static bool ReadsDestination => false;

    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) => right;
}

internal readonly struct AddOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Add(left, right, 0, sizeBytes, ref flags);
}

internal readonly struct AdcOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Add(left, right, flags & X64Bits.FlagCf, sizeBytes, ref flags);
}

internal readonly struct SubOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Subtract(left, right, 0, sizeBytes, ref flags);
}

internal readonly struct SbbOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Subtract(left, right, flags & X64Bits.FlagCf, sizeBytes, ref flags);
}

internal readonly struct CmpOperation : IFastOperation
{
    public static bool WritesDestination => false;

    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Subtract(left, right, 0, sizeBytes, ref flags);
}

internal readonly struct AndOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Logic(left & right, sizeBytes, ref flags);
}

internal readonly struct TestOperation : IFastOperation
{
    public static bool WritesDestination => false;

    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Logic(left & right, sizeBytes, ref flags);
}

internal readonly struct OrOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Logic(left | right, sizeBytes, ref flags);
}

internal readonly struct XorOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Logic(left ^ right, sizeBytes, ref flags);
}

internal readonly struct IncOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Increment(left, sizeBytes, ref flags);
}

internal readonly struct DecOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Decrement(left, sizeBytes, ref flags);
}

internal readonly struct NegOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.Subtract(0, left, 0, sizeBytes, ref flags);
}

internal readonly struct NotOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) => ~left;
}

internal readonly struct ImulOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Arithmetic.MultiplySigned(left, right, sizeBytes, ref flags);
}

internal readonly struct ShlOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Shifts.Shift(Mnemonic.Shl, left, (int)right, sizeBytes, ref flags);
}

internal readonly struct ShrOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Shifts.Shift(Mnemonic.Shr, left, (int)right, sizeBytes, ref flags);
}

internal readonly struct SarOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Shifts.Shift(Mnemonic.Sar, left, (int)right, sizeBytes, ref flags);
}

internal readonly struct RolOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Shifts.Shift(Mnemonic.Rol, left, (int)right, sizeBytes, ref flags);
}

internal readonly struct RorOperation : IFastOperation
{
    public static ulong Compute(ulong left, ulong right, int sizeBytes, ref ulong flags) =>
        X64Shifts.Shift(Mnemonic.Ror, left, (int)right, sizeBytes, ref flags);
}
