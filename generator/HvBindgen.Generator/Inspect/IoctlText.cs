using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>ioctl requests in words and pictures.</summary>
internal static class IoctlText
{
    /// <summary>The request in the words of the C macros: <c>_IOWR(0xb8, 0x07, struct foo)</c>.</summary>
    internal static string Macro(AbiIoctl ioctl) =>
        Macro(ioctl.Direction, ioctl.Type, ioctl.Number, ioctl.Argument?.ToString() ?? (ioctl.SizeBytes > 0 ? Bytes(ioctl.SizeBytes) : ""));

    /// <summary>The same where only the number is known.</summary>
    internal static string Macro(IoctlNumber number) =>
        Macro(
            number.Direction,
            number.Type,
            number.Number,
            number.SizeBytes > 0 || number.Direction != IoctlDirection.None ? Bytes(number.SizeBytes) : "");

    /// <summary>The argument's type, and those that the configuration adds.</summary>
    internal static IReadOnlyList<AbiType> ArgumentsOf(InspectedSet set, AbiIoctl ioctl) =>
    [
        .. (set.Options.IoctlUses.Of(ioctl)?.Argument ?? ioctl.Argument) is { } own ? [own] : (AbiType[])[],
        .. set.Options.AlternateArguments.GetValueOrDefault(ioctl.Name) ?? [],
    ];

    /// <summary>Draws the parts of a request with the bits they come from.</summary>
    internal static void DrawOn(Page page, AbiIoctl ioctl, int width) =>
        DrawOn(
            page, new IoctlNumber(ioctl.Request, ioctl.Direction, ioctl.Type, ioctl.Number, ioctl.SizeBytes), TargetInfo.Known[0], width);

    /// <summary>Draws the parts of a number with the bits they come from.</summary>
    internal static void DrawOn(Page page, IoctlNumber number, TargetInfo target, int width)
    {
        int sizeBits = IoctlNumber.SizeBitsOf(target);
        Table table = new(new Column(""), new Column("bits"), new Column(""), new Column("", Folds: true));
        table.Add(
            "dir",
            Bits(number.Request, 16 + sizeBits, 16 - sizeBits),
            new Piece(Word(number.Direction), Tone.Value),
            Explain(number.Direction));
        table.Add(
            "size",
            Bits(number.Request, 16, sizeBits),
            new Piece($"{number.SizeBytes}", Tone.Value),
            number.SizeBytes == 1 ? "byte" : "bytes");
        string letter = number.Type is > 0x20 and < 0x7f ? $"'{(char)number.Type}'" : "";
        table.Add("type", Bits(number.Request, 8, 8), new Piece($"0x{number.Type:x2}", Tone.Value), letter);
        table.Add("nr", Bits(number.Request, 0, 8), new Piece($"0x{number.Number:x2}", Tone.Value), "");
        table.DrawOn(page, width, "  ");
    }

    internal static string Word(IoctlDirection direction) => direction switch
    {
        IoctlDirection.None => "none",
        IoctlDirection.Write => "write",
        IoctlDirection.Read => "read",
        _ => "read, write",
    };

    internal static string Bytes(long count) => count == 1 ? "1 byte" : $"{count} bytes";

    private static string Macro(IoctlDirection direction, int type, int number, string argument)
    {
        string macro = direction switch
        {
            IoctlDirection.None => "_IO",
            IoctlDirection.Write => "_IOW",
            IoctlDirection.Read => "_IOR",
            _ => "_IOWR",
        };
        return $"{macro}(0x{type:x2}, 0x{number:x2}{(argument.Length > 0 ? $", {argument}" : "")})";
    }

    private static string Explain(IoctlDirection direction) => direction switch
    {
        IoctlDirection.None => "no data, or an integer in place of the pointer",
        IoctlDirection.Write => "the kernel reads what the program wrote",
        IoctlDirection.Read => "the program reads what the kernel wrote",
        _ => "the kernel reads the argument and answers in it",
    };

    private static Cell Bits(uint request, int shift, int count)
    {
        string digits = Convert.ToString(request >> shift & ((1u << count) - 1), 2).PadLeft(count, '0');
        string place = count + shift - 1 == shift ? $"{shift}" : $"{shift + count - 1}-{shift}";
        return new Cell(new Piece($"{place,-6} ", Tone.Faint), digits);
    }
}
