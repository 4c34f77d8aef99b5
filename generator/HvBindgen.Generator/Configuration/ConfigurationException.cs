namespace HvBindgen.Generator.Configuration;

/// <summary>A configuration that cannot be used: the file, the place in it, what is wrong, and what helps.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>Creates the exception from what is wrong and what helps.</summary>
    /// <param name="message">What is wrong, with the file and the place in it.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The failure underneath, if there is one.</param>
    public ConfigurationException(string message, string remedy, Exception? cause = null)
        : base(message, cause) => Remedy = remedy;

    /// <summary>What the user can do about it: a sentence or a command.</summary>
    public string Remedy { get; }
}
