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
    public void What_is_not_carried_out_ends_the_run_with_its_name()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        using RunningGuest guest = new(emulator: emulator);
        guest.Load(64, code => code.vmcall());

        RunResult result = guest.Run();

        Assert.Equal(RunEnd.Refused, result.End);
        Assert.Contains("Vmcall", result.Detail, StringComparison.Ordinal);
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
