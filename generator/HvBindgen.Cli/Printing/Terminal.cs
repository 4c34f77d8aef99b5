using HvBindgen.Generator;
using HvBindgen.Generator.Inspect;

namespace HvBindgen.Cli.Printing;

/// <summary>
/// Where a command prints: results to one stream, messages to the other; as wide as the terminal and with colours where a person looks.
/// </summary>
/// <param name="output">Receives results.</param>
/// <param name="error">Receives messages.</param>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private const int LeastWidth = 40;
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>For results that another program may read.</summary>
    internal TextWriter Out { get; } = output;

    /// <summary>For messages to the user.</summary>
    internal TextWriter Error { get; } = error;

    /// <summary>Whether results go to a terminal.</summary>
    internal bool IsOutTerminal => ReferenceEquals(Out, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Whether messages go to a terminal.</summary>
    internal bool IsErrorTerminal => ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected;

    /// <summary>Whether messages go to a terminal on which a line can be written anew.</summary>
    internal bool CanRewriteLines => IsErrorTerminal && !IsDumb;

    /// <summary>Columns of the terminal that results go to; no limit where they go elsewhere.</summary>
    internal int Width => IsOutTerminal ? ConsoleWidth : Page.Unlimited;

    /// <summary>Whether drawings must do with ASCII: the process prints, and its locale has no UTF-8. See locale(7).</summary>
    internal bool IsAscii => ReferenceEquals(Out, Console.Out) && !IsLocaleUtf8;

    /// <summary>Whether results on a terminal are coloured.</summary>
    internal bool IsColoured => IsOutTerminal && WantsColour;

    /// <summary>Whether colours are welcome on a terminal. See no-color.org.</summary>
    internal static bool WantsColour => !IsSet("NO_COLOR") && !IsDumb;

    /// <summary>Whether the locale's letters are those of UTF-8.</summary>
    internal static bool IsLocaleUtf8
    {
        get
        {
            string? locale = Array.Find(LocaleVariables, IsSet) is { } name ? Environment.GetEnvironmentVariable(name) : null;
            return locale is not null && (locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
                || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    // A terminal that does not tell its size says 0.
    private static int ConsoleWidth => Console.WindowWidth > 0 ? Math.Max(Console.WindowWidth, LeastWidth) : Page.Unlimited;

    /// <summary>Prints a page.</summary>
    internal void Print(Page page) => page.Write(Out, IsColoured, Width, IsAscii);

    /// <summary>Prints lines of a report, which may quote names and words of files that anybody has written.</summary>
    internal void Print(string text) => PrintAsItIs(VisibleText.OfLines(text));

    /// <summary>Prints lines of a report that has colours, and in which every name is shown by <see cref="VisibleText"/> already.</summary>
    internal void PrintAsItIs(string text) => Out.Write(LineFolding.Fold(text, Width));

    /// <summary>Tells the user something, which may quote what anybody has written.</summary>
    internal void Tell(string message) => TellAsItIs(VisibleText.OfLines(message));

    /// <summary>Prints what went wrong and what helps.</summary>
    internal void Fail(string message, string? remedy = null)
    {
        message = VisibleText.OfLines(message);
        bool isColoured = IsErrorTerminal && WantsColour;
        TellAsItIs(isColoured ? $"\e[31merror:\e[0m {message}" : $"error: {message}");
        if (!string.IsNullOrEmpty(remedy))
        {
            Tell(remedy);
        }
    }

    private void TellAsItIs(string message) =>
        Error.WriteLine(LineFolding.Fold(message, IsErrorTerminal ? ConsoleWidth : Page.Unlimited));
}
