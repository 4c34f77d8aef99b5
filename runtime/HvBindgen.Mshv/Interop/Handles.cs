namespace HvBindgen.Mshv.Interop;

/// <summary>Descriptor of <c>/dev/mshv</c>; takes the requests of <c>DeviceIoctls</c>.</summary>
public sealed class DeviceHandle : DescriptorHandle
{
    internal DeviceHandle(ISystemCalls systemCalls, int fd)
        : base(systemCalls, fd, parent: null)
    {
    }
}

/// <summary>Descriptor of a partition; takes the requests of <c>PartitionIoctls</c>.</summary>
public sealed class PartitionHandle : DescriptorHandle
{
    internal PartitionHandle(DeviceHandle device, int fd)
        : base(device.SystemCalls, fd, device)
    {
    }
}

/// <summary>Descriptor of a virtual processor; takes the requests of <c>VpIoctls</c>.</summary>
public sealed class VpHandle : DescriptorHandle
{
    internal VpHandle(PartitionHandle partition, int fd)
        : base(partition.SystemCalls, fd, partition)
    {
    }
}
