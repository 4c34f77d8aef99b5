namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>A request's argument while it is being spoiled.</summary>
internal sealed class Argument<T>(T value, int fd = -1)
    where T : unmanaged
{
    /// <summary>The record.</summary>
    internal T Value = value;

    /// <summary>Whether the device is given an address that cannot be read in its place.</summary>
    internal bool IsUnreadable { get; set; }

    /// <summary>The descriptor that the request goes to, if not the case's own.</summary>
    internal int Fd { get; set; } = fd;

    /// <summary>Makes the request; the answer belongs to the outcome.</summary>
    internal IoctlResult Try(Probe probe, int target, uint request) =>
        IsUnreadable ? probe.Try(target, request, Probe.BadAddress) : probe.Try(target, request, ref Value);
}
