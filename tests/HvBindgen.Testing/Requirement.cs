using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator;
using Xunit;

namespace HvBindgen.Testing;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped with the reason; in CI, where everything has been
/// set up, it fails.</summary>
public static class Requirement
{
    /// <summary>Whether a missing tool, header or device is a fault instead of a reason to skip.</summary>
    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>Every how many headers are taken where what takes minutes is asked for, by ./test.sh --sweep: 1 is all of them, 0 that it
    /// is not asked for.</summary>
    public static int SweepShare { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HVBINDGEN_SWEEP"), CultureInfo.InvariantCulture, out int share) ? share : 0;

    /// <summary>Whether what takes minutes is asked for too.</summary>
    public static bool IsSweep => SweepShare > 0;

    /// <summary>Whether the emulated device's processors are in software, as its environment variable says.</summary>
    public static bool IsSoftware { get; } = Environment.GetEnvironmentVariable("HVBINDGEN_MSHV") == "software";

    /// <summary>Skips the test; in CI it fails.</summary>
    public static void SkipOrFail(string reason)
    {
        if (IsCi)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    /// <summary>Requires that what takes minutes is asked for.</summary>
    /// <param name="why">What takes so long.</param>
    public static void Sweep(string why) => Assert.SkipUnless(IsSweep, $"asked for by ./test.sh --sweep: {why}");

    /// <summary>Requires that the whole of a sweep is asked for.</summary>
    /// <param name="why">What takes so long.</param>
    public static void WholeSweep(string why) => Assert.SkipUnless(SweepShare == 1, $"asked for by a whole ./test.sh --sweep: {why}");

    /// <summary>Requires that the emulated device can run guests.</summary>
    /// <remarks>In CI it must, unless the machine is none that the emulator is for.</remarks>
    public static void Emulator()
    {
        if (MshvEmulator.IsAvailable(out string? reason))
        {
            return;
        }

        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            SkipOrFail(reason!);
        }

        Assert.Skip(reason!);
    }

    /// <summary>Requires that the emulated device can run guests in software, which needs no device of the host.</summary>
    public static void Software() => Assert.SkipUnless(
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64,
        "processors in software need an x86-64 or arm64 process");

    /// <summary>Requires a device that can run guests: the kernel's or the emulated one.</summary>
    public static void Hypervisor()
    {
        if (!File.Exists("/dev/mshv"))
        {
            Emulator();
        }
    }

    /// <summary>Requires a device of the running kernel; no machine must have it.</summary>
    /// <param name="path">Its file.</param>
    public static void Device(string path)
    {
        if (!File.Exists(path))
        {
            Assert.Skip($"this kernel has no {path}");
        }
    }

    /// <summary>Requires a program in the search path.</summary>
    /// <param name="name">Name of the program.</param>
    /// <param name="package">Debian's package that has it.</param>
    public static void Program(string name, string package)
    {
        if (!HasProgram(name))
        {
            SkipOrFail($"{name} is not installed (Debian: {package})");
        }
    }

    /// <summary>Whether a program is in the search path.</summary>
    public static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
}
