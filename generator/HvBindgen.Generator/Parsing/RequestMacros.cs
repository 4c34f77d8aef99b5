namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Tells the macros that can come to one of those that make ioctl requests. About the others the compiler is not asked what argument
/// they name: for a set with many flags, <c>BIT(3)</c>, that would be most of its questions.
/// </summary>
/// <remarks>
/// Every header is looked through that the compiler may open, whoever's it is, and every branch of it. Where the text of a definition
/// does not tell what it comes to, it may come to anything.
/// </remarks>
internal sealed class RequestMacros
{
    private readonly HashSet<string> reaching;

    internal RequestMacros(HeaderMacros macros) => reaching = new MacroUsers(macros.Definitions).WithUsers(
        [.. Makers, .. macros.Definitions.Where(macro => MayNameAnything(macro.Body)).Select(macro => macro.Name)]);

    /// <summary>The macros of <c>asm/ioctl.h</c> that make a request.</summary>
    internal static IReadOnlyList<string> Makers { get; } = ["_IO", "_IOR", "_IOW", "_IOWR", "_IOC"];

    /// <summary>Whether the macro can come to a request.</summary>
    internal bool MayBeRequest(string macro) => reaching.Contains(macro);

    // Names that are made of parts or written in another way, and a line that goes on where only a compiler sees that it does.
    private static bool MayNameAnything(string body) =>
        body.Contains("##", StringComparison.Ordinal) || body.Contains("%:", StringComparison.Ordinal)
        || body.AsSpan().ContainsAny('\\', '"');
}
