using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Tests.Guests;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using HvX64 = HvBindgen.Mshv.Abi.X64.Constants;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>A guest's clock and timers: the page of reference time, and the synthetic timers.</summary>
public sealed class SyntheticClock
{
    private const ulong PageGpa = 0xa000;
    private const ulong ResultsGpa = 0xb000;
    private const ulong MessagesGpa = 0xc000;
    private const ulong HandlerGpa = 0xd000;
    private const ulong GdtGpa = 0x500;
    private const ulong IdtGpa = 0x600;
    private const byte Vector = 0x50;
    private const byte Sint = 2;
    private const uint ApicBase = 0xfee00000;
    private const ulong TenMilliseconds = 100_000; // units of 100 ns
    private const ushort Ready = 0x76;
    private const ushort Interrupted = 0x77;
    private const uint LongestWait = 1_000_000_000; // units of 100 ns, after which the guest gives up
    private const uint Patience = 100_000; // instructions between two looks at the time

    private static readonly ulong Features = new hv_partition_synthetic_processor_features
    {
        hypervisor_present = 1,
        hv1 = 1,
        access_partition_reference_counter = 1,
        access_hypercall_regs = 1,
        access_synic_regs = 1,
        access_synthetic_timer_regs = 1,
        access_partition_reference_tsc = 1,
        direct_synthetic_timers = 1,
    }.as_uint64[0];

    [Fact]
    public void What_a_guest_computes_from_the_page_is_what_the_register_says()
    {
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        ReadClocks(machine, enable: true);
        _ = AssertAgree(machine, out uint sequence);

        // Time that stood still, and was set, is neither's.
        Assert.Equal(0, SetProperty(machine, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 1));
        Assert.Equal(0, SetProperty(machine, hv_partition_property_code.HV_PARTITION_PROPERTY_REFERENCE_TIME, 1ul << 50));
        Thread.Sleep(30);
        Assert.Equal(0, SetProperty(machine, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 0));
        ReadClocks(machine, enable: false);
        Assert.True(AssertAgree(machine, out uint next) >= 1ul << 50);
        Assert.NotEqual(sequence, next);
    }

    [Fact]
    public void A_counter_that_the_client_sets_changes_the_page()
    {
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        ReadClocks(machine, enable: true);
        _ = AssertAgree(machine, out uint sequence);

        machine.Set(hv_register_name.HV_X64_REGISTER_TSC, 0x1234_5678_9abc);
        ReadClocks(machine, enable: false);

        _ = AssertAgree(machine, out uint next);
        Assert.NotEqual(sequence, next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_timer_interrupts_when_its_time_has_come(bool isPeriodic)
    {
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        ulong config = new hv_stimer_config
        {
            enable = 1,
            periodic = isPeriodic ? 1u : 0,
            direct_mode = 1,
            apic_vector = Vector,
        }.as_uint64;
        ulong start = machine.Get(hv_register_name.HV_REGISTER_TIME_REF_COUNT).reg64;
        StartTimer(machine, isPeriodic, config, []);

        int expected = isPeriodic ? 3 : 1;
        for (int interrupt = 1; interrupt <= expected; interrupt++)
        {
            Assert.Equal(Interrupted, RunOn(machine));
            ulong passed = machine.Get(hv_register_name.HV_REGISTER_TIME_REF_COUNT).reg64 - start;
            Assert.True(passed >= TenMilliseconds * (ulong)interrupt, $"interrupt {interrupt} after {passed}");
        }

        hv_stimer_config after = new() { as_uint64 = machine.Get(hv_register_name.HV_REGISTER_STIMER0_CONFIG).reg64 };
        Assert.Equal(isPeriodic ? 1u : 0, after.enable);

        // A count of zero ends it.
        machine.Set(hv_register_name.HV_REGISTER_STIMER0_COUNT, 0);
        Assert.Equal(0ul, new hv_stimer_config { as_uint64 = machine.Get(hv_register_name.HV_REGISTER_STIMER0_CONFIG).reg64 }.enable);
        Assert.Empty(machine.Refusals);
    }

    [Fact]
    public void A_message_of_a_timer_waits_until_the_guest_has_taken_the_one_before()
    {
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        ulong config = new hv_stimer_config { enable = 1, periodic = 1, sintx = Sint }.as_uint64;
        StartTimer(machine, isPeriodic: true, config,
        [
            (HvX64.HV_X64_MSR_SCONTROL, 1),
            (HvX64.HV_X64_MSR_SIMP, (uint)MessagesGpa | 1),
            (HvX64.HV_X64_MSR_SINT0 + Sint, Vector),
        ]);

        Assert.Equal(Interrupted, RunOn(machine));
        ulong first = AssertMessage(machine);

        // Several periods later it is still the first one, and says that another waits.
        Thread.Sleep(60);
        Assert.True(
            SpinWait.SpinUntil(
                () => (Volatile.Read(ref machine.RamAt(MessagesGpa + (Sint * 256) + 5, 1)[0]) & 1) != 0, RunningGuest.TooLong),
            "no message waits");
        Assert.Equal(first, AssertMessage(machine));

        machine.RamAt(MessagesGpa + (Sint * 256), 4).Clear();
        machine.Set(hv_register_name.HV_REGISTER_EOM, 0);
        Assert.Equal(Interrupted, RunOn(machine));
        Assert.True(AssertMessage(machine) > first);
    }

    [Fact]
    public void No_timer_expires_while_time_stands_still()
    {
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        StartTimer(machine, isPeriodic: false, 0, []);
        Assert.Equal(0, SetProperty(machine, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 1));
        ulong now = machine.Get(hv_register_name.HV_REGISTER_TIME_REF_COUNT).reg64;
        machine.Set(hv_register_name.HV_REGISTER_STIMER0_CONFIG, new hv_stimer_config
        {
            enable = 1,
            direct_mode = 1,
            apic_vector = Vector,
        }.as_uint64);
        machine.Set(hv_register_name.HV_REGISTER_STIMER0_COUNT, now + TenMilliseconds);

        Thread.Sleep(50);
        Assert.Equal(1ul, machine.Get(hv_register_name.HV_REGISTER_STIMER0_CONFIG).reg64 & 1);

        Assert.Equal(0, SetProperty(machine, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 0));
        Assert.Equal(Interrupted, RunOn(machine));
        Assert.Equal(0ul, machine.Get(hv_register_name.HV_REGISTER_STIMER0_CONFIG).reg64 & 1);
    }

    // The register, the counter and the register again, as the guest reads them.
    private static void ReadClocks(EmulatedMachine machine, bool enable)
    {
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            if (enable)
            {
                WriteMsr(a, HvX64.HV_X64_MSR_REFERENCE_TSC, (uint)PageGpa | 1);
            }

            a.mov(rdi, ResultsGpa);
            ReadReferenceTime(a, 0);
            a.rdtsc();
            a.mov(__dword_ptr[rdi + 8], eax);
            a.mov(__dword_ptr[rdi + 12], edx);
            ReadReferenceTime(a, 16);
            a.@out(0x80, al);
        }));
        Assert.Equal(0x80, RunOn(machine));
    }

    // The page holds as between two readings; gives what it says.
    private static ulong AssertAgree(EmulatedMachine machine, out uint sequence)
    {
        const ulong Tolerance = 200; // 20 us: by so much two readings of the counter lie apart
        ms_hyperv_tsc_page page = MemoryMarshal.Read<ms_hyperv_tsc_page>(machine.RamAt(PageGpa, 24));
        sequence = page.tsc_sequence;
        Assert.SkipWhen(page.tsc_sequence == 0, "this host's time-stamp counter is not its kernel's clock: the page sends to the register");
        ReadOnlySpan<ulong> results = MemoryMarshal.Cast<byte, ulong>(machine.RamAt(ResultsGpa, 24));
        ulong computed = Math.BigMul(results[1], page.tsc_scale, out _) + (ulong)page.tsc_offset;
        Assert.True(
            computed + Tolerance >= results[0] && computed <= results[2] + Tolerance, $"{results[0]}, {computed}, {results[2]}");
        return computed;
    }

    private static ulong AssertMessage(EmulatedMachine machine)
    {
        hv_message message = MemoryMarshal.Read<hv_message>(machine.RamAt(MessagesGpa + (Sint * 256), 256));
        Assert.Equal(hv_message_type.HVMSG_TIMER_EXPIRED, (hv_message_type)message.header.message_type);
        hv_timer_message_payload payload =
            MemoryMarshal.Read<hv_timer_message_payload>(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload));
        Assert.Equal(0u, payload.timer_index);
        Assert.True(payload.delivery_time >= payload.expiration_time);
        return payload.expiration_time;
    }

    // Flat code that sets registers and the first timer, due in ten milliseconds, and waits for a while.
    private static void StartTimer(EmulatedMachine machine, bool isPeriodic, ulong config, (int Msr, uint Value)[] registers)
    {
        byte[] handler = GuestCode.Assemble(32, a =>
        {
            a.@out((byte)Interrupted, al);
            a.mov(__dword_ptr[ebx + 0xb0], 0);
            a.iretd();
        });
        handler.CopyTo(machine.RamAt(HandlerGpa, handler.Length));
        GuestCode.Start(machine, 32, GuestCode.Assemble(32, a =>
        {
            Label again = a.CreateLabel();
            a.mov(ebx, ApicBase);
            a.mov(__dword_ptr[ebx + 0xf0], 0x1ff);
            a.@out((byte)Ready, al);
            foreach ((int msr, uint value) in registers)
            {
                WriteMsr(a, msr, value);
            }

            if (config != 0)
            {
                a.xor(eax, eax);
                a.xor(edx, edx);
                if (!isPeriodic)
                {
                    a.mov(ecx, HvX64.HV_X64_MSR_TIME_REF_COUNT);
                    a.rdmsr();
                }

                a.add(eax, (uint)TenMilliseconds);
                a.adc(edx, 0);
                a.mov(ecx, HvX64.HV_X64_MSR_STIMER0_COUNT);
                a.wrmsr();
                a.mov(ecx, HvX64.HV_X64_MSR_STIMER0_CONFIG);
                a.mov(eax, (uint)config);
                a.xor(edx, edx);
                a.wrmsr();
            }

            // By the clock: a fast processor would give up before the host's timer is due.
            Label next = a.CreateLabel();
            a.mov(ecx, HvX64.HV_X64_MSR_TIME_REF_COUNT);
            a.rdmsr();
            a.mov(edi, eax);
            a.sti();
            a.Label(ref again);
            a.mov(ecx, Patience);
            a.Label(ref next);
            a.dec(ecx);
            a.jne(next);
            a.mov(ecx, HvX64.HV_X64_MSR_TIME_REF_COUNT);
            a.rdmsr();
            a.sub(eax, edi);
            a.cmp(eax, LongestWait);
            a.jb(again);
            a.@out(0x79, al);
        }));
        WriteTables(machine);

        // What comes before its local APIC is on is lost.
        Assert.Equal(Ready, RunOn(machine));
    }

    private static void WriteTables(EmulatedMachine machine)
    {
        ulong[] descriptors = [0, 0x00cf9b000000ffff, 0x00cf93000000ffff];
        MemoryMarshal.AsBytes(descriptors.AsSpan()).CopyTo(machine.RamAt(GdtGpa, 24));
        ulong gate = HandlerGpa | (8 << 16) | (0x8e00UL << 32);
        MemoryMarshal.Write(machine.RamAt(IdtGpa + (Vector * 8), 8), in gate);
        machine.Set(hv_register_name.HV_X64_REGISTER_GDTR, new hv_register_value { table = new() { @base = GdtGpa, limit = 23 } });
        machine.Set(hv_register_name.HV_X64_REGISTER_IDTR, new hv_register_value { table = new() { @base = IdtGpa, limit = 0x7ff } });
    }

    // Runs to the next port, and leaves the guest behind it.
    private static ushort RunOn(EmulatedMachine machine)
    {
        hv_x64_io_port_intercept_message message =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + message.header.instruction_length);
        return message.port_number;
    }

    private static int SetProperty(EmulatedMachine machine, hv_partition_property_code property, ulong value)
    {
        hv_input_set_partition_property input = new() { property_code = (uint)property, property_value = value };
        return machine.Call(
            machine.Partition, Abi.Constants.HVCALL_SET_PARTITION_PROPERTY, MemoryMarshal.AsBytes([input]), [], 0, out _).status;
    }

    private static void ReadReferenceTime(Assembler a, int at)
    {
        a.mov(ecx, HvX64.HV_X64_MSR_TIME_REF_COUNT);
        a.rdmsr();
        a.mov(__dword_ptr[rdi + at], eax);
        a.mov(__dword_ptr[rdi + at + 4], edx);
    }

    private static void WriteMsr(Assembler a, int index, uint value)
    {
        a.mov(ecx, index);
        a.mov(eax, value);
        a.xor(edx, edx);
        a.wrmsr();
    }
}
