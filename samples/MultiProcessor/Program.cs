using System.Diagnostics;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Saving;
using MultiProcessor;

const uint PongsPerRound = 200;
const int Rounds = 3;
TimeSpan timeLimit = TimeSpan.FromSeconds(60);
TimeSpan standstill = TimeSpan.FromMilliseconds(50);

try
{
    using MshvEmulator emulator = new();
    using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator });
    GuestMachine machine = new(device);
    try
    {
        GuestProgram.Load(machine.Partition.Memory);
        X64Boot.RealMode(GuestProgram.BootGpa).ApplyTo(machine.Partition.FindVirtualProcessor(0)!);
        for (int round = 1; round <= Rounds; round++)
        {
            // Two threads. The second processor's waits inside the hypervisor, until the first processor starts the second.
            machine.Machine.Start();
            WaitForPongs(machine, machine.Counts.Pongs + PongsPerRound);
            machine = MoveToNewPartition(device, machine);
        }

        uint last = machine.Counts.Pongs + PongsPerRound;
        GuestProgram.SetLimit(machine.Partition.Memory, last);
        machine.Machine.Start();
        MachineResult end = machine.Machine.WaitForEnd(timeLimit) ?? throw new UnexpectedException("The guest did not end in time.");
        Expect(end.Result.End == RunEnd.PowerOff, $"The guest ended unexpectedly: {end.Result}");
        machine.Machine.Dispose(); // the other processor's thread has been told to end; now it has
        GuestProgram.Counts counts = machine.Counts;
        Expect(counts.Pings == last && counts.Pongs == last, $"{counts.Pings} pings and {counts.Pongs} pongs instead of {last} each.");
        Expect(machine.OwnCount(0) == last && machine.OwnCount(1) == last, "The processors' registers have other counts than memory.");
        Console.WriteLine(
            $"The guest switched itself off after {counts.Pings} pings and {counts.Pongs} pongs; the processors' registers agree.");
        return 0;
    }
    finally
    {
        machine.Dispose();
    }
}
catch (UnexpectedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (Exception exception) when (exception is HypervisorException or PlatformNotSupportedException)
{
    Console.Error.WriteLine($"No guest can run here. {exception.Message}");
    return 2;
}

// The host looks into the guest's memory while the guest runs.
void WaitForPongs(GuestMachine machine, uint count)
{
    long start = Stopwatch.GetTimestamp();
    while (machine.Counts.Pongs < count)
    {
        Expect(Stopwatch.GetElapsedTime(start) < timeLimit, $"Only {machine.Counts} within {timeLimit.TotalSeconds} s.");
        if (machine.Machine.WaitForEnd(TimeSpan.FromMilliseconds(1)) is { } end)
        {
            throw new UnexpectedException($"The guest ended unexpectedly: {end.Result}");
        }
    }

    Expect(machine.Counts.SecondApicId == 1, $"Processor 1 found APIC id {machine.Counts.SecondApicId} instead of 1.");
}

GuestMachine MoveToNewPartition(MshvDevice device, GuestMachine old)
{
    old.Machine.Pause();
    GuestProgram.Counts counts = old.Counts;
    Thread.Sleep(standstill);
    Expect(old.Counts == counts, "The guest went on although it was paused.");

    // A ping is answered before the next one is sent: at most one interrupt is on its way, and it must not get lost.
    Expect(counts.Pings - counts.Pongs <= 1, $"{counts.Pings} pings and {counts.Pongs} pongs do not fit together.");
    using MemoryStream saved = new();
    MachineState.Save(old.Partition, saved);
    old.Dispose();
    GuestMachine restored = new(device);
    saved.Position = 0;
    MachineState.Restore(restored.Partition, saved);
    Expect(restored.Counts == counts, "The restored memory differs.");
    Console.WriteLine(
        $"Paused after {counts.Pings} pings to APIC {counts.SecondApicId} and {counts.Pongs} pongs back; "
            + $"moved to a new partition in {saved.Length} bytes.");
    return restored;
}

static void Expect(bool condition, string otherwise)
{
    if (!condition)
    {
        throw new UnexpectedException(otherwise);
    }
}

/// <summary>Something is not as it must be.</summary>
/// <param name="message">What.</param>
internal sealed class UnexpectedException(string message) : Exception(message);
