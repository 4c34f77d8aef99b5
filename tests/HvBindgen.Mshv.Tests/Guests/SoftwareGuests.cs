using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Running;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests on processors in software, whatever the host has.</summary>
public sealed class SoftwareGuests : IDisposable
{
    private readonly MshvEmulator emulator = new(new MshvEmulatorOptions { Engine = MshvEngine.Software });

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void A_guest_of_each_mode_runs_to_its_end(int bits)
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(bits, code =>
        {
            code.mov(ecx, 10);
            code.xor(eax, eax);
            Iced.Intel.Label again = code.CreateLabel();
            code.Label(ref again);
            code.add(eax, ecx);
            code.loop(again);
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal([55u], guest.Reports);
    }

    [Fact]
    public void The_size_of_the_extended_state_is_that_of_what_is_enabled()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, code =>
        {
            code.mov(rax, cr4);
            code.or(eax, 1 << 18);
            code.mov(cr4, rax);
            foreach (uint components in (ReadOnlySpan<uint>)[3, 7])
            {
                code.xor(ecx, ecx);
                code.xor(edx, edx);
                code.mov(eax, components);
                code.xsetbv();
                code.mov(eax, 0xD);
                code.xor(ecx, ecx);
                code.cpuid();
                code.mov(eax, ebx);
                code.@out((byte)RunningGuest.ReportPort, eax);
                code.mov(eax, ecx);
                code.@out((byte)RunningGuest.ReportPort, eax);
            }

            code.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        // The legacy region and the header, then with the upper halves of 16 registers; ECX is what all components would take.
        Assert.Equal((uint[])[512 + 64, 832, 832, 832], guest.Reports);
    }

    [Fact]
    public void Registers_of_the_microcode_and_of_a_hypervisor_are_answered_without_the_client()
    {
        const uint MicrocodeRevision = 0x8B;
        const uint VpIndex = 0x4000_0002;
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, code =>
        {
            code.mov(ecx, MicrocodeRevision);
            code.xor(eax, eax);
            code.xor(edx, edx);
            code.wrmsr();
            code.mov(eax, 1);
            code.cpuid();
            code.mov(ecx, MicrocodeRevision);
            code.rdmsr();
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.mov(ecx, VpIndex);
            code.mov(eax, 5);
            code.rdmsr();
            code.@out((byte)RunningGuest.ReportPort, eax);
            code.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal((uint[])[0, 0], guest.Reports);
    }

    [Fact]
    public void What_is_not_carried_out_ends_the_run_with_its_name()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, code => code.fstpnce(Iced.Intel.AssemblerRegisters.st1)); // of an empty top

        RunResult result = guest.Run();

        Assert.Equal(RunEnd.Refused, result.End);
        Assert.Contains("Fstpnce", result.Detail, StringComparison.Ordinal);
        Assert.Contains($"{RunningGuest.CodeGpa:x}", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_never_stops_is_stopped()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, code =>
        {
            Iced.Intel.Label again = code.CreateLabel();
            code.Label(ref again);
            code.jmp(again);
        });
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(50));

        Assert.Equal(RunEnd.Requested, guest.Loop.Run(soon.Token).End);
    }

    public void Dispose() => emulator.Dispose();
}
