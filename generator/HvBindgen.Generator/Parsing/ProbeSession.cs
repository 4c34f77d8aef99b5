using HvBindgen.Generator.Clang;

namespace HvBindgen.Generator.Parsing;

/// <summary>The parses of one request. Their units live as long as the session: declarations of each refer to its tree.</summary>
internal sealed class ProbeSession(ParseRequest request) : IDisposable
{
    /// <summary>A name that can be no header's: clang's messages about the probe's own lines carry it.</summary>
    internal const string FileName = "<header set>";

    private readonly List<TranslationUnit> units = [];

    /// <summary>Parses the headers and asks about macros after them.</summary>
    /// <exception cref="HeaderParseException">The headers themselves do not parse.</exception>
    internal ProbedUnit Parse(ProbeQuestions questions)
    {
        MacroProbe probe = MacroProbe.Write(request.Headers, questions);
        TranslationUnit unit = TranslationUnit.Parse(FileName, probe.Source, Arguments())
            ?? throw Fault($"clang gave up on the set for {request.Target.Triple}: does this libclang know the target?");
        units.Add(unit);

        List<HeaderFault> faults = [];
        HashSet<int> faultyLines = [];
        foreach (ClangDiagnostic diagnostic in unit.Diagnostics())
        {
            if (!diagnostic.IsError)
            {
                continue;
            }

            if (diagnostic.Place.File == FileName && diagnostic.Place.Line >= probe.FirstProbeLine)
            {
                faultyLines.Add(diagnostic.Place.Line);
            }
            else
            {
                faults.Add(new HeaderFault(diagnostic.Place.File, diagnostic.Place.Line, diagnostic.Place.Column, diagnostic.Message));
            }
        }

        if (faults.Count > 0)
        {
            throw new HeaderParseException(request.Set, request.Target.Name, faults);
        }

        int expectedBits = request.Target.PointerBytes * 8;
        return unit.PointerWidthBits == expectedBits
            ? new ProbedUnit(unit, faultyLines)
            : throw Fault($"clang compiled for {unit.PointerWidthBits}-bit pointers, {request.Target.Name} has {expectedBits}-bit ones");
    }

    /// <inheritdoc/>
    public void Dispose() => units.ForEach(unit => unit.Dispose());

    // -nostdinc: what the machine happens to have under /usr/include must not get in.
    private List<string> Arguments()
    {
        List<string> arguments =
        [
            "-xc", "-std=gnu11", $"--target={request.Target.Triple}", "-ferror-limit=0", "-nostdinc", "-Wno-everything",
            .. request.Defines.Select(define => $"-D{define}"),
        ];
        foreach (string folder in request.IncludePaths)
        {
            arguments.Add("-isystem");
            arguments.Add(folder);
        }

        return arguments;
    }

    private HeaderParseException Fault(string message) =>
        new(request.Set, request.Target.Name, [new HeaderFault(FileName, 1, 1, message)]);
}

/// <summary>A parsed unit with the lines of the probe, from 1, on which the compiler found errors.</summary>
internal sealed record ProbedUnit(TranslationUnit Unit, IReadOnlySet<int> FaultyLines);
