// The smallest guest: nine instructions that print a line at the first serial port and switch the machine off.
using System.Text;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

const ulong ProgramGpa = 0x1000; // where the guest's program lies in the guest's memory
byte[] program =
[
    0xba, 0xf8, 0x03, //       mov  dx, 0x3f8       the port of the serial port's data
    0xbe, 0x12, 0x10, //       mov  si, 0x1012      the address of the text, which follows the code
    0xac,             // next: lodsb                al = the byte at si; si = si + 1
    0x84, 0xc0,       //       test al, al          is it the zero at the end?
    0x74, 0x03,       //       jz   off             then there is nothing more to print
    0xee,             //       out  dx, al          leaves the guest: Serial.Write below takes the byte
    0xeb, 0xf8,       //       jmp  next
    0x66, 0xe7, 0xf4, // off:  out  0xf4, eax       leaves the guest: PowerSwitch.Write below
    0xf4,             //       hlt                  never gets here: the run has ended
    .. "Hello, guest\n\0"u8,
];

try
{
    // The device of the hypervisor, or where there is none an emulation of it on /dev/kvm.
    using MshvEmulator emulator = new();
    using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator });

    // A partition is a virtual machine without anything in it.
    using Partition partition = device.CreatePartition().Build();

    // 64 KiB of RAM, at address 0 of the guest, with the program in it. The partition keeps the memory as long as it needs it.
    using GuestMemory ram = GuestMemory.Allocate(0x10000);
    partition.Memory.Map(0, ram);
    FlatImage.Load(partition.Memory, ProgramGpa, program);

    // One processor, whose first instruction is the program's first, in the 16-bit mode that every PC starts in.
    using VirtualProcessor processor = partition.CreateVirtualProcessor(0);
    X64Boot.RealMode(ProgramGpa).ApplyTo(processor);

    // The devices: whatever the guest writes to these ports, it stops and the device is asked.
    MachineHandlers handlers = new();
    RunLoop loop = new(processor, handlers);
    handlers.Ports.Map(0x3f8, 8, new Serial());
    handlers.Ports.Map(0xf4, 4, new PowerSwitch(loop));

    // Runs the guest on this thread until it ends, and says why it did.
    RunResult result = loop.Run();
    Console.WriteLine(
        result.End == RunEnd.PowerOff ? $"The guest switched itself off after {loop.ExitCount} exits." : $"Unexpected end: {result}");
    return result.End == RunEnd.PowerOff ? 0 : 1;
}
catch (Exception exception) when (exception is HypervisorException or PlatformNotSupportedException)
{
    // Neither /dev/mshv nor /dev/kvm, or no right to use them: the message says which, and what to do.
    Console.Error.WriteLine($"No guest can run here. {exception.Message}");
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
