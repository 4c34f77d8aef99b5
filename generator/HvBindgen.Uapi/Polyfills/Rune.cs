using System.Globalization;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>A character of Unicode, of one or two <see cref="char"/>.</summary>
internal readonly struct Rune
{
    private readonly string text;

    internal Rune(string text) => this.text = text;

    internal bool IsBmp => text.Length == 1;

    internal int Value => IsBmp ? text[0] : char.ConvertToUtf32(text, 0);

    public override string ToString() => text;

    internal static UnicodeCategory GetUnicodeCategory(Rune rune) => CharUnicodeInfo.GetUnicodeCategory(rune.text, 0);
}
