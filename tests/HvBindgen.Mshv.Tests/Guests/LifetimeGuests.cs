using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Machines that are closed in any order while their guests run, and what remains of them.</summary>
public sealed class LifetimeGuests(ITestOutputHelper output)
{
    [Fact]
    public void Machines_that_are_disposed_while_all_their_parts_are_in_use_leave_nothing_behind()
    {
        const int Rounds = 150;
        using MshvEmulator emulator = new();
        (int Descriptors, int Mappings, int Threads) before = default;
        Random random = new(7);
        for (int round = 0; round < Rounds; round++)
        {
            // After some rounds, so that what is started once for the process does not count.
            before = round == 10 ? InProcess() : before;
            DisposeWhileRunning(emulator, random);
        }

        // Other tests run at the same time, and what they have open they close again; one thing left behind by each machine would be more.
        (int Descriptors, int Mappings, int Threads) after = default;
        bool isAllGone = SpinWait.SpinUntil(
            () =>
            {
                after = InProcess();
                return after.Descriptors - before.Descriptors <= 80 && after.Mappings - before.Mappings <= 120
                    && after.Threads - before.Threads <= 50;
            },
            RunningGuest.TooLong);
        output.WriteLine($"{Rounds} machines: {before} became {after}");
        Assert.True(isAllGone, $"{before} became {after}");
    }

    private static void DisposeWhileRunning(MshvEmulator emulator, Random random)
    {
        using RunningGuest guest = new(processorCount: 2, emulator: emulator);
        using ManualResetEventSlim isRunning = new();
        guest.OnReport = _ => isRunning.Set();
        guest.Load(32, a =>
        {
            Label again = a.CreateLabel();
            a.Label(ref again);
            a.@out((byte)RunningGuest.ReportPort, al);
            a.inc(__dword_ptr[(int)RunningGuest.DataGpa]);
            a.jmp(again);
        });
        Exception?[] failures = new Exception?[3];
        Thread[] users =
        [
            new(() => failures[0] = Record.Exception(() => guest.Loops[0].Run())),
            new(() => failures[1] = Record.Exception(() => guest.Loops[1].Run())),
            new(() => failures[2] = Record.Exception(() => UseUntilClosed(guest))),
        ];
        Array.ForEach(users, user => user.Start());
        Assert.True(isRunning.Wait(RunningGuest.TooLong, TestContext.Current.CancellationToken));

        IDisposable[] parts = [guest.Partition, guest.Device, guest.Processors[0], guest.Processors[1]];
        random.Shuffle(parts);
        Array.ForEach(parts, part => part.Dispose());
        guest.Loops.ForEach(loop => loop.RequestEnd(RunEnd.Requested));

        foreach (Thread user in users)
        {
            Assert.True(user.Join(RunningGuest.TooLong), "a user of a closed machine hangs");
        }

        // A run in progress is not disturbed; one that had not begun, and any other use, finds the object closed.
        Assert.All(failures, failure => Assert.True(failure is null or ObjectDisposedException, $"{failure}"));
    }

    private static void UseUntilClosed(RunningGuest guest)
    {
        while (true)
        {
            guest.Partition.Interrupts.Assert(InterruptRequest.Nmi(1));
            _ = guest.Partition.Properties.Get(Abi.hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES);
        }
    }

    private static (int Descriptors, int Mappings, int Threads) InProcess() => (
        Directory.GetFileSystemEntries("/proc/self/fd").Length,
        File.ReadAllLines("/proc/self/maps").Length,
        Directory.GetDirectories("/proc/self/task").Length);
}
