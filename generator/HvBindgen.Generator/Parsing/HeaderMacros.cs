using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>The macros of all headers that a parse may open, whoever's they are, in every branch, and of the command line.</summary>
internal sealed class HeaderMacros
{
    private readonly List<MacroDefinition> definitions;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<(string Header, int Line)> seen = [];

    private HeaderMacros(IEnumerable<(string Header, SourceText Source)> headers, IEnumerable<string> defines)
    {
        definitions = [.. defines.Select(ReadDefine)];
        foreach ((string header, SourceText source) in headers)
        {
            names.Add(header);
            definitions.AddRange(source.Macros);
            seen.UnionWith(source.Macros.Select(macro => (header, macro.Line)));
        }
    }

    /// <summary>One for each <c>#define</c>.</summary>
    internal IReadOnlyList<MacroDefinition> Definitions => definitions;

    /// <summary>Looks through all headers that a parse may open.</summary>
    internal static HeaderMacros Of(HeaderFiles files, IncludeGuard guard, ParseRequest request) =>
        new(guard.Passed.Select(file => (files.Identify(file).Name, guard.TextOf(file).ReadSource())), request.Defines);

    /// <summary>Whether a definition that the compiler saw is among those that were looked through.</summary>
    /// <remarks>The tool's own headers are not looked through, and define neither requests nor what others' flags are made of.</remarks>
    internal bool HasSeen(SourceLocation location) =>
        seen.Contains((location.Header, location.Line))
        || (!names.Contains(location.Header) && FreestandingHeaders.Have(location.Header));

    // NAME, NAME=value or NAME(x)=value, as on the compiler's command line.
    private static MacroDefinition ReadDefine(string define)
    {
        int position = 0;
        string name = MacroUsers.NextWord(define, ref position).ToString();
        string rest = define[position..];
        return new MacroDefinition(name, "", rest.Length == 0 ? "1" : rest[0] == '=' ? rest[1..] : rest, 0);
    }
}
