using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>Whole bytes of a record that belong to no member, whichever alternative of a union is used.</summary>
/// <param name="After">The member that ends before them; null where they stand first.</param>
/// <param name="StartByte">The first of them.</param>
/// <param name="EndByte">The byte behind them.</param>
internal readonly record struct UnnamedSpace(AbiMember? After, long StartByte, long EndByte)
{
    internal string Describe() => $"{EndByte - StartByte} bytes from byte {StartByte}";

    internal static IEnumerable<UnnamedSpace> Of(ArgumentRecord argument)
    {
        long end = 0;
        AbiMember? last = null;
        foreach (AbiMember member in argument.Members.OrderBy(member => member.OffsetBits))
        {
            if (member.OffsetBits / 8 > (end + 7) / 8)
            {
                yield return new UnnamedSpace(last, (end + 7) / 8, member.OffsetBits / 8);
            }

            if (member.OffsetBits + member.Field.WidthBits > end)
            {
                end = member.OffsetBits + member.Field.WidthBits;
                last = member;
            }
        }

        if (argument.Record.SizeBytes > (end + 7) / 8)
        {
            yield return new UnnamedSpace(last, (end + 7) / 8, argument.Record.SizeBytes);
        }
    }
}
