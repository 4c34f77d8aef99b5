using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>Which conditions hold for which flags, looked up instead of asked for.</summary>
internal static class FastConditions
{
    private const int FlagCount = 5;

    // For each combination of CF, PF, ZF, SF and OF a bit for each condition, in the order of encodings.
    private static readonly ushort[] Held = Make();

    internal static bool Holds(int condition, ulong flags) => ((Held[PlaceOf(flags)] >> condition) & 1) != 0;

    /// <summary>The number that encodings have for a condition.</summary>
    internal static byte NumberOf(ConditionCode condition) => (byte)(condition - ConditionCode.o);

    // CF is bit 0, PF 2, ZF 6, SF 7, OF 11.
    private static int PlaceOf(ulong flags) =>
        (int)((flags & 1) | ((flags >> 1) & 2) | ((flags >> 4) & 0xC) | ((flags >> 7) & 0x10));

    private static ushort[] Make()
    {
        ReadOnlySpan<ulong> flags = [X64Bits.FlagCf, X64Bits.FlagPf, X64Bits.FlagZf, X64Bits.FlagSf, X64Bits.FlagOf];
        ushort[] held = new ushort[1 << FlagCount];

        for (int combination = 0; combination < held.Length; combination++)
        {
            ulong value = 0;

            for (int flag = 0; flag < FlagCount; flag++)
            {
                value |= ((combination >> flag) & 1) != 0 ? flags[flag] : 0;
            }

            for (ConditionCode condition = ConditionCode.o; condition <= ConditionCode.g; condition++)
            {
                if (ConditionalInstructions.Holds(condition, value))
                {
                    held[PlaceOf(value)] |= (ushort)(1 << NumberOf(condition));
                }
            }
        }

        return held;
    }
}
