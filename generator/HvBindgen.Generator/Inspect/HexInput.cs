using System.Buffers;
using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Inspect;

/// <summary>
/// Reads bytes as people have them: binary, hexadecimal digits in any grouping, the output of xxd or of <c>hexdump -C</c>,
/// a string as <c>strace -xx</c> prints it.
/// </summary>
public static class HexInput
{
    /// <summary>Longest input that is read.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads bytes.</summary>
    /// <param name="input">Content of a file.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <returns>The bytes that it stands for.</returns>
    /// <exception cref="InspectException">It is text and no hexadecimal.</exception>
    public static byte[] Read(byte[] input, string source)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length == 0)
        {
            throw new InspectException($"{source}: the input is empty", "Give a message in binary or in hexadecimal.", isInput: true);
        }

        if (!Array.TrueForAll(input, one => one is (>= 0x20 and < 0x7f) or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            return input;
        }

        string text = Encoding.ASCII.GetString(input);
        return text.Contains("\\x", StringComparison.Ordinal) ? ReadString(text, source) : ReadDigits(text, source);
    }

    // "\x01\x00\x00\x80"... : what stands between the quotes, or all of it where there are none.
    private static byte[] ReadString(string text, string source)
    {
        int start = text.IndexOf('"', StringComparison.Ordinal) + 1;
        int end = start > 0 ? text.IndexOf('"', start) : text.Length;
        string inner = text[start..(end < 0 ? text.Length : end)].Trim();
        List<byte> bytes = [];
        for (int at = 0; at < inner.Length; at += 4)
        {
            if (at + 4 > inner.Length || inner[at] != '\\' || inner[at + 1] != 'x' || !TryByte(inner.AsSpan(at + 2, 2), out byte one))
            {
                throw Fault(source, text, start + at, "a byte is written \\x and two digits");
            }

            bytes.Add(one);
        }

        return [.. bytes];
    }

    private static byte[] ReadDigits(string text, string source)
    {
        List<byte> bytes = [];
        int at = 0;
        byte[] previous = [];
        bool repeats = false;
        foreach (string line in text.Split('\n'))
        {
            // In a dump, "*" stands for lines like the one before, up to the offset that follows.
            bool isDump = OffsetDigits(line) is > 0 || (previous.Length > 0 && IsOffsetAlone(line));
            int digits = !isDump ? 0 : OffsetDigits(line) is > 0 and int offset ? offset : line.AsSpan().TrimEnd().Length;
            if (isDump && repeats)
            {
                Repeat(
                    bytes,
                    previous,
                    long.Parse(line.AsSpan(0, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    source);
                repeats = false;
            }

            if (previous.Length > 0 && line.AsSpan().Trim() is "*")
            {
                repeats = true;
            }
            else
            {
                int end = isDump ? EndOfDigits(line, digits) : line.Length;
                byte[] row = ReadLine(line[digits..end], at + digits, text, source);
                previous = isDump ? row : previous;
                bytes.AddRange(row);
            }

            at += line.Length + 1;
        }

        return bytes.Count > 0
            ? [.. bytes]
            : throw new InspectException(
                $"{source}: the input has no digits", "Give a message in binary or in hexadecimal.", isInput: true);
    }

    private static void Repeat(List<byte> bytes, byte[] row, long end, string source)
    {
        if (end > MaxBytes)
        {
            throw new InspectException(
                $"{source}: the dump goes on to byte {end}; more than {MaxBytes} are not read", "Give the message alone.", isInput: true);
        }

        while (bytes.Count < end)
        {
            bytes.AddRange(row.AsSpan(0, (int)Math.Min(row.Length, end - bytes.Count)));
        }
    }

    // Digits in pairs; spaces, commas, colons, braces and a 0x in front of a group are passed over.
    private static byte[] ReadLine(string line, int start, string text, string source)
    {
        List<byte> bytes = [];
        for (int at = 0; at < line.Length;)
        {
            if (line[at] is ' ' or '\t' or '\r' or ',' or ':' or ';' or '{' or '}')
            {
                at++;
            }
            else if (line[at] == '0' && at + 1 < line.Length && line[at + 1] is 'x' or 'X')
            {
                at += 2;
            }
            else if (at + 2 <= line.Length && TryByte(line.AsSpan(at, 2), out byte one))
            {
                bytes.Add(one);
                at += 2;
            }
            else
            {
                throw Fault(source, text, start + at, "here is no pair of hexadecimal digits");
            }
        }

        return [.. bytes];
    }

    private static bool TryByte(ReadOnlySpan<char> digits, out byte value) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static InspectException Fault(string source, string text, int at, string what)
    {
        int index = Math.Min(at, text.Length);
        int line = text.AsSpan(0, index).Count('\n') + 1;
        int column = index - text.LastIndexOf('\n', Math.Max(index - 1, 0));
        return new InspectException(
            $"{source}:{line}:{Math.Max(column, 1)}: {what}", "Binary, digits, xxd, hexdump -C and strings of strace -xx are understood.",
            isInput: true);
    }

    // "00000010: 6f72 ...  letters" of xxd, "00000010  6f 72 ...  |letters|" of hexdump -C: how long the offset is; 0 without one.
    private static int OffsetDigits(string line)
    {
        int count = CountDigits(line);
        bool isXxd = count == 8 && line.AsSpan(count) is [':', ' ', ..];
        bool isHexdump = count is 7 or 8 && line.AsSpan(count) is [' ', ' ', ..];
        return isXxd || isHexdump ? count : 0;
    }

    private static bool IsOffsetAlone(string line) => CountDigits(line) is 7 or 8 && CountDigits(line) == line.AsSpan().TrimEnd().Length;

    private static int CountDigits(string line) => line.AsSpan().IndexOfAnyExcept(HexDigits) is >= 0 and int end ? end : line.Length;

    // The letters of a dump stand behind two spaces (xxd) or a bar (hexdump -C).
    private static int EndOfDigits(string line, int start)
    {
        bool isXxd = start < line.Length && line[start] == ':';
        int end = isXxd
            ? line.IndexOf("  ", Math.Min(start + 2, line.Length), StringComparison.Ordinal)
            : line.IndexOf('|', start);
        return end < 0 ? line.Length : end;
    }
}
