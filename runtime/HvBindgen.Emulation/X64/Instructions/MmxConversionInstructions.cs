using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>CVTPI2PS and its kin: two whole numbers in a register of MMX and two numbers in a vector.</summary>
internal sealed class MmxConversionInstructions(
    X64Context context, X64Operands operands, X64VectorOperands vectors, X64FloatingControl control, X87Registers x87)
{
    private const int IntegerBytes = sizeof(int);

    /// <summary>CVTPI2PS, CVTPI2PD: into a vector. The first leaves what lies above.</summary>
    internal bool ConvertIntegers(NumberFormat format)
    {
        Span<byte> value = stackalloc byte[16];

        if (!vectors.TryUseWithMmx() || !TryReadIntegers(out ulong integers))
        {
            return false;
        }

        NumberEnvironment environment = control.Read();
        vectors.Read(0, value);

        for (int element = 0; element < 2; element++)
        {
            int integer = (int)(integers >> (element * 32));
            ulong number = NumberConversions.FromInteger(integer, format, ref environment);
            FloatingElements.Write(value[(element * format.SizeBytes)..], format.SizeBytes, number);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(value);
    }

    // Of what is read from memory the registers of MMX hear nothing.
    private bool TryReadIntegers(out ulong integers)
    {
        integers = 0;

        if (operands.IsMemory(1))
        {
            return (control.IsKnown || context.Unsupported(EmulationLimit.VectorRegisters))
                && operands.TryRead(1, sizeof(ulong), out integers);
        }

        if (!x87.TryUseMmx())
        {
            return false;
        }

        integers = x87.ReadMmx(context.Instruction.Op1Register - Register.MM0);
        x87.EnterMmx();
        return x87.TryCommit();
    }

    /// <summary>CVTPS2PI, CVTTPS2PI, CVTPD2PI, CVTTPD2PI: into a register of MMX.</summary>
    internal bool ConvertToIntegers(NumberFormat format, bool truncates)
    {
        Span<byte> source = stackalloc byte[16];
        int readBytes = operands.IsMemory(1) ? 2 * format.SizeBytes : source.Length;

        if (!vectors.TryUseWithMmx() || !x87.TryUseMmx()
            || !vectors.TryRead(1, source[..readBytes], isAligned: readBytes == source.Length))
        {
            return false;
        }

        NumberEnvironment environment = control.Read();
        environment = truncates ? environment.With(Rounding.Truncate) : environment;
        ulong integers = 0;

        for (int element = 0; element < 2; element++)
        {
            ulong number = FloatingElements.Read(source[(element * format.SizeBytes)..], format.SizeBytes);
            integers |= NumberConversions.ToInteger(number, format, IntegerBytes, ref environment) << (element * 32);
        }

        // An exception of the conversion finds the registers of MMX entered; what they hold comes after it.
        x87.EnterMmx();

        if (!x87.TryCommit() || !control.TryFinish(in environment))
        {
            return false;
        }

        // MXCSR, which lies among them, may have changed.
        _ = x87.TryUseMmx();
        x87.WriteMmx(context.Instruction.Op0Register - Register.MM0, integers);
        return x87.TryCommit();
    }
}
