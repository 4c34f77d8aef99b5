using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Tests that no other test may run beside: they look at, or limit, the descriptors of the whole process, or take away some
/// of its memory.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>What is left of a request for which there were too few descriptors.</summary>
[Collection(nameof(WholeProcess))]
public sealed unsafe partial class DescriptorLimits
{
    private const int NoFile = 7; // RLIMIT_NOFILE

    [Fact]
    public void A_processor_that_could_not_be_created_for_want_of_descriptors_is_created_later()
    {
        LoadAssemblies();
        using EmulatedMachine machine = new(processorCount: 0);
        int refusals = 0;
        while (true)
        {
            IoctlResult created;
            using (new FreeDescriptors(refusals))
            {
                created = PartitionIoctls.MSHV_CREATE_VP(machine.Partition, new mshv_create_vp { vp_index = 0 });
            }

            if (created.IsSuccess)
            {
                machine.Processors.Add(new VpHandle(machine.Partition, created.Value));
                break;
            }

            Assert.Equal(Errno.EMFILE, created.Errno);
            Assert.InRange(++refusals, 1, 10);
        }

        // It needs several, and got stuck at each of them once.
        Assert.InRange(refusals, 2, 10);
        GuestCode.Start(machine, 16, [0xe6, 0x77]);
        Assert.NotEqual(0u, machine.RunToMessage().header.message_type);
    }

    [Fact]
    public void A_partition_that_could_not_be_created_for_want_of_descriptors_leaves_none_open()
    {
        LoadAssemblies();
        using EmulatedMachine machine = new(initialize: false);
        int before = OpenDescriptors();
        for (int free = 0; ; free++)
        {
            IoctlResult created;
            using (new FreeDescriptors(free))
            {
                created = Abi.DeviceIoctls.MSHV_CREATE_PARTITION(machine.Device, default(mshv_create_partition));
            }

            if (created.IsSuccess)
            {
                machine.System.Close(created.Value);
                break;
            }

            Assert.Equal((Errno.EMFILE, before), (created.Errno, OpenDescriptors()));
        }

        Assert.Equal(before, OpenDescriptors());
    }

    [Fact]
    public void A_partition_lives_as_long_as_a_page_of_a_processor_is_mapped()
    {
        LoadAssemblies();
        int before = OpenDescriptors();
        EmulatedMachine machine = new();
        byte* pages = (byte*)EmulatedMachine.Expect(machine.System.Map(2 * 4096, 3, 1, machine.Processor.Fd, 0));
        machine.Dispose();

        // What the emulator itself needs of the system for a partition and its processor is still there.
        Assert.True(OpenDescriptors() > before);
        pages[0] = 1;
        Assert.Equal(0, machine.System.Unmap(pages, 4096).Errno);
        Assert.True(OpenDescriptors() > before);
        Assert.Equal(0, machine.System.Unmap(pages + 4096, 4096).Errno);
        Assert.Equal(before, OpenDescriptors());
    }

    // The runtime needs descriptors, too; and what other tests have left to the garbage collection shall not go meanwhile.
    private static void LoadAssemblies()
    {
        new EmulatedMachine().Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    /// <summary>Lets the process open no more than a number of further descriptors, until disposed.</summary>
    private sealed class FreeDescriptors : IDisposable
    {
        private Limit before;

        internal FreeDescriptors(int count)
        {
            // The lowest free numbers are given first: the limit is the one behind the last that may be given.
            int[] free = new int[count + 1];
            for (int i = 0; i < free.Length; i++)
            {
                free[i] = (int)EmulatedMachine.Expect(LinuxSystemCalls.Instance.CreateEvent(0, 0x80000));
            }

            foreach (int fd in free)
            {
                LinuxSystemCalls.Instance.Close(fd);
            }

            Assert.Equal(0, GetLimit(NoFile, out before));
            Assert.Equal(0, SetLimit(NoFile, new Limit { Current = (ulong)free[^1], Maximum = before.Maximum }));
        }

        public void Dispose() => Assert.Equal(0, SetLimit(NoFile, in before));
    }

    private struct Limit
    {
        internal ulong Current;
        internal ulong Maximum;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);
}
