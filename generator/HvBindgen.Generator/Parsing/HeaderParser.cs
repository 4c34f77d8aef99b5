using System.Globalization;
using System.Runtime.ExceptionServices;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Parses one header set for one target into a model.</summary>
public static class HeaderParser
{
    // What a thread can wait for another.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>
    /// Makes the thread of the next parse with a deadline: while a library is loaded the system makes none, and what comes before clang
    /// would wait.
    /// </summary>
    public static void PrepareThread() => ParserThread.Prepare();

    /// <summary>What each thread does that parses with a deadline, before its first parse; null for nothing.</summary>
    public static Action? ThreadStarts
    {
        get => ParserThread.Starts;
        set => ParserThread.Starts = value;
    }

    /// <summary>Parses a header set. libclang must have been loaded (<see cref="LibClangLocator"/>), or be on its way
    /// (<see cref="ParseRequest.Compiler"/>).</summary>
    /// <param name="request">What to parse.</param>
    /// <returns>The model, with what the headers declare beside it.</returns>
    /// <exception cref="HeaderParseException">
    /// clang reports an error, a declaration cannot be held by the model, or a header includes what it has no right to.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// The parse did not come to its end within the request's deadline: there is text on which clang turns in a circle. Nothing can stop
    /// it there; it goes on in the background until the process ends.
    /// </exception>
    public static ParsedHeaders Parse(ParseRequest request)
    {
        if (request.Deadline == Timeout.InfiniteTimeSpan)
        {
            return ParseToTheEnd(request);
        }

        ParsedHeaders? parsed = null;
        ExceptionDispatchInfo? fault = null;
        bool hasEnded = ParserThread.Run(
            () =>
            {
                try
                {
                    parsed = ParseToTheEnd(request);
                }
                catch (Exception thrown)
                {
                    fault = ExceptionDispatchInfo.Capture(thrown);
                }
            },
            request.Deadline < LongestWait ? request.Deadline : LongestWait);
        if (!hasEnded)
        {
            throw new TimeoutException(
                $"{request.Set} for {request.Target.Name} ({string.Join(", ", request.Headers.Select(VisibleText.Of))}): parsing is not "
                + string.Create(CultureInfo.InvariantCulture, $"done within {request.Deadline.TotalSeconds} seconds"));
        }

        fault?.Throw();
        return parsed!;
    }

    private static ParsedHeaders ParseToTheEnd(ParseRequest request)
    {
        StageLaps? laps = request.Times?.Begin();
        IncludeGuard guard = new(request);
        guard.RequireBefore();
        HeaderFiles files = new(request.SearchedFolders, request.OwnHeaders, request.OwnsQuotedIncludes);
        IReadOnlyList<string> folders = request.OwnHeaders.Any(FreestandingHeaders.Have) ? request.SearchedFolders : request.IncludePaths;
        Dictionary<string, SourceText> sources = files.ReadOwnSources(request.Headers, folders, guard);
        HeaderFiles.RequireSeenAlike(sources, request);
        MacroCandidates candidates = MacroCandidates.From(sources);
        candidates.RequireBounded(request);
        candidates.SetAside(() => HeaderMacros.Of(files, guard, request));
        laps?.End("text of the headers", $"{sources.Count} own");
        request.Compiler.GetAwaiter().GetResult();
        laps?.End("waiting for libclang");
        using ProbeSession session = new(request, guard);
        ProbedUnit probed = session.Parse(candidates.Questions);
        HeaderFiles.RequireKnownWords(probed.Warnings, request);
        laps?.End("clang: headers, and questions about macros", session.Spent());
        ParseScope scope = new(probed, files, request, new DerivationReader(sources));
        DeclarationReader declarations = new(scope);

        // Each step gives what the next one takes: the headers' own declarations, those that they refer to, macros about which
        // nothing is left to ask, macros by kind, and all of it with what the macros refer to.
        MacroReader answers = new(declarations.Types, request) { Arithmetic = candidates.Arithmetic };
        OwnDeclarations own = OwnDeclarations.Read(session, probed, scope, declarations, answers);
        laps?.End("declarations");
        SettledMacros settled = SettledMacros.Ask(session, probed, candidates, own, declarations.ReadReferenced());
        laps?.End("clang: asked again", session.Spent());
        MacroOutcome macros = MacroOutcome.Sort(settled, candidates, request, scope.Derivations);
        macros.AddRequestsAmong(declarations.ReadReferenced().Enums, settled.Answers);
        CompleteDeclarations complete = CompleteDeclarations.Read(declarations, macros, scope, request);

        IReadOnlyList<string> read = probed.Unit.IncludedFiles();
        AbiModel model = ModelAssembly.Assemble(request, complete, scope.Derivations);
        HashSet<string> methods = new(model.Index.FunctionRequests.Select(function => function.Macro.Name), StringComparer.Ordinal);
        laps?.End("model");
        ParsedHeaders parsed = new(
            model,
            [.. own.Omitted, .. macros.Omitted.Where(macro => !methods.Contains(macro.Name))],
            files.DigestOf(read, guard.TextOf))
        {
            Files = read,
            Undefined = new HashSet<string>(
                settled.Undefined.Concat(settled.Answers.Quads).Concat(candidates.BeyondConstants), StringComparer.Ordinal),

            // What clang minds in a C library's headers is nothing that the set's author could mend.
            Warnings = [.. probed.Warnings.Where(warning => files.Identify(warning.File).IsOwn)],
        };
        laps?.End("digest of all headers read");
        return parsed;
    }
}
