using System.Diagnostics;
using HvBindgen.Benchmarks;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Emulator;

// Medians of alternating rounds in one run; ratios are what to look at, for the machine's speed differs from minute to minute.
const long RunLoopExits = 100_000;
const long Ioctls = 500_000;
const long Exits = 20_000;
const uint Iterations = 500_000;
const int EmulatorRounds = 41;
const double Limit = 1.05;
const double EmulatorLimit = 2.0;

if (args is ["software"])
{
    new SoftwareSpeed().Print(Iterations);
    return 0;
}

new RunLoopShare().Print(RunLoopExits);
new SoftwareSpeed().Print(Iterations);
if (!MshvEmulator.IsAvailable(out string? reason))
{
    Console.WriteLine($"Not measured: ioctl and exits need /dev/kvm. {reason}");
    return 0;
}

Fd kvm = new(KvmLoop.OpenKvm());
using (Peer peer = new("ioctl.c"))
{
    Comparison.Print("ioctl wrapper (KVM_GET_API_VERSION)", () => MeasureIoctl(kvm), () => peer.Measure(Ioctls), Limit);
}

KvmLoop bare = new();
using (Peer peer = new("exits.c"))
{
    Comparison.Print("bare KVM loop, per exit", () => bare.Measure(Exits), () => peer.Measure(Exits), Limit);
}

using EmulatorShare emulated = new();
_ = emulated.Measure(Exits);
double[] whole = new double[EmulatorRounds];
double[] alone = new double[EmulatorRounds];
for (int i = 0; i < whole.Length; i++)
{
    whole[i] = emulated.Measure(Exits / 10);
    alone[i] = bare.Measure(Exits / 10);
}

double ratio = Comparison.Median([.. whole.Zip(alone, (all, kvmOnly) => all / kvmOnly)]);
Console.WriteLine(
    $"emulated /dev/mshv, per exit: {Comparison.Median(whole):f0} ns in all, {Comparison.Median(alone):f0} ns a bare KVM loop, "
        + $"ratio {ratio:f2} (limit {EmulatorLimit:f1}), fastest {whole.Min():f0} / {alone.Min():f0} ns, "
        + $"ratio {whole.Min() / alone.Min():f2}");
Console.WriteLine($"    of an exit: {emulated.Breakdown(Exits)}");
double series = Enumerable.Range(0, EmulatorRounds).Min(_ => emulated.MeasureRegisters(Exits / 1000, out _));
_ = emulated.MeasureRegisters(1, out int registers);
Console.WriteLine(
    $"    {registers} registers set by one call, fastest: {series / 1000:f0} us, {series / alone.Min():f1} exits of the bare loop");
return 0;

static double MeasureIoctl(Fd fd)
{
    Loop(fd, Ioctls / 10);
    long started = Stopwatch.GetTimestamp();
    Loop(fd, Ioctls);
    return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Ioctls;
}

static void Loop(Fd fd, long count)
{
    for (long i = 0; i < count; i++)
    {
        if (KvmSystemIoctls.KVM_GET_API_VERSION(fd).Value != 12)
        {
            throw new InvalidOperationException("KVM_GET_API_VERSION did not give 12.");
        }
    }
}
