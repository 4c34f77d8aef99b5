namespace HvBindgen.Generator.Inspect;

/// <summary>A question that the ABI at hand cannot answer: what is wrong, and what helps.</summary>
public sealed class InspectException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="isInput">Whether the user's input is at fault, and not a name or the configuration.</param>
    public InspectException(string message, string remedy, bool isInput = false)
        : base(message) => (Remedy, IsInput) = (remedy, isInput);

    /// <summary>What the user can do about it: a sentence or a command.</summary>
    public string Remedy { get; }

    /// <summary>Whether bytes that were given cannot be read as what they should be.</summary>
    public bool IsInput { get; }
}
