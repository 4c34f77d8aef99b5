namespace HvBindgen.Generator.Parsing;

/// <summary>Headers that cannot be parsed: every fault with its place. There is no model then, not even a part of one.</summary>
public sealed class HeaderParseException : Exception
{
    /// <summary>Reports the faults of one parse.</summary>
    /// <param name="set">Name of the header set.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="faults">At least one.</param>
    public HeaderParseException(string set, string target, IReadOnlyList<HeaderFault> faults)
        : base($"{set} does not parse for {target}:\n" + string.Join('\n', faults.Select(fault => $"  {fault}"))) =>
        Faults = faults;

    /// <summary>What is wrong and where, in the order of clang.</summary>
    public IReadOnlyList<HeaderFault> Faults { get; }

    /// <summary>The first fault without its place, and without what clang advises: what many headers may share.</summary>
    public string Cause => VisibleText.Of(Faults[0].Message.Split(" with <angled> include")[0]);

    /// <summary>Whether C allows all of it, and the model cannot hold it.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>Whether an <c>#include</c> finds nothing.</summary>
    public bool IsMissingHeader => Faults.Any(fault => fault.IsMissingHeader);

    /// <summary>Whether declarations of one name contradict each other, and nothing else is wrong.</summary>
    public bool IsConflict => Faults.All(fault =>
        fault.Message.StartsWith("redefinition of ", StringComparison.Ordinal)
            || fault.Message.StartsWith("typedef redefinition ", StringComparison.Ordinal));
}

/// <summary>One fault in a header.</summary>
/// <param name="File">File as clang opened it.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Column from 1.</param>
/// <param name="Message">clang's own words, or ours for what C allows and the model cannot hold.</param>
/// <param name="IsWarning">Whether C compilers accept it all the same, and so does the parser.</param>
public sealed record HeaderFault(string File, int Line, int Column, string Message, bool IsWarning = false)
{
    /// <summary>Whether it is an <c>#include</c> that finds nothing, in clang's words.</summary>
    internal bool IsMissingHeader => Message.EndsWith("file not found", StringComparison.Ordinal);

    /// <summary>The fault in one line, whatever names and words are in it.</summary>
    public override string ToString() =>
        $"{VisibleText.Of(File)}:{Line}:{Column}: {(IsWarning ? "warning" : "error")}: {VisibleText.Of(Message)}";
}
