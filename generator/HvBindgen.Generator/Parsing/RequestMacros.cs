using HvBindgen.Generator.Model;

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
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<(string Header, int Line)> seen = [];

    private RequestMacros(IEnumerable<(string Header, SourceText Source)> headers, IEnumerable<string> defines)
    {
        List<MacroDefinition> macros = [.. defines.Select(ReadDefine)];
        foreach ((string header, SourceText source) in headers)
        {
            names.Add(header);
            macros.AddRange(source.Macros);
            seen.UnionWith(source.Macros.Select(macro => (header, macro.Line)));
        }

        reaching = new MacroUsers(macros).WithUsers(
            [.. Makers, .. macros.Where(macro => MayNameAnything(macro.Body)).Select(macro => macro.Name)]);
    }

    /// <summary>The macros of <c>asm/ioctl.h</c> that make a request.</summary>
    internal static IReadOnlyList<string> Makers { get; } = ["_IO", "_IOR", "_IOW", "_IOWR", "_IOC"];

    /// <summary>Looks through all headers that a parse may open.</summary>
    internal static RequestMacros Of(HeaderFiles files, IncludeGuard guard, ParseRequest request) =>
        new(guard.Passed.Select(file => (files.Identify(file).Name, guard.TextOf(file).ReadSource())), request.Defines);

    /// <summary>Whether the macro can come to a request.</summary>
    internal bool MayBeRequest(string macro) => reaching.Contains(macro);

    /// <summary>Whether a definition that the compiler saw is among those that were looked through.</summary>
    /// <remarks>The tool's own headers are not looked through, and define no request.</remarks>
    internal bool HasSeen(SourceLocation location) =>
        seen.Contains((location.Header, location.Line))
        || (!names.Contains(location.Header) && FreestandingHeaders.Have(location.Header));

    // Names that are made of parts or written in another way, and a line that goes on where only a compiler sees that it does.
    private static bool MayNameAnything(string body) =>
        body.Contains("##", StringComparison.Ordinal) || body.Contains("%:", StringComparison.Ordinal)
        || body.AsSpan().ContainsAny('\\', '"');

    // NAME, NAME=value or NAME(x)=value, as on the compiler's command line.
    private static MacroDefinition ReadDefine(string define)
    {
        int position = 0;
        string name = MacroUsers.NextWord(define, ref position).ToString();
        return new MacroDefinition(name, "", define[position..], 0);
    }
}
