using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>Memory that a system call mapped, unmapped once when its last user is done.</summary>
internal sealed unsafe class SharedMapping : SafeHandle
{
    private readonly ISystemCalls systemCalls;
    private readonly bool isPrivate;
    private readonly Lock counting = new();
    private int regionCount;
    private bool wasMapped;
    private bool isDisposed;

    /// <summary>Takes over what was mapped.</summary>
    /// <param name="systemCalls">Who unmaps it.</param>
    /// <param name="address">Start.</param>
    /// <param name="sizeBytes">Size.</param>
    /// <param name="isPrivate">Whether nobody else and no file has the pages, so that they are garbage once they are not used.</param>
    internal SharedMapping(ISystemCalls systemCalls, nint address, nuint sizeBytes, bool isPrivate = false)
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        this.systemCalls = systemCalls;
        this.isPrivate = isPrivate;
        SizeBytes = sizeBytes;
        SetHandle(address);
    }

    internal nuint SizeBytes { get; }

    public override bool IsInvalid => handle is -1 or 0;

    /// <summary>Start of the memory; valid as long as the caller holds a reference or knows that the owner has not been disposed.</summary>
    internal byte* Pointer => (byte*)handle;

    /// <summary>A guest has the memory at one place more. The caller holds a reference.</summary>
    internal void AddRegion()
    {
        lock (counting)
        {
            regionCount++;
            wasMapped = true;
        }
    }

    /// <summary>A guest has the memory at one place less. The caller holds a reference.</summary>
    internal void RemoveRegion()
    {
        lock (counting)
        {
            regionCount--;
            DiscardIfUnused();
        }
    }

    /// <summary>Gives the owner's reference back. Pages that no guest has go at once, whoever still holds the addresses.</summary>
    internal void Drop()
    {
        lock (counting)
        {
            if (!isDisposed)
            {
                isDisposed = true;
                DiscardIfUnused();
                Dispose();
            }
        }
    }

    // A thread that is late finds zeros. Should the kernel refuse, the pages go with the last reference.
    private void DiscardIfUnused()
    {
        if (isPrivate && isDisposed && wasMapped && regionCount == 0)
        {
            _ = HostCalls.Discard(Pointer, SizeBytes, isShared: false);
        }
    }

    protected override bool ReleaseHandle() => systemCalls.Unmap((void*)handle, SizeBytes).IsSuccess;
}
