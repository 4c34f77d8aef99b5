using HvBindgen.Generator.Inspect;

namespace HvBindgen.Cli;

/// <summary>Prints pages: as wide as the terminal and with colours there, uncut and plain elsewhere.</summary>
internal static class PageOutput
{
    private const int LeastWidth = 40;

    /// <summary>Columns of the terminal that results go to; no limit where they go elsewhere.</summary>
    internal static int WidthOf(Terminal terminal) => terminal.IsOutTerminal && Console.WindowWidth > 0
        ? Math.Max(Console.WindowWidth, LeastWidth)
        : Page.Unlimited;

    /// <summary>Prints a page.</summary>
    internal static void Print(Page page, Terminal terminal) => page.Write(terminal.Out, terminal.IsOutTerminal && Terminal.WantsColour);
}
