using System.Collections.Concurrent;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>A machine of the whole library on the emulated device: memory, a few devices, and guest code in one of three modes.</summary>
/// <remarks>
/// Memory is at 0 to 0xa0000 and from 1 to 2 MiB. Ports: a guest ends its run at <see cref="EndPort"/> and reports numbers at
/// <see cref="ReportPort"/>.
/// </remarks>
internal sealed class RunningGuest : IDisposable
{
    internal const ulong CodeGpa = 0x1_0000;
    internal const ulong StackTop = 0x9000;
    internal const ulong DataGpa = 0x2_0000;
    internal const ulong DeviceGpa = 0xa_0000;
    internal const ulong PageTablesGpa = 0x1000;
    internal const ulong HighRamGpa = 0x10_0000;
    internal const ushort EndPort = 0xf4;
    internal const ushort ReportPort = 0xf0;

    // On a processor that is emulated in software, among other tests, a second's work takes many.
    internal static readonly TimeSpan TooLong = TimeSpan.FromSeconds(90);

    private readonly GuestMemory lowRam;
    private readonly GuestMemory highRam;
    private readonly List<string> refusals = [];

    internal RunningGuest(
        uint processorCount = 1,
        RunOptions? options = null,
        MshvEmulator? emulator = null,
        MSHV_PT_FLAGS flags = MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.X2APIC | MSHV_PT_FLAGS.GPA_SUPER_PAGES)
    {
        if (emulator is null && !GuestDevice.IsDriver)
        {
            Requirement.Emulator();
        }

        OwnedEmulator = emulator is null ? new MshvEmulator(new MshvEmulatorOptions { OnRefusal = refusals.Add }) : null;
        Device = GuestDevice.Open(emulator ?? OwnedEmulator!);
        Partition = Device.CreatePartition().WithAllFeatures().WithFlags(flags).Build();
        lowRam = GuestMemory.Allocate(DeviceGpa);
        highRam = GuestMemory.Allocate(HighRamGpa);
        Partition.Memory.Map(0, lowRam);
        Partition.Memory.Map(HighRamGpa, highRam);
        for (uint index = 0; index < processorCount; index++)
        {
            VirtualProcessor processor = Partition.CreateVirtualProcessor(index);
            Processors.Add(processor);
            Loops.Add(new RunLoop(processor, Handlers, options));
        }

        Handlers.Ports.Map(EndPort, 1, new EndDevice(this));
        Handlers.Ports.Map(ReportPort, 4, new ReportDevice(this));
    }

    internal MshvDevice Device { get; }

    internal Partition Partition { get; }

    internal List<VirtualProcessor> Processors { get; } = [];

    internal VirtualProcessor Processor => Processors[0];

    internal MachineHandlers Handlers { get; } = new();

    internal List<RunLoop> Loops { get; } = [];

    internal RunLoop Loop => Loops[0];

    /// <summary>What the guest reported, in order.</summary>
    internal ConcurrentQueue<uint> Reports { get; } = [];

    /// <summary>Called on a processor's thread at each report.</summary>
    internal Action<uint>? OnReport { get; set; }

    /// <summary>What the emulated device could not do.</summary>
    internal IReadOnlyList<string> Refusals => refusals;

    private MshvEmulator? OwnedEmulator { get; }

    /// <summary>Assembles code for where it runs: real mode has CS at the code, the others are flat.</summary>
    internal static byte[] Assemble(int bits, Action<Assembler> write, ulong gpa = CodeGpa)
    {
        Assembler assembler = new(bits);
        write(assembler);
        MemoryStream stream = new();
        _ = assembler.Assemble(new StreamCodeWriter(stream), bits == 16 ? 0 : gpa);
        return stream.ToArray();
    }

    /// <summary>Loads code and gives the first processor the registers of its mode.</summary>
    internal void Load(int bits, Action<Assembler> write) => Load(bits, Assemble(bits, write));

    internal void Load(int bits, ReadOnlySpan<byte> code)
    {
        Partition.Memory.Write(CodeGpa, code);
        if (bits == 16)
        {
            WriteExceptionVectors();
        }

        X64BootState state = bits switch
        {
            16 => X64Boot.RealMode(CodeGpa),
            32 => X64Boot.Flat32(Partition.Memory, CodeGpa),
            _ => X64Boot.LongMode(Partition.Memory, CodeGpa, StackTop, pageTablesGpa: PageTablesGpa),
        };
        state.Set(hv_register_name.HV_X64_REGISTER_RSP, StackTop).ApplyTo(Processor);
    }

    /// <summary>Runs the first processor; fails when it does not end by itself.</summary>
    internal RunResult Run()
    {
        using CancellationTokenSource deadline = new(TooLong);
        RunResult result = Loop.Run(deadline.Token);
        Assert.False(deadline.IsCancellationRequested, $"the guest hangs at {Describe()}");
        return result;
    }

    /// <summary>Runs the first processor to its own end.</summary>
    /// <param name="mayBeRefused">Whether a paravirtual KVM may have no such instructions: the test is then skipped.</param>
    internal void RunToEnd(bool mayBeRefused = false)
    {
        RunResult result = Run();
        Assert.SkipWhen(
            mayBeRefused && !Requirement.IsSoftware && result.End == RunEnd.Refused, $"this host's KVM: {result.Detail}");

        // Behind the driver a hypervisor whose processor cannot go on says so by an unrecoverable exception.
        Assert.SkipWhen(
            mayBeRefused && GuestDevice.IsDriver && result.End == RunEnd.TripleFault,
            "the KVM below the driver's hypervisor has no such instructions");
        Assert.True(
            result.End == RunEnd.PowerOff,
            $"{result.End} {result.Detail} {result.Fault} at {Describe()}; {string.Join("; ", refusals)}");
    }

    /// <summary>Runs all processors until one of them ends.</summary>
    internal void RunAllToEnd()
    {
        using Machine machine = new(Loops);
        machine.Start();
        MachineResult? end = machine.WaitForEnd(TooLong);
        Assert.True(end is not null, $"the guest hangs; reports {string.Join(' ', Reports.Select(each => $"{each:x}"))}");
        RunResult result = end.Value.Result;
        Assert.True(result.End == RunEnd.PowerOff, $"{result.End} {result.Detail} {result.Fault}; {string.Join("; ", refusals)}");
    }

    public void Dispose()
    {
        foreach (VirtualProcessor processor in Processors)
        {
            processor.Dispose();
        }

        Partition.Dispose();
        Device.Dispose();
        lowRam.Dispose();
        highRam.Dispose();
        OwnedEmulator?.Dispose();
    }

    // Every exception of a real-mode guest that does not expect one ends its run: cli; mov al, 0xee; out ReportPort, al; out EndPort, al.
    private void WriteExceptionVectors()
    {
        const ushort HandlerOffset = 0x800;
        const int Exceptions = 32;
        ReadOnlySpan<byte> handler = [0xfa, 0xb0, 0xee, 0xe6, (byte)ReportPort, 0xe6, (byte)EndPort];
        Partition.Memory.Write(CodeGpa + HandlerOffset, handler);
        for (ulong vector = 0; vector < Exceptions; vector++)
        {
            Partition.Memory.Write(vector * 4, ((uint)(CodeGpa >> 4) << 16) | HandlerOffset);
        }
    }

    private string Describe()
    {
        X64GeneralRegisters general = Processor.X64.General;
        string reports = string.Join(' ', Reports.Select(each => $"{each:x}"));
        return $"RIP 0x{general.Rip:x}, RAX 0x{general.Rax:x}, RSP 0x{general.Rsp:x}, reports {reports}";
    }

    private sealed class EndDevice(RunningGuest guest) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        // The first processor's end is the machine's.
        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => guest.Loop.RequestEnd(RunEnd.PowerOff);
    }

    private sealed class ReportDevice(RunningGuest guest) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
            guest.Reports.Enqueue(value);
            guest.OnReport?.Invoke(value);
        }
    }
}
