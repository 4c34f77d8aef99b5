using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Partitions;

public sealed class LifetimeTests
{
    [Fact]
    public void Twenty_thousand_partitions_leak_no_descriptor_no_mapping_and_no_thread()
    {
        const int Cycles = 20_000;
        FakeSystemCalls calls = new() { KeepsLog = false };
        using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = calls });
        (int Descriptors, int Mappings, int Threads) before = default;

        for (int i = 0; i < Cycles; i++)
        {
            // After a first round, so that what the runtime starts once is not counted.
            before = i == 100 ? InProcess() : before;
            Cycle(device, calls, disposePartitionFirst: i % 2 == 0);
        }

        (int Descriptors, int Mappings, int Threads) after = InProcess();
        Assert.Equal(1, calls.OpenDescriptors);
        Assert.Equal(0, calls.OpenMappings);
        Assert.Null(calls.Misuse);
        Assert.InRange(after.Descriptors - before.Descriptors, -100, 100);
        Assert.InRange(after.Mappings - before.Mappings, -1000, 1000);
        Assert.InRange(after.Threads - before.Threads, -50, 50);
    }

    [Fact]
    public void Children_may_be_disposed_after_their_parents()
    {
        FakeSystemCalls calls = new();
        MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = calls });
        Partition partition = device.CreatePartition().Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);

        device.Dispose();
        partition.Dispose();
        partition.Dispose();
        processor.Dispose();

        Assert.Equal(0, calls.OpenDescriptors);
        Assert.Equal(0, calls.OpenMappings);
        Assert.Null(calls.Misuse);
    }

    [Fact]
    public void A_partition_that_was_dropped_is_closed_by_the_collector()
    {
        FakeSystemCalls calls = new();
        DropEverything(calls);

        for (int i = 0; i < 20 && (calls.OpenDescriptors > 0 || calls.OpenMappings > 0); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, calls.OpenDescriptors);
        Assert.Equal(0, calls.OpenMappings);
        Assert.Null(calls.Misuse);
    }

    [Fact]
    public void Disposing_while_others_run_and_access_never_uses_a_closed_descriptor()
    {
        FakeSystemCalls calls = new() { KeepsLog = false };
        for (int round = 0; round < 300; round++)
        {
            MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = calls });
            Partition partition = device.CreatePartition().Build();
            VirtualProcessor processor = partition.CreateVirtualProcessor(0);
            using Barrier start = new(4);
            Thread[] others =
            [
                StartThread(() => Until(start, () => Run(processor))),
                StartThread(() => Until(start, () => processor.Registers.Get(Abi.X64.hv_register_name.HV_X64_REGISTER_CR0))),
                StartThread(() => Until(
                    start,
                    () => partition.Properties.Get(hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES))),
            ];

            start.SignalAndWait(TestContext.Current.CancellationToken);
            (round % 2 == 0 ? (IDisposable)partition : processor).Dispose();
            device.Dispose();
            processor.Dispose();
            partition.Dispose();
            Assert.All(others, other => Assert.True(other.Join(TimeSpan.FromSeconds(30))));

            Assert.Null(calls.Misuse);
            Assert.Equal(0, calls.OpenDescriptors);
            Assert.Equal(0, calls.OpenMappings);
        }
    }

    [Fact]
    public void Memory_stays_until_the_last_processor_is_closed()
    {
        FakeSystemCalls calls = new();
        using ManualResetEventSlim isRunning = new();
        using ManualResetEventSlim goOn = new();
        calls.OnRun = (_, _) =>
        {
            isRunning.Set();
            goOn.Wait();
            return IoctlResult.Success(0);
        };
        MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = calls });
        Partition partition = device.CreatePartition().Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        using (GuestMemory memory = GuestMemory.Allocate(0x1000, new GuestMemoryOptions { SystemCalls = calls }))
        {
            partition.Memory.Map(0, memory);
        }

        Thread run = StartThread(() => Run(processor));
        isRunning.Wait(TestContext.Current.CancellationToken);
        partition.Dispose();
        device.Dispose();
        Assert.Equal(2, calls.OpenMappings);
        Assert.Equal(3, calls.OpenDescriptors);

        goOn.Set();
        Assert.True(run.Join(TimeSpan.FromSeconds(30)));

        Assert.Equal(0, calls.OpenMappings);
        Assert.Equal(0, calls.OpenDescriptors);
        Assert.Throws<ObjectDisposedException>(() => Run(processor));
    }

    private static void Cycle(MshvDevice device, FakeSystemCalls calls, bool disposePartitionFirst)
    {
        Partition partition = device.CreatePartition().Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        GuestMemory memory = GuestMemory.Allocate(0x1000, new GuestMemoryOptions { SystemCalls = calls });
        partition.Memory.Map(0, memory);
        Run(processor);
        if (disposePartitionFirst)
        {
            partition.Dispose();
            processor.Dispose();
            memory.Dispose();
        }
        else
        {
            memory.Dispose();
            processor.Dispose();
            partition.Dispose();
        }
    }

    // Not inlined, so that nothing on the stack keeps the objects.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void DropEverything(FakeSystemCalls calls)
    {
        MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = calls });
        Partition partition = device.CreatePartition().Build();
        partition.Memory.Map(0, GuestMemory.Allocate(0x1000, new GuestMemoryOptions { SystemCalls = calls }));
        Run(partition.CreateVirtualProcessor(0));
    }

    private static void Run(VirtualProcessor processor) => processor.RunOnce(out _);

    private static Thread StartThread(Action action)
    {
        Thread thread = new(() => action()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void Until(Barrier start, Action action)
    {
        start.SignalAndWait();
        try
        {
            while (true)
            {
                try
                {
                    action();
                }
                catch (InvalidOperationException e) when (e is not ObjectDisposedException)
                {
                    // Running on the other thread: refused, as it should be.
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The end that the test is about.
        }
    }

    private static (int Descriptors, int Mappings, int Threads) InProcess() => (
        Directory.GetFileSystemEntries("/proc/self/fd").Length,
        File.ReadAllLines("/proc/self/maps").Length,
        Directory.GetDirectories("/proc/self/task").Length);
}
