using System.Globalization;
using HvBindgen.Generator.Clang;

namespace HvBindgen.Generator.Parsing;

/// <summary>The parses of one request. Their units live as long as the session: declarations of each refer to its tree.</summary>
internal sealed class ProbeSession(ParseRequest request, IncludeGuard guard) : IDisposable
{
    /// <summary>A name that can be no header's: clang's messages about the probe's own lines carry it.</summary>
    internal const string FileName = "<header set>";

    private readonly List<TranslationUnit> units = [];
    private int parses;
    private int lines;

    /// <summary>Parses the headers and asks about macros after them.</summary>
    /// <exception cref="HeaderParseException">The headers themselves do not parse.</exception>
    internal ProbedUnit Parse(ProbeQuestions questions)
    {
        MacroProbe probe = MacroProbe.Write(request.Headers, questions);
        parses++;
        lines += probe.Lines;
        TranslationUnit unit = TranslationUnit.Parse(FileName, probe.Source, Arguments())
            ?? throw Fault($"clang gave up on the set for {request.Target.Triple}: does this libclang know the target?");
        units.Add(unit);
        guard.RequireAfter(unit.IncludedFiles());

        List<HeaderFault> faults = [];
        List<HeaderFault> warnings = [];
        Dictionary<int, string> faultyLines = [];
        HashSet<string> undefined = new(StringComparer.Ordinal);
        foreach (ClangDiagnostic diagnostic in unit.Diagnostics())
        {
            (string file, int line, int column) = diagnostic.Place;
            if (file == FileName && line >= probe.FirstProbeLine)
            {
                bool isUndefined = HasNoValue(diagnostic) && probe.ValueAt(line) is { } macro && !questions.Choosing.Contains(macro);
                if (diagnostic.IsError || isUndefined)
                {
                    faultyLines.TryAdd(line, diagnostic.Message);
                }

                if (isUndefined)
                {
                    undefined.Add(probe.ValueAt(line)!);
                }
            }
            else if (diagnostic.IsError && file == FileName && probe.HeaderEndingAt(line) is { } header)
            {
                faults.Add(EndFault(header, diagnostic.Message));
            }
            else if (diagnostic.IsError || diagnostic.IsWarning)
            {
                (diagnostic.IsError ? faults : warnings).Add(new HeaderFault(file, line, column, diagnostic.Message, diagnostic.IsWarning));
            }
        }

        if (faults.Count > 0)
        {
            // What follows from a header that is not there would bury it.
            int missing = faults.FindIndex(fault => fault.IsMissingHeader);
            throw new HeaderParseException(request.Set, request.Target.Name, missing < 0 ? faults : faults[..(missing + 1)]);
        }

        int expectedBits = request.Target.PointerBytes * 8;
        return unit.PointerWidthBits == expectedBits
            ? new ProbedUnit(unit, faultyLines, warnings, FaultsOfValues(probe, faultyLines), undefined)
            : throw Fault($"clang compiled for {unit.PointerWidthBits}-bit pointers, {request.Target.Name} has {expectedBits}-bit ones");
    }

    /// <summary>In words, what clang was given since this was asked last.</summary>
    internal string Spent()
    {
        string words = string.Create(
            CultureInfo.InvariantCulture, $"{parses} {(parses == 1 ? "parse" : "parses")}, {lines} lines beside the headers");
        (parses, lines) = (0, 0);
        return words;
    }

    /// <summary>Refuses headers that end inside a function's body: clang skips those, and with it all that follows.</summary>
    /// <param name="endedHeaders">Number of headers whose end was seen.</param>
    /// <exception cref="HeaderParseException">There are more.</exception>
    internal void RequireEnds(int endedHeaders)
    {
        if (endedHeaders < request.Headers.Count)
        {
            throw new HeaderParseException(
                request.Set, request.Target.Name, [EndFault(request.Headers[endedHeaders], "a brace is not closed")]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => units.ForEach(unit => unit.Dispose());

    // -fbracket-depth: since version 21 clang allows more than the stack of its thread has place for.
    // -nostdinc: what the machine happens to have under /usr/include, or with its compilers, must not get in. --gcc-toolchain: nor is it
    // looked for, in a hundred places. -Wsystem-headers: -isystem folders are searched in the order given, but clang keeps its warnings
    // about them to itself.
    private List<string> Arguments()
    {
        List<string> arguments =
        [
            "-xc", "-std=gnu11", $"--target={request.Target.Triple}", "-ferror-limit=0", $"-fbracket-depth={NestingScan.Most}",
            "-nostdinc", "--gcc-toolchain=/dev/null", "-Wsystem-headers",
            .. request.Flags,
            .. request.Defines.Select(define => $"-D{define}"),
        ];
        if (request.Flags.FirstOrDefault(flag => !CompilerFlags.IsKnown(flag)) is { } unknown)
        {
            throw Fault($"{unknown} is no flag that a set may have. {CompilerFlags.Known}");
        }

        foreach (string folder in request.SearchedFolders)
        {
            arguments.Add("-isystem");
            arguments.Add(folder);
        }

        return arguments;
    }

    // C gives such an expression no value or no type, and clang and gcc each one of their own: 1 << 33 is -2147483648 or 0, and '\u00e9',
    // two bytes in UTF-8, a number to gcc and nothing to clang.
    private static bool HasNoValue(ClangDiagnostic diagnostic) =>
        diagnostic.Message.StartsWith("shift count ", StringComparison.Ordinal)
        || diagnostic.Message.StartsWith("integer literal is too large", StringComparison.Ordinal)
        || diagnostic.Message.StartsWith("character too large for enclosing character literal", StringComparison.Ordinal)
        || diagnostic.Message.EndsWith(" escape sequence out of range", StringComparison.Ordinal);

    private HeaderFault EndFault(string header, string words)
    {
        string file = HeaderFiles.Find(header, request.IncludePaths) ?? header;
        return new HeaderFault(file, File.ReadLines(file).Count(), 1, $"the header ends inside a declaration (clang: {words})");
    }

    private static Dictionary<string, string> FaultsOfValues(MacroProbe probe, Dictionary<int, string> faultyLines)
    {
        Dictionary<string, string> faults = new(StringComparer.Ordinal);
        foreach ((int line, string words) in faultyLines)
        {
            if (probe.ValueAt(line) is { } macro)
            {
                faults.Add(macro, words);
            }
        }

        return faults;
    }

    private HeaderParseException Fault(string message) =>
        new(request.Set, request.Target.Name, [new HeaderFault(FileName, 1, 1, message)]);
}

/// <summary>A parsed unit.</summary>
/// <param name="Unit">The tree.</param>
/// <param name="FaultyLines">Lines of the probe, from 1, on which the compiler found errors, with its words.</param>
/// <param name="Warnings">What it warns of in the headers.</param>
/// <param name="MacroFaults">Macros that it refused as values, with its words.</param>
/// <param name="Undefined">Those of them that C gives no value, and each compiler one of its own.</param>
internal sealed record ProbedUnit(
    TranslationUnit Unit,
    IReadOnlyDictionary<int, string> FaultyLines,
    IReadOnlyList<HeaderFault> Warnings,
    IReadOnlyDictionary<string, string> MacroFaults,
    IReadOnlySet<string> Undefined);
