namespace HvBindgen.Generator.Output;

/// <summary>Files that cannot be written: which one, during what, the system's words, and what helps. Nothing was changed.</summary>
public sealed class OutputException : Exception
{
    /// <summary>Creates the exception from what failed and what helps.</summary>
    /// <param name="message">Path, operation and the system's words.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The failure underneath, if there is one.</param>
    /// <param name="isDiskFull">Whether the disk has no room left.</param>
    public OutputException(string message, string remedy, Exception? cause = null, bool isDiskFull = false)
        : base(message, cause)
    {
        Remedy = remedy;
        IsDiskFull = isDiskFull;
    }

    /// <summary>Whether the disk, or what the user may use of it, has no room left.</summary>
    public bool IsDiskFull { get; }

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }
}
