using System.Buffers;

namespace HvBindgen.Generator.Inspect.Text;

/// <summary>The letters that pages are drawn with, and what stands for each where a terminal has ASCII alone.</summary>
internal static class DrawingLetters
{
    private const string Drawn = "─│╴╶╵╷┌┐└┘├┤┬┴┼░⋮…▶";
    private const string Ascii = "-|--||+++++++++.:~>";
    private static readonly SearchValues<char> AllDrawn = SearchValues.Create(Drawn);

    internal static string ToAscii(string text)
    {
        if (!text.AsSpan().ContainsAny(AllDrawn))
        {
            return text;
        }

        return string.Create(text.Length, text, static (letters, from) =>
        {
            for (int index = 0; index < letters.Length; index++)
            {
                int drawn = Drawn.IndexOf(from[index], StringComparison.Ordinal);
                letters[index] = drawn < 0 ? from[index] : Ascii[drawn];
            }
        });
    }
}
