using ExampleDevices;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Saving;

namespace LinuxGuest;

/// <summary>A machine with what Linux needs to come to a shell: memory, processors, a serial port, a clock, and ways to end.</summary>
internal sealed class LinuxMachine : IDisposable
{
    private const ushort FirstSerialPort = 0x3f8;
    private const int SerialInput = 4;
    private const uint DiskGpa = 0xfea0_0000;
    private const int DiskInput = 5;
    private const int DiskBytes = 1 << 20;
    private const uint ConsoleGpa = 0xfea0_1000;
    private const int ConsoleInput = 6;

    private const int TimerLine = 0;

    // Tests of its own ciphers, and guards against leaks of real processors, would take the kernel more than all the rest of a start in
    // software. Where ACPI has no hardware of its own the kernel resets by EFI unless told otherwise, and here is none.
    private const string CommandLine = "console=ttyS0 reboot=acpi panic=-1 nokaslr mitigations=off cryptomgr.notests ";

    // The date of a start that can be repeated.
    private static readonly DateTime FirstDay = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ulong ramBytes;
    private readonly GuestMemory ram;
    private readonly BiosImage? firmware;
    private readonly IntervalTimer? timer;
    private readonly Partition partition;
    private readonly Lock printing = new();
    private readonly ISavedDevice[] devices;

    /// <summary>Makes the machine, with the kernel in its memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="options">What is started.</param>
    /// <param name="output">Takes what the guest prints, and the serial port.</param>
    /// <exception cref="GuestImageException">The kernel is none.</exception>
    public LinuxMachine(MshvDevice device, GuestOptions options, Action<byte, Uart16550> output)
    {
        ramBytes = (ulong)options.RamMiB << 20;
        firmware = options.Firmware is { } file ? BiosImage.Read(file) : null;
        partition = device.CreatePartition().Build();
        ram = GuestMemory.Allocate(ramBytes);
        partition.Memory.Map(0, ram);
        MachineHandlers handlers = new();
        RunOptions answers = new() { Ports = UnclaimedAccess.AsHardware, Mmio = UnclaimedAccess.AsHardware };
        IEnumerable<int> indexes = Enumerable.Range(0, options.Processors);
        VirtualProcessor[] processors = [.. indexes.Select(index => partition.CreateVirtualProcessor((uint)index))];
        if (firmware is not null)
        {
            firmware.Load(partition.Memory); // processors begin there as hardware leaves them
        }
        else if (options.RestoreFrom is null)
        {
            Load(options).ApplyTo(processors[0]); // the guest starts the others
        }

        Machine = new Machine([.. processors.Select(processor => new RunLoop(processor, handlers, answers))]);

        IoApic interrupts = new(request => partition.Interrupts.Assert(in request));
        Serial = new Uart16550(Print, () => interrupts.Raise(SerialInput), inputUsedUp: () => { });
        byte[] disk = new byte[DiskBytes];
        "a disk in the monitor's memory\n"u8.CopyTo(disk);
        VirtioMmio block = new(new VirtioBlock(partition.Memory, disk), partition.Memory, () => interrupts.Raise(DiskInput));
        VirtioMmio console = new(new VirtioConsole(partition.Memory, Print), partition.Memory, () => interrupts.Raise(ConsoleInput));
        RealTimeClock clock = new(options.Seed is null ? () => DateTime.UtcNow : () => FirstDay + partition.Properties.ReferenceTime)
        {
            RamBytes = ramBytes,
        };
        devices = [interrupts, Serial, block, console, clock];
        handlers.Mmio.Map(IoApic.DefaultGpa, IoApic.SizeBytes, interrupts);
        handlers.Mmio.Map(DiskGpa, VirtioMmio.SizeBytes, block);
        handlers.Mmio.Map(ConsoleGpa, VirtioMmio.SizeBytes, console);
        handlers.Ports.Map(FirstSerialPort, Uart16550.PortCount, Serial);
        handlers.Ports.Map(RealTimeClock.DefaultPort, RealTimeClock.PortCount, clock);
        handlers.Ports.Map(SleepControl.DefaultPort, SleepControl.PortCount, new SleepControl(() => Machine.RequestEnd(RunEnd.PowerOff)));
        handlers.Ports.Map(ResetPort.DefaultPort, 1, new ResetPort(() => Machine.RequestEnd(RunEnd.Reset)));
        handlers.Ports.Map(KeyboardController.DefaultPort, 1, new KeyboardController(() => Machine.RequestEnd(RunEnd.Reset)));

        if (!options.HasShell)
        {
            timer = AddPartsOfPc(handlers, value => output(value, Serial));
        }

        // Two ports print, on the threads of two processors.
        void Print(byte value)
        {
            lock (printing)
            {
                output(value, Serial!);
            }
        }
    }

    /// <summary>Saves the machine. It is paused, and stays so.</summary>
    /// <param name="file">What it is written to.</param>
    public void Save(Stream file) => MachineState.Save(partition, file, devices);

    /// <summary>Gives a machine that has not started the state of a saved one.</summary>
    /// <param name="path">File that it was saved to.</param>
    /// <exception cref="MachineStateFormatException">The file has no machine that fits this one.</exception>
    public void Restore(string path)
    {
        using FileStream file = File.OpenRead(path);
        _ = MachineState.Restore(partition, file, devices);
    }

    /// <summary>How long the guest has run, by its own clock.</summary>
    public TimeSpan ReferenceTime => partition.Properties.ReferenceTime;

    /// <summary>The processors' threads.</summary>
    public Machine Machine { get; }

    /// <summary>The serial port.</summary>
    public Uart16550 Serial { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        Machine.Dispose();
        partition.Dispose();
        ram.Dispose();
        firmware?.Dispose();
    }

    // What Linux needs no more on this hypervisor: firmware measures by the timer how fast the processor is, waits by its interrupt, and
    // tells what it does.
    private IntervalTimer AddPartsOfPc(MachineHandlers handlers, Action<byte> print)
    {
        InterruptControllers controllers = new(
            vector => TryAsk(() => partition.Interrupts.Assert(
                new InterruptRequest(hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT, Destination: 0, vector))),
            () => TryAsk(partition.Hypercalls.ClearVirtualInterrupt));
        handlers.Ports.Map(InterruptControllers.DefaultFirstPort, InterruptControllers.PortCount, controllers.First);
        handlers.Ports.Map(InterruptControllers.DefaultSecondPort, InterruptControllers.PortCount, controllers.Second);
        IntervalTimer timer = new(TimeProvider.System, () => controllers.Raise(TimerLine));
        handlers.Ports.Map(IntervalTimer.DefaultPort, IntervalTimer.PortCount, timer);
        handlers.Ports.Map(SpeakerPort.DefaultPort, 1, new SpeakerPort(timer));
        handlers.Ports.Map(DebugConsole.DefaultPort, 1, new DebugConsole(value =>
        {
            // A terminal wants both ends of a line.
            if (value == '\n')
            {
                print((byte)'\r');
            }

            print(value);
        }));
        return timer;
    }

    // A guest may end an interrupt that it has not taken, and the timer raises one after the machine's end: refused, and no harm.
    private static bool TryAsk(Action request)
    {
        try
        {
            request();
            return true;
        }
        catch (Exception exception) when (exception is HypervisorException or ObjectDisposedException)
        {
            return false;
        }
    }

    private X64BootState Load(GuestOptions options)
    {
        DeviceDefinitions definitions = new();
        definitions.AddSerialPort(FirstSerialPort, SerialInput);
        definitions.AddVirtio(0, DiskGpa, VirtioMmio.SizeBytes, DiskInput);
        definitions.AddVirtio(1, ConsoleGpa, VirtioMmio.SizeBytes, ConsoleInput);
        ulong rootPointer = AcpiTables.Write(
            partition.Memory,
            options.Processors,
            hasIoApic: true,
            devices: new AcpiDevices { Definitions = definitions.ToArray(), SleepPort = SleepControl.DefaultPort });
        string images = options.Images!;
        byte[] ramDisk = File.Exists(images) ? [] : GuestFiles.MakeRamDisk(images);
        return LinuxKernelImage.Load(
            partition.Memory,
            File.ReadAllBytes(File.Exists(images) ? images : Path.Combine(images, "vmlinuz")),
            new LinuxBootData(CommandLine + options.KernelArguments, ramDisk, MemoryMap.ForPc(ramBytes), rootPointer));
    }
}
