using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Inspect.Text;

/// <summary>Numbers as people who read headers write them.</summary>
internal static class Numbers
{
    /// <summary>0x1f; a minus in front of a negative number.</summary>
    internal static string Hexadecimal(Int128 value) => value < 0
        ? $"-0x{(UInt128)(-value):x}"
        : $"0x{(UInt128)value:x}";

    /// <summary>Small numbers as they are, others in hexadecimal with the decimal behind.</summary>
    internal static string Plain(Int128 value)
    {
        // What is longer is an address or a mask, and nobody reads those in decimal.
        const int MostInDecimal = 1 << 20;
        string number = value.ToString(CultureInfo.InvariantCulture);
        return value > -10 && value < 10 ? number : Hexadecimal(value) + (Int128.Abs(value) < MostInDecimal ? $" ({number})" : "");
    }

    /// <summary>The bits that are set, where that says more than the number: bits 0, 3-5.</summary>
    internal static string Bits(Int128 value)
    {
        if (value < 16)
        {
            return "";
        }

        StringBuilder text = new();
        for (int bit = 0; bit < 64; bit++)
        {
            if (!IsSet(value, bit))
            {
                continue;
            }

            int last = bit;
            while (IsSet(value, last + 1))
            {
                last++;
            }

            text.Append(text.Length == 0 ? (last == bit && value >> (bit + 1) == 0 ? "bit " : "bits ") : ", ");
            text.Append(last == bit ? $"{bit}" : $"{bit}-{last}");
            bit = last;
        }

        return text.ToString();
    }

    private static bool IsSet(Int128 value, int bit) => (value >> bit & 1) != 0;
}
