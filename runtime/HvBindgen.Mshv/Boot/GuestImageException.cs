namespace HvBindgen.Mshv.Boot;

/// <summary>What was to be placed into guest memory is damaged, of another kind, or does not fit.</summary>
public sealed class GuestImageException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">The image or table, the place in it, and what was expected.</param>
    public GuestImageException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what led to it.</summary>
    /// <param name="message">The image or table, the place in it, and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public GuestImageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
