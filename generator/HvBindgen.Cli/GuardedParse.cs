using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli;

/// <summary>Parses headers so that the process that watches this one knows of which header it died.</summary>
internal static class GuardedParse
{
    /// <summary>Parses headers together. Where an earlier child did not come to an end with them, each is parsed alone, so that the watcher
    /// sees which one it is.</summary>
    /// <param name="what">Whose headers they are, in words.</param>
    /// <param name="request">What to parse.</param>
    /// <exception cref="HeaderParseException">They do not parse.</exception>
    /// <exception cref="UnfinishedWorkException">An earlier child did not come to an end, and no header alone is the reason.</exception>
    internal static ParsedHeaders Parse(string what, ParseRequest request)
    {
        string work = RunProgress.Parsing(what, request.Target.Name, request.Headers);
        if (RunProgress.SetAside(work) is not { } reason)
        {
            return RunProgress.During(work, () => HeaderParser.Parse(request), hasParts: request.Headers.Count > 1);
        }

        foreach (string header in request.Headers)
        {
            try
            {
                ParseRequest alone = request with { Headers = [header] };
                _ = RunProgress.During(RunProgress.Parsing(what, request.Target.Name, alone.Headers), () => HeaderParser.Parse(alone));
            }
            catch (HeaderParseException)
            {
                // It needs another one before it, and it has come to an end.
            }
        }

        throw new UnfinishedWorkException($"{work}: {reason}; each of the headers alone comes to an end");
    }
}

/// <summary>Work that an earlier child did not come to an end with.</summary>
internal sealed class UnfinishedWorkException(string message) : Exception(message);
