using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Running;

/// <summary>Parses headers so that the process that watches this one knows of which header it died.</summary>
internal static class GuardedParse
{
    /// <summary>Parses headers together. Where they did not come to an end, each is parsed alone, so that it is known which one it
    /// is.</summary>
    /// <param name="context">Knows how long a parse may take where no parent watches.</param>
    /// <param name="what">Whose headers they are, in words.</param>
    /// <param name="request">What to parse.</param>
    /// <exception cref="HeaderParseException">They do not parse.</exception>
    /// <exception cref="UnfinishedWorkException">They do not come to an end here or did not in an earlier child; which of them is the
    /// reason is said, where it is one alone.</exception>
    internal static ParsedHeaders Parse(CommandContext context, string what, ParseRequest request)
    {
        ParseRequest watched = request with { Deadline = context.ParseDeadline };
        string work = RunProgress.Parsing(what, request.Target.Name, request.Headers);
        string? reason = RunProgress.SetAside(work);
        if (reason is null)
        {
            try
            {
                return RunProgress.During(work, () => HeaderParser.Parse(watched), hasParts: request.Headers.Count > 1);
            }
            catch (TimeoutException)
            {
                reason = GuardedRun.NotDoneWithin(watched.Deadline);
            }
        }

        foreach (string header in request.Headers.Count > 1 ? request.Headers : [])
        {
            ParseAlone(what, watched with { Headers = [header] });
        }

        string alone = request.Headers.Count > 1 ? "; each of the headers alone comes to an end" : "";
        throw new UnfinishedWorkException($"{work}: {reason}{alone}");
    }

    private static void ParseAlone(string what, ParseRequest request)
    {
        string work = RunProgress.Parsing(what, request.Target.Name, request.Headers);
        try
        {
            _ = RunProgress.During(work, () => HeaderParser.Parse(request));
        }
        catch (HeaderParseException)
        {
            // It needs another one before it, and it has come to an end.
        }
        catch (TimeoutException)
        {
            throw new UnfinishedWorkException($"{work}: {GuardedRun.NotDoneWithin(request.Deadline)}");
        }
    }
}

/// <summary>Work that did not come to an end, here or in an earlier child.</summary>
internal sealed class UnfinishedWorkException(string message) : Exception(message);
