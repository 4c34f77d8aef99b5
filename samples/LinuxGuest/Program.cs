// Debian's kernel with a shell of busybox: the monitor that the guide describes, with the example devices.
using System.Diagnostics;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Saving;
using LinuxGuest;
using SerialConsole;

const int BadArguments = 64; // EX_USAGE of sysexits.h
const int NoHypervisor = 2;
const int Interrupted = 128 + 2; // by SIGINT, as shells count: Ctrl-C is a key of the guest

GuestOptions options;
try
{
    options = GuestOptions.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n{GuestOptions.Usage}");
    return BadArguments;
}

try
{
    using SaveFile? target = options.SaveTo is { } place ? new SaveFile(place) : null;
    using MshvEmulator emulator = new(new MshvEmulatorOptions
    {
        Clock = options.Seed is null ? MshvClock.Host : MshvClock.Virtual(),
        Seed = options.Seed,
    });
    using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions
    {
        Fallback = emulator,
        Backend = options.Seed is null ? MshvBackend.Auto : MshvBackend.Emulator,
    });
    using Stream output = Console.OpenStandardOutput();
    ScriptTypist? typist = options.Script is { } lines ? new ScriptTypist(lines, typesAtOnce: options.Seed is not null) : null;
    using LinuxMachine linux = new(device, options, (value, serial) =>
    {
        output.Write([value]);
        typist?.OnOutput(value, serial);
    });
    if (options.RestoreFrom is { } saved)
    {
        linux.Restore(saved);
    }

    Stopwatch watch = Stopwatch.StartNew();
    using EndingSignals signals = new(linux.Machine);
    using RawTerminal? terminal = typist is null ? new RawTerminal(keepsSignals: false) : null;
    if (terminal is { IsTerminal: true })
    {
        Console.Error.Write("Ctrl-] ends the guest; every other key is the guest's.\r\n");
    }

    linux.Machine.Start();
    if (typist is null)
    {
        InputFeed.Start(script: null, linux.Serial, terminal is { IsTerminal: true } ? () => linux.Machine.RequestEnd() : null);
    }
    else if (options.RestoreFrom is not null)
    {
        typist.TypeNext(linux.Serial);
    }

    MachineResult? end = GuestEnd.Wait(linux.Machine, options, target is null ? null : typist!.IsUsedUp, out bool isToBeSaved);
    if (isToBeSaved)
    {
        linux.Machine.Pause();
        target!.Save(linux);
        Console.WriteLine($"\n{target.Path}: the guest is saved.");
        return 0;
    }

    linux.Machine.Dispose(); // nothing is printed any more
    terminal?.Dispose();
    long exits = linux.Machine.Loops.Sum(loop => loop.ExitCount);
    Console.Error.WriteLine($"{watch.Elapsed.TotalSeconds:f1} s, {exits} exits");
    if (options.Seed is not null)
    {
        Console.WriteLine($"\nguest time {linux.ReferenceTime}, {exits} exits");
    }

    switch (end)
    {
        case null:
            Console.Error.WriteLine(
                $"The time limit of {options.TimeLimit!.Value.TotalSeconds} s is over, and the guest has not ended.");
            return 1;
        case { Result.End: RunEnd.PowerOff }:
            Console.WriteLine("The guest switched itself off.");
            return 0;
        case { Result.End: RunEnd.Reset }:
            Console.WriteLine("The guest reset itself.");
            return 0;
        case { Result.End: RunEnd.Requested }:
            Console.WriteLine("The guest was ended.");
            return signals.Received == PosixSignal.SIGINT ? Interrupted : EndingSignals.ExitCode(signals.Received);
        default:
            Console.Error.WriteLine($"The guest ended unexpectedly: {end.Value.Result}");
            return 1;
    }
}
catch (Exception exception) when (exception is GuestImageException or MachineStateFormatException
    or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return BadArguments;
}
catch (Exception exception) when (exception is HypervisorException or PlatformNotSupportedException)
{
    Console.Error.WriteLine($"No guest can run here. {exception.Message}");
    return NoHypervisor;
}
