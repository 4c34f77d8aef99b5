// A guest that gdb debugs: it stands at its first instruction until gdb lets it go, and prints a line at a serial port.
using System.Net;
using System.Net.Sockets;
using System.Text;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Gdb;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

const ulong ProgramGpa = 0x1000;
byte[] program =
[
    0xba, 0xf8, 0x03, // 1000        mov  dx, 0x3f8
    0xbe, 0x12, 0x10, // 1003        mov  si, 0x1012
    0xac,             // 1006  next: lodsb
    0x84, 0xc0,       // 1007        test al, al
    0x74, 0x03,       // 1009        jz   off
    0xee,             // 100b        out  dx, al
    0xeb, 0xf8,       // 100c        jmp  next
    0x66, 0xe7, 0xf4, // 100e  off:  out  0xf4, eax
    0xf4,             // 1011        hlt
    .. "Hello, gdb\n\0"u8,
];

try
{
    using MshvEmulator emulator = new();
    using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator });
    using Partition partition = device.CreatePartition().Build();
    using GuestMemory ram = GuestMemory.Allocate(0x10000);
    partition.Memory.Map(0, ram);
    FlatImage.Load(partition.Memory, ProgramGpa, program);
    using VirtualProcessor processor = partition.CreateVirtualProcessor(0);
    X64Boot.RealMode(ProgramGpa).ApplyTo(processor);

    MachineHandlers handlers = new();
    RunLoop loop = new(processor, handlers);
    handlers.Ports.Map(0x3f8, 8, new Serial());
    handlers.Ports.Map(0xf4, 4, new PowerSwitch(loop));

    // Whoever can connect has the guest in his hands: the loopback, or a socket's file in a folder of one's own.
    using Machine machine = new([loop]);
    using GdbServer gdb = new(machine, partition, handlers, waitsAtStart: true);
    EndPoint place = gdb.Listen(args.Length == 1 ? new UnixDomainSocketEndPoint(args[0]) : new IPEndPoint(IPAddress.Loopback, 0));
    machine.Start();
    string target = place is IPEndPoint tcp ? $"localhost:{tcp.Port}" : args[0];
    Console.WriteLine($"Waiting for: gdb -ex 'target remote {target}'");

    RunResult end = machine.WaitForEnd()!.Value.Result;
    Console.WriteLine(end.End switch
    {
        RunEnd.PowerOff => "The guest switched itself off.",
        RunEnd.Requested => "gdb ended the guest.",
        _ => $"Unexpected end: {end}",
    });
    return end.End is RunEnd.PowerOff or RunEnd.Requested ? 0 : 1;
}
catch (Exception exception) when (exception is HypervisorException or PlatformNotSupportedException or SocketException)
{
    // Neither /dev/mshv nor /dev/kvm, no right to use them, or no place to listen at: the message says which.
    Console.Error.WriteLine(
        $"{(exception is SocketException ? "No debugger can connect here." : "No guest can run here.")} {exception.Message}");
    return 2;
}

/// <summary>A serial port that prints what is sent to its data register.</summary>
internal sealed class Serial : IPortIoHandler
{
    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => Console.Write(Encoding.ASCII.GetString([(byte)value]));
}

/// <summary>A port that switches the machine off, whatever is written to it.</summary>
internal sealed class PowerSwitch(RunLoop loop) : IPortIoHandler
{
    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => loop.RequestEnd(RunEnd.PowerOff);
}
