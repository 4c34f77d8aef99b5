using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using Xunit;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <summary>A device of the fake driver, and what tests make of it.</summary>
internal sealed class FakeMachine : IDisposable
{
    internal FakeMachine(GuestArchitecture architecture = GuestArchitecture.X64, Action<FakeSystemCalls>? prepare = null)
    {
        prepare?.Invoke(Calls);
        Device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = Calls, Fallback = Calls, Architecture = architecture });
        Partition = Device.CreatePartition().Build();
        Calls.Log.Clear();
    }

    public FakeSystemCalls Calls { get; } = new();

    public MshvDevice Device { get; }

    public Partition Partition { get; }

    public VirtualProcessor CreateProcessor(uint index = 0) => Partition.CreateVirtualProcessor(index);

    public void Dispose()
    {
        Partition.Dispose();
        Device.Dispose();
        Assert.Null(Calls.Misuse);
        Assert.Equal(0, Calls.OpenDescriptors);
    }
}
