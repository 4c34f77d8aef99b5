using HvBindgen.Mshv.Emulator;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests that save and restore the extended state in its compacted form, and guests that ask for random numbers.</summary>
public sealed class ExtendedStateGuests
{
    private const uint Absent = 0xABBA;
    private const ulong Area = RunningGuest.DataGpa;
    private const ulong Control = RunningGuest.DataGpa + 0x800;

    [Fact]
    public void The_compacted_form_has_what_is_in_use()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a);
            a.vzeroall();
            a.fninit();
            a.mov(eax, 0x1234);
            a.movd(xmm1, eax);
            a.mov(ecx, 1);
            a.xgetbv();
            a.and(eax, 6);
            a.@out((byte)RunningGuest.ReportPort, eax);
            Mask(a, 6);
            a.xsavec64(__[rdi]);
            Report(a, Area + 512);
            Report(a, Area + 520);
            Report(a, Area + 524);
            Report(a, Area + 24);
            Report(a, Area + 160 + 16);
            Report(a, Area + 576);

            // Back: the register, and a component that the area does not hold.
            a.vpcmpeqd(ymm1, ymm1, ymm1);
            Mask(a, 6);
            a.xrstor64(__[rdi]);
            a.vmovdqu(__[Control], ymm1);
            Report(a, Control);
            Report(a, Control + 16);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        guest.Partition.Memory.GetSpan(Area, 1024).Fill(0xEE);
        guest.Partition.Memory.GetSpan(Area + 528, 48).Clear(); // what no instruction writes of the header is zero

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor has no compacted form");
        Assert.Equal(
            [2u, 2u, 6u, 0x8000_0000, 0x1F80u, 0x1234u, 0xEEEE_EEEE, 0x1234u, 0u], guest.Reports);
    }

    [Fact]
    public void MXCSR_of_its_own_makes_SSE_saved_in_the_compacted_form()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a);
            a.vzeroall();
            a.mov(__dword_ptr[Control], 0x3F80);
            a.ldmxcsr(__dword_ptr[Control]);
            Mask(a, 6);
            a.xsavec64(__[rdi]);
            Report(a, Area + 512);
            Report(a, Area + 24);

            // The form without it has what MXCSR is after a reset.
            a.mov(__qword_ptr[Area + 512], 0);
            Mask(a, 6);
            a.xrstor64(__[rdi]);
            a.stmxcsr(__dword_ptr[Control]);
            Report(a, Control);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        guest.Partition.Memory.GetSpan(Area, 1024).Clear();

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor has no compacted form");
        Assert.Equal([2u, 0x3F80u, 0x1F80u], guest.Reports);
    }

    [Fact]
    public void A_random_number_comes_with_CF_and_no_other_flag()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Label isThere = a.CreateLabel();
            Label again = a.CreateLabel();
            a.mov(eax, 1);
            a.cpuid();
            a.bt(ecx, 30);
            a.jc(isThere);
            a.mov(eax, Absent);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
            a.Label(ref isThere);
            a.mov(rbx, ulong.MaxValue);
            a.Label(ref again);
            a.xor(eax, eax);
            a.rdrand(ebx);
            a.pushfq();
            a.pop(rax);
            a.jnc(again);
            a.and(eax, 0x8D5);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(rax, rbx);
            a.shr(rax, 32);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor has no random numbers");
        Assert.Equal([1u, 0u], guest.Reports);
    }

    [Fact]
    public void A_seed_gives_each_run_the_same_numbers()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        uint[] first = RandomNumbers(seed: 1);

        Assert.Equal(first, RandomNumbers(seed: 1));
        Assert.NotEqual(first, RandomNumbers(seed: 2));
    }

    private static uint[] RandomNumbers(ulong seed)
    {
        using MshvEmulator emulator = new(new MshvEmulatorOptions
        {
            Engine = MshvEngine.Software,
            Seed = seed,
        });
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, a =>
        {
            a.rdrand(eax);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.rdseed(eax);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        guest.RunToEnd();
        return [.. guest.Reports];
    }

    // Ends where XSAVEC and XGETBV with what is in use are not there; else enables x87, SSE and AVX.
    private static void Begin(Assembler a)
    {
        Label end = a.CreateLabel();
        Label isThere = a.CreateLabel();
        a.mov(rax, cr4);
        a.or(eax, (1 << 18) | (3 << 9));
        a.mov(cr4, rax);
        a.mov(eax, 0xD);
        a.mov(ecx, 1);
        a.cpuid();
        a.and(eax, 6);
        a.cmp(eax, 6);
        a.jne(end);
        a.mov(eax, 1);
        a.cpuid();
        a.bt(ecx, 28); // AVX
        a.jc(isThere);
        a.Label(ref end);
        a.mov(eax, Absent);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
        a.Label(ref isThere);
        a.xor(ecx, ecx);
        a.xor(edx, edx);
        a.mov(eax, 7);
        a.xsetbv();
    }

    private static void Mask(Assembler a, uint components)
    {
        a.mov(edi, (uint)Area);
        a.mov(eax, components);
        a.xor(edx, edx);
    }

    private static void Report(Assembler a, ulong gpa)
    {
        a.mov(eax, __dword_ptr[gpa]);
        a.@out((byte)RunningGuest.ReportPort, eax);
    }
}
