namespace HvBindgen.Generator.Configuration;

/// <summary>Headers that a set needs are not there, or are not those of the lock.</summary>
public sealed class HeadersMissingException : Exception
{
    /// <summary>Creates the exception from what is missing and what helps.</summary>
    /// <param name="message">What is missing, and where it was looked for.</param>
    /// <param name="remedy">What the user can do.</param>
    public HeadersMissingException(string message, string remedy)
        : base(message) => Remedy = remedy;

    /// <summary>What the user can do about it: a sentence or a command.</summary>
    public string Remedy { get; }
}
