using System.Diagnostics;
using System.Text;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Saving;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Whole machines that go on elsewhere, or once more.</summary>
public sealed class SavedGuests
{
    private const int Counter = (int)RunningGuest.HighRamGpa;

    [Fact]
    public void A_machine_goes_on_in_another_partition_where_it_was_saved()
    {
        using RunningGuest first = Counting(out Latch latch);
        first.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(40, new MsiMessage(0xfee0_0000, 40)));
        using EventHandle trigger = EventHandle.Create();
        using EventHandle bell = EventHandle.Create();
        using InterruptLine line = first.Partition.Interrupts.AttachEvent(40, trigger);
        using Doorbell doorbell = first.Partition.Interrupts.AttachDoorbell(RunningGuest.DeviceGpa, 4, bell, value: 7);
        byte[] saved;
        uint counted;
        using (Machine machine = new(first.Loops))
        {
            machine.Start();
            Assert.True(SpinWait.SpinUntil(() => latch.Value > 1000, RunningGuest.TooLong));
            machine.Pause();
            saved = Save(first, latch);
            counted = first.Partition.Memory.Read<uint>(Counter);
            machine.Resume();
            machine.RequestEnd();
            Assert.NotNull(machine.WaitForEnd(RunningGuest.TooLong));
        }

        using RunningGuest second = Counting(out Latch other);
        second.Partition.Memory.Write(RunningGuest.HighRamGpa + 0x8000, 5);
        SavedConnections connections = MachineState.Restore(second.Partition, new MemoryStream(saved), [other], Cancellation);

        Assert.Equal(counted, second.Partition.Memory.Read<uint>(Counter));
        Assert.Equal(0, second.Partition.Memory.Read<int>(RunningGuest.HighRamGpa + 0x8000));
        Assert.InRange(other.Value, counted - 1, counted + 1);
        Assert.Equal(first.Partition.Interrupts.Routes.Routes, second.Partition.Interrupts.Routes.Routes);
        Assert.Equal([new SavedLine(40, false)], connections.Lines);
        Assert.Equal([new SavedDoorbell(RunningGuest.DeviceGpa, 4, 7)], connections.Doorbells);
        using EventHandle otherTrigger = EventHandle.Create();
        using EventHandle otherBell = EventHandle.Create();
        Assert.Throws<ArgumentException>(
            () => connections.Attach(second.Partition.Interrupts, _ => new LineEvents(otherTrigger, otherBell), _ => otherBell));
        Assert.Empty(second.Partition.Interrupts.Lines);
        IReadOnlyList<IDisposable> attached =
            connections.Attach(second.Partition.Interrupts, _ => new LineEvents(otherTrigger), _ => otherBell);
        Assert.Equal(40U, Assert.Single(second.Partition.Interrupts.Lines).Gsi);
        Assert.Equal(7UL, Assert.Single(second.Partition.Interrupts.Doorbells).Value);
        Assert.Equal(2, attached.Count);
        using Machine goingOn = new(second.Loops);
        goingOn.Start();
        Assert.True(SpinWait.SpinUntil(() => other.Value > counted + 1000, RunningGuest.TooLong));
        goingOn.RequestEnd();
        Assert.NotNull(goingOn.WaitForEnd(RunningGuest.TooLong));
        Assert.Equal(0, other.Leaps);
    }

    [Fact]
    public void A_machine_that_was_saved_before_it_started_starts_once_more()
    {
        using RunningGuest guest = new(processorCount: 2);
        guest.Load(64, code =>
        {
            code.inc(__dword_ptr[Counter]);
            code.mov(eax, __dword_ptr[Counter]);
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.cli();
            code.@out((byte)RunningGuest.EndPort, al);
            code.hlt();
        });
        using MemoryStream start = new();
        MachineState.Save(guest.Partition, start, cancellation: Cancellation);
        TimeSpan before = guest.Partition.Properties.ReferenceTime;
        long restored = 0;
        for (int i = 0; i < 3; i++)
        {
            guest.RunAllToEnd();
            start.Position = 0;
            restored = Stopwatch.GetTimestamp();
            MachineState.Restore(guest.Partition, start, cancellation: Cancellation);
        }

        Assert.Equal([1U, 1U, 1U], guest.Reports);
        // The time goes on from what was saved, by no more than has passed since.
        TimeSpan passed = guest.Partition.Properties.ReferenceTime - before;
        Assert.InRange(passed, -RunningGuest.TooLong, Stopwatch.GetElapsedTime(restored) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_machine_that_is_damaged_or_cut_off_is_refused_wherever_that_is()
    {
        using RunningGuest guest = Counting(out Latch latch);
        byte[] saved = Save(guest, latch);
        latch.Value = 77;
        guest.Processor.Registers.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RBX, 77);
        Random random = new(9);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. saved];
            int place = random.Next(saved.Length);
            damaged[place] ^= (byte)(1 << random.Next(8));
            Refuse(guest, latch, damaged);
            Refuse(guest, latch, saved[..place]);
        }

        Assert.Equal(77U, latch.Value);
        Assert.Equal(77UL, guest.Processor.X64.General.Rbx);
        Assert.NotNull(MachineState.Restore(guest.Partition, new MemoryStream(saved), [latch], Cancellation));
    }

    [Fact]
    public void Noise_behind_right_checksums_is_refused()
    {
        using RunningGuest guest = Counting(out Latch latch);
        Random random = new(10);
        for (int i = 0; i < 3000; i++)
        {
            using MemoryStream stream = new();
            using (SectionWriter writer = new(stream, GuestArchitecture.X64))
            {
                for (int section = random.Next(1, 6); section > 0; section--)
                {
                    byte[] noise = new byte[random.Next(48)];
                    random.NextBytes(noise);
                    writer.Begin((SectionKind)random.Next(1, 10)).Write(noise);
                    writer.End();
                }
            }

            Refuse(guest, latch, stream.ToArray());
        }
    }

    [Fact]
    public void A_machine_that_does_not_fit_is_refused_by_what_differs()
    {
        using RunningGuest guest = Counting(out Latch latch);
        byte[] saved = Save(guest, latch);
        using RunningGuest two = new(processorCount: 2);
        using RunningGuest small = new();
        small.Partition.Memory.Unmap(small.Partition.Memory.Regions[1]);

        Assert.Contains("processors 0, this one 0, 1", Refuse(two, latch, saved), StringComparison.Ordinal);
        Assert.Contains("memory at 0x100000", Refuse(small, latch, saved), StringComparison.Ordinal);
        Assert.Contains("devices 'latch', this one ''", Refuse(guest, null, saved), StringComparison.Ordinal);
        Assert.Contains("end", Refuse(guest, latch, []), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MachineState.Save(guest.Partition, new MemoryStream(), [latch, latch], Cancellation));
    }

    [Fact]
    public void A_machine_that_runs_is_neither_saved_nor_restored()
    {
        using RunningGuest guest = Counting(out Latch latch);
        byte[] saved = Save(guest, latch);
        using Machine machine = new(guest.Loops);
        machine.Start();
        Assert.True(SpinWait.SpinUntil(() => latch.Value > 0, RunningGuest.TooLong));

        Assert.Throws<InvalidOperationException>(() => Save(guest, latch));
        Assert.Throws<InvalidOperationException>(
            () => MachineState.Restore(guest.Partition, new MemoryStream(saved), [latch], Cancellation));
    }

    [Fact]
    public void Cycles_of_pause_save_and_restore_lose_neither_a_count_nor_posted_work()
    {
        int cycles = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1" ? 1000 : 40;
        using RunningGuest guest = Counting(out Latch latch);
        using Machine machine = new(guest.Loops);
        machine.Start();
        int done = 0;
        int outOfOrder = 0;
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            // Before the pause and in it: the one is done whenever it comes, the other when the pause is over.
            Post(2 * cycle);
            machine.Pause();
            Post((2 * cycle) + 1);
            byte[] saved = Save(guest, latch);
            uint counted = guest.Partition.Memory.Read<uint>(Counter);
            guest.Partition.Memory.Write(Counter, 0);
            guest.Processor.Registers.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RIP, 0);
            MachineState.Restore(guest.Partition, new MemoryStream(saved), [latch], Cancellation);
            Assert.Equal(counted, guest.Partition.Memory.Read<uint>(Counter));
            machine.Resume();
        }

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref done) == 2 * cycles, RunningGuest.TooLong), $"{done} of {2 * cycles}");
        uint last = latch.Value;
        Assert.True(SpinWait.SpinUntil(() => latch.Value > last, RunningGuest.TooLong));
        machine.RequestEnd();
        Assert.Equal(RunEnd.Requested, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.Equal(0, outOfOrder);
        Assert.Equal(0, latch.Leaps);

        void Post(int number) => guest.Loop.Post(() =>
        {
            // On the processor's own thread, in the order of posting.
            outOfOrder += RunLoop.Current == guest.Loop && number == done ? 0 : 1;
            Volatile.Write(ref done, done + 1);
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Refuse(RunningGuest guest, Latch? latch, byte[] saved) => Assert.Throws<MachineStateFormatException>(
        () => MachineState.Restore(guest.Partition, new MemoryStream(saved), latch is null ? [] : [latch], Cancellation)).Message;

    private static byte[] Save(RunningGuest guest, Latch latch)
    {
        using MemoryStream stream = new();
        MachineState.Save(guest.Partition, stream, [latch], Cancellation);
        return stream.ToArray();
    }

    // Counts in memory, and tells the latch each number.
    private static RunningGuest Counting(out Latch latch)
    {
        RunningGuest guest = new();
        latch = new Latch();
        guest.Handlers.Ports.Map(0x70, 4, latch);
        guest.Load(64, code =>
        {
            Label forever = code.CreateLabel();
            code.Label(ref forever);
            code.inc(__dword_ptr[Counter]);
            code.mov(eax, __dword_ptr[Counter]);
            code.@out(0x70, eax);
            code.jmp(forever);
        });
        return guest;
    }

    /// <summary>Keeps the last number that was written.</summary>
    private sealed class Latch : IPortIoHandler, ISavedDevice
    {
        private uint value;

        internal uint Value
        {
            get => Volatile.Read(ref value);
            set => Volatile.Write(ref this.value, value);
        }

        /// <summary>How often a number did not follow the one before.</summary>
        internal int Leaps { get; private set; }

        public string StateName => "latch";

        public uint Read(uint vpIndex, int offset, int sizeBytes) => Value;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
            Leaps += value == Value + 1 ? 0 : 1;
            Value = value;
        }

        public byte[] SaveState() => Encoding.ASCII.GetBytes(Value.ToString());

        public void RestoreState(ReadOnlySpan<byte> state) => Value = uint.Parse(Encoding.ASCII.GetString(state));
    }
}
