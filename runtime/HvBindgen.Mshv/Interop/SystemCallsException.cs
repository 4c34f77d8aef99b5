namespace HvBindgen.Mshv.Interop;

/// <summary>An implementation of <see cref="ISystemCalls"/> cannot go on, for reasons of its own: nothing that the kernel, the guest or a
/// device did. A run loop passes it on to its caller.</summary>
public abstract class SystemCallsException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Why it cannot go on.</param>
    protected SystemCallsException(string message)
        : base(message)
    {
    }
}
