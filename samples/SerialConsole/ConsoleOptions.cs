namespace SerialConsole;

/// <summary>What the command line asks for.</summary>
/// <param name="Script">Keys to type, instead of standard input; null for none.</param>
/// <param name="TimeLimit">How long the guest may run; null for as long as it likes.</param>
internal sealed record ConsoleOptions(byte[]? Script, TimeSpan? TimeLimit)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        SerialConsole [--script FILE|TEXT] [--timeout SECONDS]
          --script FILE|TEXT   types the contents of a file, or the text itself, and ends when the guest has answered it;
                               \r, \n, \t, \xNN and \\ in a text stand for what they do in C
          --timeout SECONDS    ends with exit code 1 if the guest takes longer; 60 with --script, else unlimited
        """;

    private static readonly TimeSpan ScriptLimit = TimeSpan.FromSeconds(60);

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <exception cref="ArgumentException">They are not as <see cref="Usage"/> says.</exception>
    public static ConsoleOptions Parse(string[] arguments)
    {
        byte[]? script = null;
        TimeSpan? limit = null;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--script" when value is not null:
                    script = File.Exists(value) ? File.ReadAllBytes(value) : Unescape(value);
                    break;
                case "--timeout" when double.TryParse(value, out double seconds) && seconds is > 0 and < 1e6:
                    limit = TimeSpan.FromSeconds(seconds);
                    break;
                default:
                    throw new ArgumentException($"Cannot make sense of '{arguments[i]}{(value is null ? "" : " " + value)}'.");
            }
        }

        return new ConsoleOptions(script, limit ?? (script is null ? null : ScriptLimit));
    }

    private static byte[] Unescape(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(text, i, char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) ? 1 : 0;
                continue;
            }

            string rest = text[(i + 1)..];
            (byte value, int length) = rest switch
            {
                ['r', ..] => ((byte)'\r', 1),
                ['n', ..] => ((byte)'\n', 1),
                ['t', ..] => ((byte)'\t', 1),
                ['\\', ..] => ((byte)'\\', 1),
                ['x', char high, char low, ..] when char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) =>
                    (Convert.FromHexString([high, low])[0], 3),
                _ => throw new ArgumentException($"'\\{rest}' in the script is none of \\r, \\n, \\t, \\xNN and \\\\."),
            };
            bytes.Add(value);
            i += length;
        }

        return [.. bytes];
    }
}
