using System.Globalization;
using System.Security.Cryptography;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using HvX64 = HvBindgen.Mshv.Abi.X64.Constants;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests on a virtual clock: the same one does the same, to the instruction, whenever and wherever it runs.</summary>
public sealed class RepeatableGuests
{
    private const string TraceVariable = "HVBINDGEN_TRACE_FILE";
    private const byte ApicTimerVector = 0x51;
    private const byte SyntheticTimerVector = 0x52;
    private const byte OwnVector = 0x53;
    private const int ApicBase = unchecked((int)0xfee00000);
    private const int EndOfInterrupt = 0xb0;
    private const int SpuriousVector = 0xf0;
    private const int Command = 0x300;
    private const int TimerVector = 0x320;
    private const int InitialCount = 0x380;
    private const int CurrentCount = 0x390;
    private const int Divide = 0x3e0;
    private const int Periodic = 1 << 17;
    private const int ToSelf = 1 << 18;
    private const uint StatusFlags = 0x8d5;
    private const ulong Seed = 7;

    [Fact]
    public void A_guest_of_timers_interrupts_and_random_numbers_does_the_same_twice()
    {
        RequireSoftware();
        string trace = Trace(Seed);

        Assert.Equal(trace, Trace(Seed));
        Assert.NotEqual(trace, Trace(Seed + 1));
    }

    [Fact]
    public async Task A_guest_does_the_same_in_another_process()
    {
        RequireSoftware();
        if (Environment.GetEnvironmentVariable(TraceVariable) is { } path)
        {
            await File.WriteAllTextAsync(path, Trace(Seed), TestContext.Current.CancellationToken);
            return;
        }

        string file = Path.GetTempFileName();
        try
        {
            string method = $"{typeof(RepeatableGuests).FullName}.{nameof(A_guest_does_the_same_in_another_process)}";
            ChildProgram child = new(
                Path.Combine(AppContext.BaseDirectory, "HvBindgen.Mshv.Tests"), "-noLogo", "-noColor", "-method", method)
            {
                Environment = new Dictionary<string, string?> { [TraceVariable] = file },
            };
            Assert.Equal(0, (await child.RunAsync(TestContext.Current.CancellationToken)).ExitCode);

            Assert.Equal(Trace(Seed), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Stops_from_outside_change_nothing_of_what_a_guest_does()
    {
        RequireSoftware();
        int stops = 0;
        string trace = Trace(Seed, guest =>
        {
            RunResult result;
            do
            {
                using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(1));
                result = guest.Loop.Run(soon.Token);
                stops++;
            }
            while (result.End == RunEnd.Requested);

            Assert.Equal(RunEnd.PowerOff, result.End);
        });

        Assert.Equal(Trace(Seed), trace);
        Assert.True(stops > 1, "nothing has stopped the guest");
    }

    [Fact]
    public void Each_instruction_takes_its_time_and_nothing_else_does()
    {
        const int Instructions = 25;
        RequireSoftware();
        using MshvEmulator emulator = new(new MshvEmulatorOptions { Clock = MshvClock.Virtual(1_000_000) });
        using RunningGuest guest = new(emulator: emulator);
        guest.OnReport = _ => Thread.Sleep(TimeSpan.FromMilliseconds(3));
        guest.Load(64, a =>
        {
            a.rdtsc();
            a.mov(ebx, eax);
            a.@out((byte)RunningGuest.ReportPort, al);
            for (int i = 3; i < Instructions; i++)
            {
                a.nop();
            }

            a.rdtsc();
            a.sub(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        // In nanoseconds, of which an instruction takes a thousand.
        Assert.Equal(Instructions * 1000u, guest.Reports.Last());
    }

    [Fact]
    public void Halted_processors_come_to_the_next_timer_at_once()
    {
        RequireSoftware();
        using MshvEmulator emulator = new(new MshvEmulatorOptions { Clock = MshvClock.Virtual() });
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, a =>
        {
            a.mov(ebx, ApicBase);
            a.mov(__dword_ptr[rbx + SpuriousVector], 0x1ff);
            a.mov(__dword_ptr[rbx + Divide], 0b1010); // by 128
            a.mov(__dword_ptr[rbx + TimerVector], ApicTimerVector);
            a.mov(__dword_ptr[rbx + InitialCount], -1);
            a.sti();
            a.hlt();
            a.rdtsc();
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, edx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallHandler(guest, ApicTimerVector);

        guest.RunToEnd();

        // Nine minutes, and the instructions around them.
        ulong passed = guest.Reports.First() | ((ulong)guest.Reports.Last() << 32);
        Assert.InRange(passed, (ulong)uint.MaxValue << 7, ((ulong)uint.MaxValue << 7) + 1_000);
    }

    [Fact]
    public void Random_numbers_have_the_width_of_their_register_and_the_carry_flag_alone()
    {
        RequireSoftware();
        using MshvEmulator emulator = new(new MshvEmulatorOptions { Engine = MshvEngine.Software });
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, a =>
        {
            a.mov(rax, -1);
            a.push((int)StatusFlags);
            a.popfq();
            a.rdrand(ax);
            a.pushfq();
            a.pop(rbx);
            a.rdseed(ecx);
            a.rdrand(rdx);
            a.rdrand(rsi);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        X64GeneralRegisters general = guest.Processor.X64.General;
        Assert.Equal(ulong.MaxValue >> 16, general.Rax >> 16);
        Assert.Equal(0ul, general.Rcx >> 32);
        Assert.NotEqual(0ul, general.Rdx >> 32);
        Assert.NotEqual(general.Rdx, general.Rsi);
        Assert.Equal(1ul, general.Rbx & StatusFlags);
    }

    [Fact]
    public void A_virtual_clock_and_a_seed_need_processors_in_software()
    {
        Assert.SkipWhen(Requirement.IsSoftware, "the environment chooses processors in software");

        MshvEmulatorOptions clock = new() { Engine = MshvEngine.Kvm, Clock = MshvClock.Virtual() };
        Assert.Contains("Software", Assert.Throws<ArgumentException>(() => new MshvEmulator(clock)).Message, StringComparison.Ordinal);
        MshvEmulatorOptions seed = new() { Engine = MshvEngine.Kvm, Seed = 1 };
        Assert.Contains("Software", Assert.Throws<ArgumentException>(() => new MshvEmulator(seed)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => MshvClock.Virtual(0));
    }

    private static void RequireSoftware()
    {
        Requirement.Software();
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
    }

    // All that there is to see of a run: reports, registers, time, exits and a digest of memory.
    private static string Trace(ulong seed, Action<RunningGuest>? run = null)
    {
        using MshvEmulator emulator = new(new MshvEmulatorOptions { Clock = MshvClock.Virtual(), Seed = seed });
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, WriteProgram);
        foreach (byte vector in (ReadOnlySpan<byte>)[ApicTimerVector, SyntheticTimerVector, OwnVector])
        {
            InstallHandler(guest, vector);
        }

        (run ?? (each => each.RunToEnd()))(guest);

        X64GeneralRegisters general = guest.Processor.X64.General;
        Assert.True(general.R15 > 100, $"only {general.R15} interrupts");
        byte[] memory = new byte[RunningGuest.DeviceGpa];
        guest.Partition.Memory.Read(0, memory);
        ulong time = guest.Processor.Registers.Get(hv_register_name.HV_REGISTER_TIME_REF_COUNT).reg64;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(' ', guest.Reports)}; {general}; {time}; {Convert.ToHexString(SHA256.HashData(memory))}");
    }

    // R14 becomes a digest of all that the guest sees, R15 counts interrupts.
    private static void WriteProgram(Assembler a)
    {
        const int Rounds = 300;
        Label again = a.CreateLabel();
        Label spin = a.CreateLabel();
        Label quiet = a.CreateLabel();
        a.xor(r14d, r14d);
        a.xor(r15d, r15d);
        a.mov(ebx, ApicBase);
        a.mov(__dword_ptr[rbx + SpuriousVector], 0x1ff);
        a.mov(__dword_ptr[rbx + Divide], 0b1011); // by 1
        a.mov(__dword_ptr[rbx + TimerVector], Periodic | ApicTimerVector);
        a.mov(__dword_ptr[rbx + InitialCount], 43_210);
        hv_stimer_config config = new() { enable = 1, periodic = 1, direct_mode = 1, apic_vector = SyntheticTimerVector };
        WriteMsr(a, HvX64.HV_X64_MSR_STIMER0_CONFIG, (uint)config.as_uint64);
        WriteMsr(a, HvX64.HV_X64_MSR_STIMER0_COUNT, 777);
        a.mov(edi, Rounds);
        a.mov(esi, (int)RunningGuest.DataGpa);
        a.sti();

        a.Label(ref again);
        a.mov(ebp, 60);
        a.Label(ref spin);
        a.rdtsc();
        Mix(a, rax);
        a.dec(ebp);
        a.jne(spin);
        a.rdrand(rax);
        Mix(a, rax);
        a.mov(eax, __dword_ptr[rbx + CurrentCount]);
        Mix(a, rax);
        a.mov(ecx, HvX64.HV_X64_MSR_TIME_REF_COUNT);
        a.rdmsr();
        Mix(a, rax);
        a.mov(ecx, HvX64.HV_X64_MSR_VP_RUNTIME);
        a.rdmsr();
        Mix(a, rax);
        a.mov(__qword_ptr[rsi], r14);
        a.add(rsi, 8);
        a.test(edi, 3);
        a.jne(quiet);
        a.mov(__dword_ptr[rbx + Command], ToSelf | OwnVector);
        a.hlt();
        a.mov(eax, r14d);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.Label(ref quiet);
        a.dec(edi);
        a.jne(again);
        a.@out((byte)RunningGuest.EndPort, al);
    }

    private static void InstallHandler(RunningGuest guest, byte vector) => FaultGuests.InstallHandler(guest, vector, a =>
    {
        a.push(rax);
        a.push(rdx);
        a.rdtsc();
        Mix(a, rax);
        a.mov(rax, __qword_ptr[rsp + 16]);
        Mix(a, rax);
        a.add(r14, vector);
        a.inc(r15);
        a.mov(eax, ApicBase);
        a.mov(__dword_ptr[rax + EndOfInterrupt], 0);
        a.pop(rdx);
        a.pop(rax);
        a.iretq();
    });

    private static void Mix(Assembler a, AssemblerRegister64 value)
    {
        a.rol(r14, 5);
        a.xor(r14, value);
    }

    private static void WriteMsr(Assembler a, int index, uint value)
    {
        a.mov(ecx, index);
        a.mov(eax, value);
        a.xor(edx, edx);
        a.wrmsr();
    }
}
