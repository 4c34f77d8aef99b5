using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Inspect.Text;

/// <summary>Bytes as they are, sixteen in a row, with the letters they may stand for.</summary>
internal static class HexDump
{
    private const int BytesInRow = 16;

    internal static void DrawOn(Page page, ReadOnlySpan<byte> bytes, long start)
    {
        for (int at = 0; at < bytes.Length; at += BytesInRow)
        {
            ReadOnlySpan<byte> row = bytes[at..Math.Min(bytes.Length, at + BytesInRow)];
            StringBuilder hex = new();
            StringBuilder letters = new();
            for (int index = 0; index < row.Length; index++)
            {
                hex.Append(index == BytesInRow / 2 ? "  " : index > 0 ? " " : "").Append(
                    row[index].ToString("x2", CultureInfo.InvariantCulture));
                letters.Append(row[index] is >= 0x20 and < 0x7f ? (char)row[index] : '.');
            }

            page.Add(
                new Piece((start + at).ToString("x4", CultureInfo.InvariantCulture).PadLeft(6), Tone.Faint), "  ",
                new Piece(hex.ToString().PadRight((BytesInRow * 3) + 1), Tone.Value), " ", new Piece(letters.ToString(), Tone.Faint));
        }
    }
}
