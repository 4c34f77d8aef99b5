namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>RCPPS and RSQRTPS: within a relative error of 1.5 / 4096 (SDM volume 2) any result is right. This one is the nearest.</summary>
/// <remarks>They know no exceptions; what is too small to be normal is zero, before and afterwards, whatever MXCSR says.</remarks>
internal static class Approximations
{
    /// <summary>What a number is multiplied by to give one.</summary>
    internal static ulong Reciprocal(ulong number, NumberFormat format, ref NumberEnvironment _)
    {
        ulong taken = Take(number, format);
        ulong found = BitConverter.SingleToUInt32Bits(1 / BitConverter.UInt32BitsToSingle((uint)taken));
        return format.IsNan(number) ? number | format.QuietBit : Take(found, format);
    }

    /// <summary>The same of its square root.</summary>
    internal static ulong ReciprocalRoot(ulong number, NumberFormat format, ref NumberEnvironment _)
    {
        ulong taken = Take(number, format);

        if (format.IsNan(number))
        {
            return number | format.QuietBit;
        }

        if (format.IsNegative(taken) && taken != format.SignBit)
        {
            return format.Indefinite;
        }

        // Nearest in the wider format, and so at most half a bit more away.
        double root = Math.Sqrt(BitConverter.UInt32BitsToSingle((uint)taken));
        return BitConverter.SingleToUInt32Bits((float)(1 / root));
    }

    private static ulong Take(ulong number, NumberFormat format) =>
        format.IsDenormal(number) ? number & format.SignBit : number;
}
