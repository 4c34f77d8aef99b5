using System.Globalization;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Looks through a header for what compilers read by calling themselves again: operators, casts and conditions inside each other, and
/// bounds of arrays in a row. They take as many as their stack has place for, and end the process at the next.
/// </summary>
/// <remarks>
/// Brackets are not counted, the compiler does that. It is the text that is looked at, without conditions, and without what macros make of
/// each other. Where a bracket may be a cast's, and a sign an operator before one operand, it counts: real headers are far from the limit.
/// </remarks>
internal ref struct NestingScan
{
    /// <summary>How many there may be inside each other, and brackets too.</summary>
    /// <remarks>clang's own limit of brackets until version 20. Its versions have place for some thousand.</remarks>
    internal const int Most = 256;

    /// <summary>What is said of a header with more.</summary>
    internal static readonly string Refusal = string.Create(
        CultureInfo.InvariantCulture,
        $"more than {Most} operators, casts, conditions or bounds of arrays inside each other: compilers have no stack for any number");

    // Brackets that are open at once. Branches that exclude each other may each open one that is closed behind both.
    private const int MostLevels = 4 * Most;

    private readonly ReadOnlySpan<byte> text;
    private readonly Stack<Level> outer = new();
    private Stopped? aroundDirective;
    private Level level;
    private int position;
    private int depth;
    private bool isBehindOperand;

    // Behind a name, or sizeof: a bracket there has an operand in it, or the arguments of a call, and is no cast.
    private bool isBehindName;

    private NestingScan(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>What is between two brackets.</summary>
    /// <param name="Start">Depth at the opening one.</param>
    /// <param name="Base">Depth of the next operand there.</param>
    /// <param name="IsOperand">Whether the two, with what is between them, are one.</param>
    private record struct Level(int Start, int Base, bool IsOperand);

    /// <summary>Where the text was before a directive: behind that it goes on.</summary>
    private readonly record struct Stopped(Level Level, int OuterCount, int Depth, bool IsBehindOperand);

    /// <summary>Finds the first place where there are more.</summary>
    /// <param name="text">The header's bytes.</param>
    /// <returns>Its line, from 1; null where there is none.</returns>
    internal static int? FindTooDeep(ReadOnlySpan<byte> text)
    {
        byte[]? joined = text.Contains((byte)'\\') ? JoinLines(text) : null;
        NestingScan scan = new(joined ?? text);
        return scan.Find() ? LineAt(text, scan.position) : null;
    }

    private bool Find()
    {
        while (position < text.Length)
        {
            byte letter = text[position++];
            if (IsWord(letter))
            {
                ReadWord();
            }
            else
            {
                Read(letter);
            }

            if (depth > Most)
            {
                return true;
            }
        }

        return false;
    }

    private void Read(byte letter)
    {
        switch (letter)
        {
            case (byte)'\n':
                LeaveDirective();
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\v' or (byte)'\f':
                break;
            case (byte)'/' when IsNext('*'):
                position++;
                Skip("*/"u8, isSkippedToo: true);
                break;
            case (byte)'/' when IsNext('/'):
                Skip("\n"u8, isSkippedToo: false);
                break;
            case (byte)'#' when aroundDirective is null && BeginsLine():
                aroundDirective = new Stopped(level, outer.Count, depth, isBehindOperand);
                level = default;
                Operator(depth: 0);
                break;
            case (byte)'"' or (byte)'\'':
                SkipLiteral(letter);
                Operand(isName: false);
                break;
            case (byte)'(' or (byte)'{' or (byte)'[':
                Open(isOperand: letter != '(' || isBehindName);
                break;
            case (byte)')' or (byte)'}' or (byte)']':
                Close(isBlock: letter == '}');
                break;
            case (byte)';' or (byte)',':
                level.Base = level.Start;
                Operator(depth: level.Base);
                break;
            case (byte)'?' or (byte)'=' when letter == '?' || !IsNext('='):
                Operator(depth: ++level.Base); // what follows belongs to it, up to the end
                break;
            case (byte)'!' or (byte)'=' or (byte)'<' or (byte)'>' when IsNext('='):
                position++;
                Operator(depth: level.Base);
                break;
            case (byte)'-' or (byte)'+' or (byte)'!' or (byte)'~' or (byte)'*' or (byte)'&' when !isBehindOperand:
                Operator(depth: depth + 1);
                break;
            default:
                Operator(depth: level.Base);
                break;
        }
    }

    private void ReadWord()
    {
        int start = position - 1;
        while (position < text.Length && IsWord(text[position]))
        {
            position++;
        }

        ReadOnlySpan<byte> word = text[start..position];
        if (word.SequenceEqual("__extension__"u8))
        {
            Operator(depth: depth + 1);
        }
        else if (word.SequenceEqual("sizeof"u8) || word.SequenceEqual("_Alignof"u8) || word.SequenceEqual("alignof"u8)
            || word.SequenceEqual("__alignof__"u8) || word.SequenceEqual("__alignof"u8))
        {
            Operator(depth: depth + 1);
            isBehindName = true;
        }
        else
        {
            Operand(isName: true);
        }
    }

    private void Operand(bool isName)
    {
        depth = level.Base;
        isBehindOperand = true;
        isBehindName = isName;
    }

    private void Operator(int depth)
    {
        this.depth = depth;
        isBehindOperand = isBehindName = false;
    }

    private void Open(bool isOperand)
    {
        if (outer.Count < MostLevels)
        {
            outer.Push(level);
        }

        level = new Level(depth, depth, isOperand);
        isBehindOperand = isBehindName = false;
    }

    // What a cast stands before is still to come, and may be one more. Of bounds each is inside the next.
    private void Close(bool isBlock)
    {
        Level closed = level;
        level = outer.Count > (aroundDirective?.OuterCount ?? 0) ? outer.Pop() : default;
        depth = isBlock ? level.Base : closed.Start + 1;
        isBehindOperand = closed.IsOperand;
        isBehindName = false;
    }

    // What it has open is not closed behind it.
    private void LeaveDirective()
    {
        if (aroundDirective is { } before)
        {
            while (outer.Count > before.OuterCount)
            {
                _ = outer.Pop();
            }

            aroundDirective = null;
            (level, depth, isBehindOperand, isBehindName) = (before.Level, before.Depth, before.IsBehindOperand, false);
        }
    }

    private readonly bool BeginsLine()
    {
        ReadOnlySpan<byte> before = text[..(position - 1)].TrimEnd(" \t\r\v\f"u8);
        return before.IsEmpty || before[^1] == '\n';
    }

    private readonly bool IsNext(char letter) => position < text.Length && text[position] == letter;

    private void Skip(ReadOnlySpan<byte> end, bool isSkippedToo)
    {
        int found = text[position..].IndexOf(end);
        position = found < 0 ? text.Length : position + found + (isSkippedToo ? end.Length : 0);
    }

    private void SkipLiteral(byte quote)
    {
        while (position < text.Length && text[position] != quote && text[position] != '\n')
        {
            position += text[position] == '\\' && position + 1 < text.Length && text[position + 1] != '\n' ? 2 : 1;
        }

        position += IsNext((char)quote) ? 1 : 0;
    }

    // As the compiler does before it looks for anything else: a word, or the end of a comment, may go over two lines.
    private static byte[] JoinLines(ReadOnlySpan<byte> text)
    {
        byte[] joined = new byte[text.Length];
        int length = 0;
        while (text.IndexOf((byte)'\\') is >= 0 and int found)
        {
            int end = LengthOfJoint(text[found..]);
            int kept = end == 0 ? found + 1 : found;
            text[..kept].CopyTo(joined.AsSpan(length));
            length += kept;
            text = text[(found + Math.Max(end, 1))..];
        }

        text.CopyTo(joined.AsSpan(length));
        return joined[..(length + text.Length)];
    }

    // Of a backslash that only blanks separate from the line's end; 0 for any other.
    private static int LengthOfJoint(ReadOnlySpan<byte> text)
    {
        int blanks = text[1..].IndexOfAnyExcept(" \t\r\v\f"u8);
        return blanks >= 0 && text[1 + blanks] == '\n' ? blanks + 2 : 0;
    }

    // The line that a place in the text of joined lines is in.
    private static int LineAt(ReadOnlySpan<byte> text, int joinedPosition)
    {
        int line = 1;
        int at = 0;
        while (joinedPosition > 0)
        {
            int joint = text[at] == '\\' ? LengthOfJoint(text[at..]) : 0;
            line += joint > 0 || text[at] == '\n' ? 1 : 0;
            at += Math.Max(joint, 1);
            joinedPosition -= joint > 0 ? 0 : 1;
        }

        return line;
    }

    private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'_' or (byte)'$' or >= 0x80;
}
