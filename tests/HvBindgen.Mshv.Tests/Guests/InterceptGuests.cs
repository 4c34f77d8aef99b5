using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Tests.Running;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>What the tests of the run loop make messages of by hand (X64InstructionTests), done by guests: the same handlers, the same
/// answers, in the guest's registers.</summary>
public sealed class InterceptGuests : IDisposable
{
    private readonly MshvEmulator emulator = new(new MshvEmulatorOptions { Engine = MshvEngine.Software });

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Cpuid_that_is_intercepted_gives_a_guest_the_handlers_answer_and_another_leaf_does_not_reach_it(int bits)
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        TestAnswers answers = new();
        guest.Handlers.Cpuid = answers;
        guest.Partition.Hypercalls.InstallIntercept(
            hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID,
            Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE,
            new hv_intercept_parameters { cpuid_index = 1 });
        guest.Load(bits, code =>
        {
            code.xor(eax, eax);
            code.cpuid();
            code.mov(eax, 1);
            code.mov(ecx, 2);
            code.cpuid();
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.mov(eax, ebx);
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal(["cpuid 1 2"], answers.Calls);
        Assert.Equal((uint[])[0xa, 0xb], guest.Reports);
    }

    [Fact]
    public void A_hypercall_that_is_intercepted_gives_a_guest_the_handlers_result()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        const uint PageGpa = (uint)RunningGuest.DataGpa;
        const uint MessageGpa = PageGpa + 0x1000;
        using RunningGuest guest = new(emulator: emulator);
        TestAnswers answers = new();
        guest.Handlers.Hypercalls = answers;

        // A connection, nothing, a type, and how long what follows is.
        guest.Partition.Memory.Write(MessageGpa, MemoryMarshal.AsBytes((ReadOnlySpan<uint>)[1, 0, 1, 8]));
        guest.Partition.Hypercalls.InstallIntercept(
            hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE, default(hv_intercept_parameters));
        guest.Load(64, code =>
        {
            CallingGuest.WriteMsr(code, Abi.X64.Constants.HV_X64_MSR_GUEST_OS_ID, 1);
            CallingGuest.WriteMsr(code, Abi.X64.Constants.HV_X64_MSR_HYPERCALL, PageGpa | 1);
            code.mov(ecx, Hv.HVCALL_POST_MESSAGE);
            code.mov(edx, MessageGpa);
            code.mov(r8d, 0x22);
            code.mov(eax, PageGpa);
            code.call(rax);
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.shr(rax, 32);
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal([$"call 5c {MessageGpa:x} 22"], answers.Calls);
        Assert.Equal((uint[])[3, 1], guest.Reports);
    }

    public void Dispose() => emulator.Dispose();
}
