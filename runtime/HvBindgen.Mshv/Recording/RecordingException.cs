using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Recording;

/// <summary>A file is not a recording, or a damaged one, or one of another version.</summary>
public class RecordingException : SystemCallsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, and where in the file.</param>
    public RecordingException(string message)
        : base(message)
    {
    }
}

/// <summary>A replay does something else than what was recorded.</summary>
public sealed class ReplayDivergenceException : RecordingException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was recorded, and what is done now.</param>
    public ReplayDivergenceException(string message)
        : base(message)
    {
    }
}
