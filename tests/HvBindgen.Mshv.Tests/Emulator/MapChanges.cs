using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>The map of memory changes while processors access what is in no memory.</summary>
public sealed class MapChanges
{
    private const ulong Device = GuestCode.DeviceGpa;
    private const ulong Neighbour = Device + 0x20_0000;
    private const int Changes = 300;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Every_store_is_stopped_at_while_memory_beside_it_comes_and_goes()
    {
        Assert.SkipUnless(ExactStops.AreThere, "this host's KVM stops for a store after its instruction");
        using EmulatedMachine machine = new(processorCount: 2);
        // Known from behind neither by its value nor by software.
        byte[] code = GuestCode.Assemble(64, a => a.fnstcw(__word_ptr[rbx]));
        GuestCode.Start(machine, 64, code);
        GuestCode.Start(machine, 64, processor: 1);
        machine.Set(hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0, processor: 1); // needs no startup interrupt
        using CancellationTokenSource end = new(TooLong);
        int[] stops = new int[2];
        Task[] processors = [.. Enumerable.Range(0, stops.Length).Select(index => Task.Factory.StartNew(
            () => RunOn(machine, index, ref stops[index], end.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        ChangeMap(machine, stops, end.Token);
        await end.CancelAsync();
        await Task.WhenAll(processors).WaitAsync(TooLong, TestContext.Current.CancellationToken);
        Assert.All(stops, each => Assert.True(each > 0));
        Assert.Empty(machine.Refusals);
    }

    // Until each processor has stopped at a store meanwhile.
    private static unsafe void ChangeMap(EmulatedMachine machine, int[] stops, CancellationToken end)
    {
        byte* host = machine.MapHostMemory(0x1000);
        for (int change = 0; (change < Changes || HasNone(stops)) && !end.IsCancellationRequested; change++)
        {
            Assert.Equal(0, machine.MapGuest(Neighbour, 0x1000, host, MSHV_SET_MEM_FLAGS.WRITABLE));
            Assert.Equal(0, machine.MapGuest(Neighbour, 0x1000, host, MSHV_SET_MEM_FLAGS.UNMAP));
        }
    }

    private static bool HasNone(int[] stops) => Volatile.Read(ref stops[0]) == 0 || Volatile.Read(ref stops[1]) == 0;

    private static void RunOn(EmulatedMachine machine, int processor, ref int stops, CancellationToken end)
    {
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Device + (8 * (ulong)processor), processor);
        while (!end.IsCancellationRequested)
        {
            int errno = machine.Run(out hv_message message, processor);
            if (errno == Errno.EINTR)
            {
                continue;
            }

            Assert.True(errno == 0, string.Join("; ", machine.Refusals));
            bool isAtTheStore = (hv_message_type)message.header.message_type == hv_message_type.HVMSG_UNMAPPED_GPA
                && machine.Get(hv_register_name.HV_X64_REGISTER_RIP, processor).reg64 == GuestCode.CodeGpa;
            Assert.True(isAtTheStore, isAtTheStore ? "" : $"stop {stops}: {StopDescription.Of(in message, machine, processor)}");
            Volatile.Write(ref stops, stops + 1);
        }
    }
}
