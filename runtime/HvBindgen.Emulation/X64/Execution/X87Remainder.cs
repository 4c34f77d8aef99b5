using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>What FPREM and FPREM1 leave.</summary>
/// <param name="Number">The remainder, or what is left of the way to it.</param>
/// <param name="Conditions">The last bits of the quotient, or that there is a way to go; null where there is no remainder.</param>
internal readonly record struct X87Remainder(X87Number Number, X87Conditions? Conditions)
{
    // A step takes no more of the quotient's bits; how many it takes is the processor's choice (SDM volume 2, FPREM).
    private const int MostBits = 63;
    private const int StepBits = 32;

    /// <summary>Takes as many multiples of a number from another as a step can.</summary>
    internal static X87Remainder Of(X87Number number, X87Number divisor, bool isNearest, ref NumberEnvironment environment)
    {
        if (X87Arithmetic.TryFindNan(number, divisor, ref environment, out X87Number nan))
        {
            return new X87Remainder(nan, null);
        }

        WideNumber dividend = number.ToWide();
        WideNumber by = divisor.ToWide();

        if (dividend.Kind == WideKind.Infinity || by.Kind == WideKind.Zero)
        {
            environment.Raised |= NumberExceptions.Invalid;
            return new X87Remainder(X87Number.Indefinite, null);
        }

        environment.Raised |= number.IsDenormal || divisor.IsDenormal ? NumberExceptions.Denormal : NumberExceptions.None;

        if (environment.IsInterrupted || dividend.Kind == WideKind.Zero || by.Kind == WideKind.Infinity)
        {
            return new X87Remainder(X87Number.FromWide(in dividend), X87Conditions.None);
        }

        int distance = dividend.Exponent - by.Exponent;

        if (distance > MostBits)
        {
            int bits = StepBits | (distance & (StepBits - 1));
            ulong left = Divide(dividend.Significand, by.Significand, bits, out _);
            WideNumber rest = WideNumber.Normalized(dividend.IsNegative, by.Exponent + distance - bits, (UInt128)left << 64);
            return Complete(in rest, X87Conditions.C2, ref environment);
        }

        return Finish(in dividend, in by, distance, isNearest, ref environment);
    }

    private static X87Remainder Finish(
        in WideNumber dividend, in WideNumber divisor, int distance, bool isNearest, ref NumberEnvironment environment)
    {
        // A dividend of less than half of the divisor stays as it is.
        if (distance < -1 || (distance == -1 && !isNearest))
        {
            return Complete(in dividend, X87Conditions.None, ref environment);
        }

        ulong by = (ulong)(divisor.Significand >> 64);
        ulong quotient;
        UInt128 left;
        UInt128 whole;
        bool isNegative = dividend.IsNegative;

        if (distance < 0)
        {
            quotient = 0;
            left = dividend.Significand >> 64;
            whole = (UInt128)by << 1;
        }
        else
        {
            left = Divide(dividend.Significand, divisor.Significand, distance, out quotient);
            whole = by;
        }

        if (isNearest && (left << 1 > whole || (left << 1 == whole && (quotient & 1) != 0)))
        {
            left = whole - left;
            quotient++;
            isNegative = !isNegative;
        }

        int exponent = divisor.Exponent + (distance < 0 ? -1 : 0);
        WideNumber rest = WideNumber.Normalized(isNegative, exponent, left << 64);
        rest = rest.Kind == WideKind.Zero ? WideNumber.Zero(dividend.IsNegative) : rest;
        X87Conditions conditions = ((quotient & 1) != 0 ? X87Conditions.C1 : X87Conditions.None)
            | ((quotient & 2) != 0 ? X87Conditions.C3 : X87Conditions.None)
            | ((quotient & 4) != 0 ? X87Conditions.C0 : X87Conditions.None);
        return Complete(in rest, conditions, ref environment);
    }

    // A remainder is exact, but may be too small to be normal.
    private static X87Remainder Complete(in WideNumber rest, X87Conditions conditions, ref NumberEnvironment environment)
    {
        X87Number number = X87Arithmetic.Complete(
            in rest, NumberExceptions.None, hasDenormal: false, X87Number.Precision, ref environment);
        return new X87Remainder(number, conditions);
    }

    // What is left of a significand moved up by so many bits, and the last bits of the quotient.
    private static ulong Divide(UInt128 dividend, UInt128 divisor, int bits, out ulong quotient)
    {
        UInt128 by = divisor >> 64;
        UInt128 left = dividend >> 64;
        quotient = 0;

        for (int bit = 0; ; bit++)
        {
            quotient <<= 1;

            if (left >= by)
            {
                left -= by;
                quotient |= 1;
            }

            if (bit == bits)
            {
                return (ulong)left;
            }

            left <<= 1;
        }
    }
}
