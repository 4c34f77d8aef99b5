using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HvBindgen.Uapi.Names;

/// <summary>Reads <c>uapi.txt</c>: a name a line, as people write and copy it.</summary>
internal static class NameList
{
    private const string FileName = "uapi.txt";
    private const string PublicWord = "public ";

    /// <summary>Whether a file lists names: <c>uapi.txt</c>, or <c>anything.uapi.txt</c>.</summary>
    internal static bool IsList(string path)
    {
        string name = Path.GetFileName(path);
        return name.Equals(FileName, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("." + FileName, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The lines that ask for something.</summary>
    internal static NameLines Read(AdditionalText file, CancellationToken cancellation) => new(
        file.GetText(cancellation) is { } text
            ? EquatableArray.From(text.Lines.Select(line => Read(file.Path, line)).OfType<NameLine>())
            : []);

    private static NameLine? Read(string path, TextLine line)
    {
        string text = line.ToString();
        int start = 0;
        int end = EndOf(text);
        while (start < end && IsBlank(text[start]))
        {
            start++;
        }

        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        NamePlace place = new(path, line.Start + start, end - start, line.LineNumber, start);
        bool isLeftOut = start < end && text[start] == '-';
        string rest = string.Concat(text.Substring(start, end - start).Where(letter => !IsHidden(letter)));
        rest = isLeftOut ? rest.Substring(1).TrimStart() : rest;
        bool isPublic = rest.StartsWith(PublicWord, StringComparison.Ordinal);
        rest = isPublic ? rest.Substring(PublicWord.Length).TrimStart() : rest;
        return rest.Length == 0 ? null : new NameLine(rest, isLeftOut, isPublic, place);
    }

    // No name has a '#'. A header's name has single slashes.
    private static int EndOf(string line)
    {
        int number = line.IndexOf('#');
        int slashes = line.IndexOf("//", StringComparison.Ordinal);
        return Math.Min(number < 0 ? line.Length : number, slashes < 0 ? line.Length : slashes);
    }

    private static bool IsBlank(char letter) => char.IsWhiteSpace(letter) || IsHidden(letter);

    // What documents and web pages put between words: zero-width spaces and joiners, a byte order mark, a soft hyphen.
    private static bool IsHidden(char letter) => letter is (>= '\u200b' and <= '\u200f') or '\u2060' or '\ufeff' or '\u00ad';
}
