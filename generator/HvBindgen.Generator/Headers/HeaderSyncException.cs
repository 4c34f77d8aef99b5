namespace HvBindgen.Generator.Headers;

/// <summary>The headers cannot be fetched, read or trusted: what happened, and what to do about it.</summary>
public sealed class HeaderSyncException : Exception
{
    /// <summary>Creates the exception from what happened and what helps.</summary>
    /// <param name="message">What happened, with the file or the operation.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The failure underneath, if there is one.</param>
    public HeaderSyncException(string message, string remedy, Exception? cause = null)
        : base(message, cause) => Remedy = remedy;

    /// <summary>What the user can do about it: a sentence or a command.</summary>
    public string Remedy { get; }
}
