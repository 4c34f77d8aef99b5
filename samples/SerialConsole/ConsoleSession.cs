using System.Runtime.InteropServices;
using ExampleDevices;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace SerialConsole;

/// <summary>A machine with a serial port, from its creation to its end, connected to a terminal or a script.</summary>
internal static class ConsoleSession
{
    private const ulong RamBytes = 0x2_0000;
    private const ulong GiB = 1 << 30;
    private const ushort FirstSerialPort = 0x3f8;
    private const int Failed = 1;

    /// <summary>Runs the guest until it switches itself off, a signal ends it, or its input is used up.</summary>
    /// <param name="options">Where input comes from, and how long it may take.</param>
    /// <returns>Exit code: 0, 1 for an end that was not wanted, or 128 and the number of the signal that ended it.</returns>
    public static int Run(ConsoleOptions options)
    {
        using MshvEmulator emulator = new();
        using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator });
        using Partition partition = device.CreatePartition().Build();
        using GuestMemory ram = GuestMemory.Allocate(RamBytes);
        partition.Memory.Map(0, ram);
        FlatImage.Load(partition.Memory, MonitorProgram.LoadGpa, MonitorProgram.Assemble());

        using VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        X64Boot.LongMode(partition.Memory, MonitorProgram.LoadGpa, MonitorProgram.StackTop, mappedBytes: GiB).ApplyTo(processor);

        MachineHandlers handlers = new();
        using Machine machine = new([new RunLoop(processor, handlers)]);
        using Stream output = Console.OpenStandardOutput();
        Uart16550 uart = new(
            value => output.Write([value]),
            () => partition.Interrupts.Assert(InterruptRequest.Fixed(processor.Index, MonitorProgram.SerialVector)),
            () => machine.RequestEnd());
        handlers.Ports.Map(FirstSerialPort, Uart16550.PortCount, uart);
        handlers.Ports.Map(MonitorProgram.PowerPort, 1, new PowerSwitch(machine));

        using EndingSignals signals = new(machine);
        MachineResult? end;
        using (RawTerminal? terminal = options.Script is null ? new RawTerminal() : null)
        {
            machine.Start();
            InputFeed.Start(options.Script, uart);
            end = machine.WaitForEnd(options.TimeLimit);
            machine.Dispose(); // nothing is printed any more before the terminal is put back
        }

        return Judge(end, signals.Received, options);
    }

    private static int Judge(MachineResult? end, PosixSignal? signal, ConsoleOptions options)
    {
        switch (end)
        {
            case null:
                Console.Error.WriteLine(
                    $"The time limit of {options.TimeLimit!.Value.TotalSeconds} s is over, and the guest has not ended.");
                return Failed;
            case { Result.End: RunEnd.PowerOff }:
                return 0;
            case { Result.End: RunEnd.Requested }:
                return EndingSignals.ExitCode(signal);
            default:
                Console.Error.WriteLine($"The guest ended unexpectedly: {end.Value.Result}");
                return Failed;
        }
    }
}
