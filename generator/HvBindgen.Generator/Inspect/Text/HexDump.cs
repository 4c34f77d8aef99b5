using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Inspect.Text;

/// <summary>Bytes as they are, with the letters they may stand for.</summary>
internal static class HexDump
{
    private const int Half = 8;
    private const int WidthOfTwoHalves = 74;

    /// <summary>Draws the bytes, eight in a row where the page is narrow.</summary>
    internal static void DrawOn(Page page, ReadOnlySpan<byte> bytes, long start, int width)
    {
        int inRow = width < WidthOfTwoHalves ? Half : 2 * Half;
        for (int at = 0; at < bytes.Length; at += inRow)
        {
            ReadOnlySpan<byte> row = bytes[at..Math.Min(bytes.Length, at + inRow)];
            StringBuilder hex = new();
            StringBuilder letters = new();
            for (int index = 0; index < row.Length; index++)
            {
                hex.Append(index == Half ? "  " : index > 0 ? " " : "").Append(
                    row[index].ToString("x2", CultureInfo.InvariantCulture));
                letters.Append(row[index] is >= 0x20 and < 0x7f ? (char)row[index] : '.');
            }

            page.Add(
                new Piece((start + at).ToString("x4", CultureInfo.InvariantCulture).PadLeft(6), Tone.Faint), "  ",
                new Piece(hex.ToString().PadRight((inRow * 3) + (inRow / Half) - 1), Tone.Value), " ",
                new Piece(letters.ToString(), Tone.Faint));
        }
    }
}
