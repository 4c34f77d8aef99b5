using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>A guest and its local APIC, by memory and by model-specific registers, on each engine.</summary>
public sealed class ApicGuests
{
    private const long ApicPage = 0xFEE0_0000;
    private const int BaseMsr = 0x1B;
    private const int FirstMsr = 0x800;
    private const int RegisterCount = 0x40;
    private const uint Faulted = 0x8000_0000;
    private const byte GeneralProtection = 13;
    private const int TaskPriority = 0x80;
    private const int ProcessorPriority = 0xA0;
    private const int EndOfInterrupt = 0xB0;
    private const int SpuriousVector = 0xF0;
    private const int Command = 0x300;
    private const int ToItself = 1 << 18;

    public static TheoryData<string, bool> Engines => new()
    {
        { "Kvm", false }, { "Kvm", true }, { "Software", false }, { "Software", true },
    };

    [Theory]
    [InlineData("Kvm")]
    [InlineData("Software")]
    public void Registers_of_x2apic_mode_can_be_read_and_written_as_the_manual_says(string engine)
    {
        // SDM volume 3, table 11-6. The command (0x830) is left out, for it does something, and 0x82f, which not all processors have.
        IEnumerable<int> local = Enumerable.Range(0x32, 6);
        HashSet<int> readable =
            [0x02, 0x03, 0x08, 0x0A, 0x0D, 0x0F, 0x28, 0x38, 0x39, 0x3E, .. Enumerable.Range(0x10, 0x18), .. local];
        HashSet<int> writable = [0x08, 0x0B, 0x0F, 0x28, 0x38, 0x3E, 0x3F, .. local];
        using Guest guest = new(engine);
        Assert.SkipUnless(guest.IsThere, guest.Reason);
        guest.Load(isX2: true, a =>
        {
            for (int index = 0; index < RegisterCount; index++)
            {
                if (index is 0x30 or 0x2F)
                {
                    continue;
                }

                Try(a, index, edxOfWrite: null);
                Try(a, index, edxOfWrite: 0);
                Try(a, index, edxOfWrite: 1);
            }
        });
        guest.RunToEnd();

        List<uint> expected = [];
        for (int index = 0; index < RegisterCount; index++)
        {
            if (index is not (0x30 or 0x2F))
            {
                expected.Add((uint)index | (readable.Contains(index) ? 0 : Faulted));
                expected.Add((uint)index | (writable.Contains(index) ? 0 : Faulted));
                expected.Add((uint)index | Faulted);
            }
        }

        Assert.Equal(expected, guest.Reports);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Modes_of_the_apic_change_in_the_order_of_the_manual(string engine, bool fromX2)
    {
        using Guest guest = new(engine);
        Assert.SkipUnless(guest.IsThere, guest.Reason);
        guest.Load(fromX2, a =>
        {
            // Disabled but in x2APIC mode; back to xAPIC mode; a reserved bit. Then disabled, to x2APIC mode at once, and step by step.
            foreach (int mode in (ReadOnlySpan<int>)[0x500, 0x900, 0xD02, 0x100, 0xD00, 0x900, 0xD00])
            {
                a.mov(ecx, BaseMsr);
                a.mov(eax, 0xFEE0_0000 | (uint)mode);
                a.xor(edx, edx);
                a.xor(r8d, r8d);
                a.wrmsr();
                a.mov(eax, r8d);
                a.or(eax, mode);
                a.@out((byte)RunningGuest.ReportPort, eax);
            }
        });
        guest.RunToEnd();

        Assert.Equal(
            [0x500 | Faulted, fromX2 ? 0x900 | Faulted : 0x900, 0xD02 | Faulted, 0x100, 0xD00 | Faulted, 0x900, 0xD00], guest.Reports);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void An_apic_that_software_disables_masks_its_local_vectors(string engine, bool isX2)
    {
        const int Enabled = 0x1FF;
        const int Disabled = 0xFF;
        const int TimerVector = 0x320;
        const uint Masked = 1 << 16;
        using Guest guest = new(engine);
        Assert.SkipUnless(guest.IsThere, guest.Reason);
        guest.Load(isX2, a =>
        {
            Write(a, isX2, SpuriousVector, Enabled);
            Write(a, isX2, TimerVector, 0x40);
            Report(a, isX2, TimerVector);
            Write(a, isX2, SpuriousVector, Disabled);
            Report(a, isX2, TimerVector);
            Write(a, isX2, TimerVector, 0x41);
            Report(a, isX2, TimerVector);
            Write(a, isX2, SpuriousVector, Enabled);
            Report(a, isX2, TimerVector);
            Write(a, isX2, TimerVector, 0x42);
            Report(a, isX2, TimerVector);
        });
        guest.RunToEnd();

        Assert.Equal([0x40, Masked | 0x40, Masked | 0x41, Masked | 0x41, 0x42u], guest.Reports);
    }

    // In software alone: paravirtual KVM tells handlers the task's priority.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interrupts_come_by_priority_and_a_higher_one_interrupts_a_handler(bool isX2)
    {
        using Guest guest = new("Software");
        Assert.SkipUnless(guest.IsThere, guest.Reason);
        guest.Load(isX2, a =>
        {
            a.xor(r9d, r9d);
            Write(a, isX2, SpuriousVector, 0x1FF);
            Write(a, isX2, TaskPriority, 0x40);
            foreach (int vector in (ReadOnlySpan<int>)[0x31, 0x51, 0x61, 0x45, 0x55])
            {
                Write(a, isX2, Command, ToItself | vector);
            }

            Report(a, isX2, ProcessorPriority);
            WaitFor(a, 5);
            a.mov(eax, 0x1000);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.xor(eax, eax);
            a.mov(cr8, rax);
            Report(a, isX2, TaskPriority);
            WaitFor(a, 7);
            a.mov(eax, 0xA);
            a.mov(cr8, rax);
            Report(a, isX2, TaskPriority);
        });
        foreach (int vector in (ReadOnlySpan<int>)[0x31, 0x45, 0x51, 0x55, 0x61, 0x71])
        {
            guest.Handle((byte)vector, a =>
            {
                a.inc(r9d);
                a.mov(eax, vector);
                a.@out((byte)RunningGuest.ReportPort, eax);
                Report(a, isX2, ProcessorPriority);
                if (vector == 0x51)
                {
                    a.call(RunningGuest.CodeGpa + Guest.NestedOffset);
                }

                Write(a, isX2, EndOfInterrupt, 0);
                a.iretq();
            });
        }

        guest.Write(Guest.NestedOffset, a =>
        {
            Write(a, isX2, Command, ToItself | 0x71);
            Write(a, isX2, Command, ToItself | 0x52);
            WaitFor(a, 4);
            a.mov(eax, 0x2000);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.ret();
        });
        guest.Handle(0x52, a =>
        {
            a.inc(r9d);
            a.mov(eax, 0x52);
            a.@out((byte)RunningGuest.ReportPort, eax);
            Write(a, isX2, EndOfInterrupt, 0);
            a.iretq();
        });
        guest.RunToEnd();

        // Of the priority of the task (4) come those of 5 and above; 0x52 is of the class of the handler that sends it, and waits.
        Assert.Equal(
            [
                0x40, 0x61, 0x60, 0x55, 0x50, 0x51, 0x50, 0x71, 0x70, 0x2000, 0x52, 0x1000,
                0x00, 0x45, 0x40, 0x31, 0x30, 0xA0,
            ],
            guest.Reports);
    }

    private static void Try(Assembler a, int index, uint? edxOfWrite)
    {
        a.mov(ecx, FirstMsr + index);
        a.xor(r8d, r8d);
        a.xor(eax, eax);
        a.mov(edx, edxOfWrite ?? 0);
        if (edxOfWrite is null)
        {
            a.rdmsr();
        }
        else
        {
            a.wrmsr();
        }

        a.mov(eax, r8d);
        a.or(eax, index);
        a.@out((byte)RunningGuest.ReportPort, eax);
    }

    // Lets interrupts come until there have been so many, or for so long that none comes any more: not all processors take one at once.
    private static void WaitFor(Assembler a, int interrupts)
    {
        const int Long = 1_000_000;
        Label again = a.CreateLabel();
        Label enough = a.CreateLabel();
        a.mov(r10d, Long);
        a.sti();
        a.Label(ref again);
        a.cmp(r9d, interrupts);
        a.jae(enough);
        a.dec(r10d);
        a.jnz(again);
        a.Label(ref enough);
        a.cli();
    }

    private static void Write(Assembler a, bool isX2, int offset, int value)
    {
        if (!isX2)
        {
            a.mov(edx, (uint)ApicPage + (uint)offset);
            a.mov(__dword_ptr[rdx], value);
            return;
        }

        a.mov(ecx, FirstMsr + (offset >> 4));
        a.mov(eax, value);
        a.xor(edx, edx);
        a.wrmsr();
    }

    private static void Report(Assembler a, bool isX2, int offset)
    {
        if (isX2)
        {
            a.mov(ecx, FirstMsr + (offset >> 4));
            a.rdmsr();
        }
        else
        {
            a.mov(edx, (uint)ApicPage + (uint)offset);
            a.mov(eax, __dword_ptr[rdx]);
        }

        a.@out((byte)RunningGuest.ReportPort, eax);
    }

    /// <summary>A guest on one engine.</summary>
    private sealed class Guest : IDisposable
    {
        internal const int NestedOffset = 0x3000;
        private const int ProgramOffset = 0x4000;
        private readonly MshvEmulator? emulator;
        private readonly RunningGuest? guest;

        internal Guest(string engine)
        {
            MshvEngine chosen = Enum.Parse<MshvEngine>(engine);
            Reason = GuestDevice.IsDriver ? "guests run on the driver here"
                : chosen == MshvEngine.Kvm && Requirement.IsSoftware ? "guests run in software here" : "";
            if (!IsThere)
            {
                return;
            }

            if (chosen == MshvEngine.Kvm)
            {
                Requirement.Emulator();
            }
            else
            {
                Requirement.Software();
            }

            emulator = new MshvEmulator(new MshvEmulatorOptions { Engine = chosen });
            guest = new RunningGuest(options: new RunOptions { Msrs = UnclaimedAccess.AsHardware }, emulator: emulator);
        }

        internal bool IsThere => Reason.Length == 0;

        internal string Reason { get; }

        internal IEnumerable<uint> Reports => guest!.Reports;

        /// <summary>Loads a program that begins with its APIC in one of two modes.</summary>
        internal void Load(bool isX2, Action<Assembler> write)
        {
            guest!.Load(64, a =>
            {
                a.mov(ecx, BaseMsr);
                a.rdmsr();
                a.or(eax, isX2 ? 0xC00 : 0x800);
                a.wrmsr();
                a.jmp(RunningGuest.CodeGpa + ProgramOffset);
            });
            Write(ProgramOffset, a =>
            {
                write(a);
                a.@out((byte)RunningGuest.EndPort, al);
            });

            // RDMSR and WRMSR have two bytes.
            Handle(GeneralProtection, a =>
            {
                a.pop(r8);
                a.mov(r8d, Faulted);
                a.add(__qword_ptr[rsp], 2);
                a.iretq();
            });
        }

        internal void Handle(byte vector, Action<Assembler> write) => FaultGuests.InstallHandler(guest!, vector, write);

        internal void Write(int offset, Action<Assembler> write)
        {
            ulong gpa = RunningGuest.CodeGpa + (uint)offset;
            guest!.Partition.Memory.Write(gpa, RunningGuest.Assemble(64, write, gpa));
        }

        internal void RunToEnd() => guest!.RunToEnd();

        public void Dispose()
        {
            guest?.Dispose();
            emulator?.Dispose();
        }
    }
}
