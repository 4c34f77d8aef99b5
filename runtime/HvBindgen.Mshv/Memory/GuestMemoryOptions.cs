using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <summary>Pages that back guest memory on the host.</summary>
public enum HostPageSize
{
    /// <summary>The host's usual pages; it may join them to larger ones by itself.</summary>
    Default,

    /// <summary>Reserved pages of 2 MiB; allocating fails when the host has not reserved enough.</summary>
    Huge2MiB,

    /// <summary>Reserved pages of 1 GiB; allocating fails when the host has not reserved enough.</summary>
    Huge1GiB,
}

/// <summary>How to allocate guest memory.</summary>
public sealed record GuestMemoryOptions
{
    /// <summary>Pages that back the memory.</summary>
    public HostPageSize PageSize { get; init; } = HostPageSize.Default;

    /// <summary>Whether to take all pages now instead of at first use.</summary>
    public bool Populate { get; init; }

    /// <summary>Whether another process can map the memory too: it is then a file without a name (memfd).</summary>
    public bool IsShareable { get; init; }

    /// <summary>
    /// Whether the size of shareable memory is sealed (<c>F_SEAL_SHRINK</c>, <c>F_SEAL_GROW</c>): a process that it is given to cannot
    /// cut it off, after which every access here would end in SIGBUS. Without <see cref="IsShareable"/> it has no meaning.
    /// </summary>
    public bool IsSealed { get; init; }

    /// <summary>System calls to allocate with.</summary>
    public ISystemCalls SystemCalls { get; init; } = LinuxSystemCalls.Instance;
}
