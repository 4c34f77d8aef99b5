using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>Memory that a system call mapped, unmapped once when its last user is done.</summary>
internal sealed unsafe class SharedMapping : SafeHandle
{
    private readonly ISystemCalls systemCalls;

    internal SharedMapping(ISystemCalls systemCalls, nint address, nuint lengthBytes)
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        this.systemCalls = systemCalls;
        LengthBytes = lengthBytes;
        SetHandle(address);
    }

    internal nuint LengthBytes { get; }

    public override bool IsInvalid => handle is -1 or 0;

    /// <summary>Start of the memory; valid as long as the caller holds a reference or knows that the owner has not been disposed.</summary>
    internal byte* Pointer => (byte*)handle;

    protected override bool ReleaseHandle() => systemCalls.Unmap((void*)handle, LengthBytes).IsSuccess;
}
