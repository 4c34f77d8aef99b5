namespace HvBindgen.Generator.Verification;

/// <summary>A compiler that could not be asked: it does not run, or refuses the headers themselves.</summary>
public sealed class VerificationException : Exception
{
    /// <summary>Reports what kept the compiler from answering.</summary>
    /// <param name="message">What was tried, the compiler's own words, and what to do.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public VerificationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
