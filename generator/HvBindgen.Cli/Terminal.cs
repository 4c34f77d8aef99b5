using HvBindgen.Generator;

namespace HvBindgen.Cli;

/// <summary>Where a command prints: results to one stream, messages to the other, colours only where a person looks.</summary>
/// <param name="output">Receives results.</param>
/// <param name="error">Receives messages.</param>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    /// <summary>For results that another program may read.</summary>
    internal TextWriter Out { get; } = output;

    /// <summary>For messages to the user.</summary>
    internal TextWriter Error { get; } = error;

    /// <summary>Whether results go to a terminal.</summary>
    internal bool IsOutTerminal => ReferenceEquals(Out, Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Whether messages go to a terminal.</summary>
    internal bool IsErrorTerminal => ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected;

    /// <summary>Whether colours are welcome on a terminal. See no-color.org.</summary>
    internal static bool WantsColour =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Prints what went wrong and what helps.</summary>
    internal void Fail(string message, string? remedy = null)
    {
        // Messages quote names and words of files that anybody may have written.
        message = VisibleText.OfLines(message);
        bool isColoured = IsErrorTerminal && WantsColour;
        Error.WriteLine(isColoured ? $"\e[31merror:\e[0m {message}" : $"error: {message}");
        if (!string.IsNullOrEmpty(remedy))
        {
            Error.WriteLine(VisibleText.OfLines(remedy));
        }
    }
}
