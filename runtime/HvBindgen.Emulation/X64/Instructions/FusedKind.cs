using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What an instruction of FMA computes.</summary>
/// <param name="Order">132, 213 or 231: which operands are multiplied, and which is added.</param>
/// <param name="NegatesProduct">Whether the product changes its sign.</param>
/// <param name="NegatesEven">Whether what is added to elements 0, 2, 4... changes its sign.</param>
/// <param name="NegatesOdd">Whether what is added to the others does.</param>
internal readonly record struct FusedKind(int Order, bool NegatesProduct, bool NegatesEven, bool NegatesOdd)
{
    internal ulong Apply(
        ulong first, ulong second, ulong third, bool isOdd, NumberFormat format, ref NumberEnvironment environment)
    {
        (ulong left, ulong right, ulong added) = Order switch
        {
            132 => (first, third, second),
            213 => (second, first, third),
            _ => (second, third, first),
        };

        if (NegatesProduct && !format.IsNan(left))
        {
            left ^= format.SignBit;
        }

        if ((isOdd ? NegatesOdd : NegatesEven) && !format.IsNan(added))
        {
            added ^= format.SignBit;
        }

        return NumberArithmetic.MultiplyAdd(left, right, added, format, ref environment);
    }
}
