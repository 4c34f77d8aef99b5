namespace HvBindgen.Mshv.Interop;

/// <summary>Descriptor of a lower virtual trust level; takes the requests of <c>VtlIoctls</c>.</summary>
public sealed class VtlHandle : DescriptorHandle
{
    internal VtlHandle(DeviceHandle device, int fd)
        : base(device.SystemCalls, fd, device)
    {
    }
}

/// <summary>Descriptor of <c>/dev/mshv_sint</c>; takes the requests of <c>SintIoctls</c>.</summary>
public sealed class SintHandle : DescriptorHandle
{
    internal SintHandle(ISystemCalls systemCalls, int fd)
        : base(systemCalls, fd, parent: null)
    {
    }
}

/// <summary>Descriptor of <c>/dev/mshv_hvcall</c>; takes the requests of <c>HvcallIoctls</c>.</summary>
public sealed class HvcallHandle : DescriptorHandle
{
    internal HvcallHandle(ISystemCalls systemCalls, int fd)
        : base(systemCalls, fd, parent: null)
    {
    }
}
