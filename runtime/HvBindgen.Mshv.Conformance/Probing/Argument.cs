using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>A request's argument while it is being spoiled.</summary>
internal sealed unsafe class Argument<T>(T value, int fd = -1)
    where T : unmanaged
{
    /// <summary>The record.</summary>
    internal T Value = value;

    /// <summary>Whether the device is given an address that cannot be read in its place.</summary>
    internal bool IsUnreadable { get; set; }

    /// <summary>Whether the device may not write to it.</summary>
    internal bool IsReadOnly { get; set; }

    /// <summary>Whether its last byte is where no memory is.</summary>
    internal bool IsCutOff { get; set; }

    /// <summary>The descriptor that the request goes to, if not the case's own.</summary>
    internal int Fd { get; set; } = fd;

    /// <summary>Makes the request; the answer belongs to the outcome.</summary>
    internal IoctlResult Try(Probe probe, int target, uint request)
    {
        if (IsUnreadable)
        {
            return probe.Try(target, request, Probe.BadAddress);
        }

        if (!IsReadOnly && !IsCutOff)
        {
            return probe.Try(target, request, ref Value);
        }

        byte* page = probe.NewMemory(2 * Probe.PageBytes);
        int bytes = IsCutOff ? sizeof(T) - 1 : sizeof(T);
        byte* at = IsCutOff ? page + (int)Probe.PageBytes - bytes : page;
        fixed (T* from = &Value)
        {
            Buffer.MemoryCopy(from, at, bytes, bytes);
        }

        if (IsCutOff)
        {
            Probe.Protect(page + Probe.PageBytes, Probe.PageBytes, 0);
        }

        if (IsReadOnly)
        {
            Probe.Protect(page, Probe.PageBytes, LinuxFlags.ProtRead);
        }

        return probe.Try(target, request, (ulong)at);
    }
}
