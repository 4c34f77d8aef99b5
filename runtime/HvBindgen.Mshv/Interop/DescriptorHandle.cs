using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>A descriptor of the device family, closed once when its last user is done.</summary>
/// <remarks>
/// Safe to dispose in any order and from any thread: a request in progress keeps the descriptor open until it returns,
/// and a child keeps its parent's descriptor open as long as it lives.
/// </remarks>
public abstract unsafe class DescriptorHandle : SafeHandle, IIoctlDescriptor
{
    private readonly DescriptorHandle? parent;

    private protected DescriptorHandle(ISystemCalls systemCalls, int fd, DescriptorHandle? parent)
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        SystemCalls = systemCalls;
        if (parent is not null)
        {
            bool added = false;
            parent.DangerousAddRef(ref added);
            this.parent = parent;
        }

        SetHandle(fd);
    }

    /// <summary>The system calls that the descriptor belongs to.</summary>
    public ISystemCalls SystemCalls { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number, for a caller that holds a reference (<see cref="SafeHandle.DangerousAddRef"/>).</summary>
    public int Fd => (int)handle;

    /// <summary>Makes a request; the descriptor stays open until it returns.</summary>
    /// <param name="request">Request number.</param>
    /// <param name="argument">Argument, as the request defines it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public IoctlResult Ioctl(uint request, void* argument)
    {
        bool added = false;
        DangerousAddRef(ref added);
        try
        {
            return SystemCalls.Ioctl((int)handle, request, argument);
        }
        finally
        {
            DangerousRelease();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        bool closed = SystemCalls.Close((int)handle).IsSuccess;
        parent?.DangerousRelease();
        return closed;
    }
}
