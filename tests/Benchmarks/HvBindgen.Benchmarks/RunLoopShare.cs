using System.Diagnostics;
using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Benchmarks;

/// <summary>What the run loop itself costs per exit: message, dispatch, handler, write-back; the guest costs nothing.</summary>
internal sealed unsafe class RunLoopShare : IPortIoHandler, IMmioHandler
{
    private const ulong DeviceGpa = 0xfec00000;
    private const ulong RamBytes = 1 << 20;
    private const int Rounds = 51;
    private const int RepeatedAccesses = 512;
    private const int WarmUpRounds = 200;
    private const long WarmUpExits = 1024;

    private readonly StreamDevice device = new();
    private readonly RunLoop loop;
    private readonly Partition partition;

    internal RunLoopShare()
    {
        partition = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = device, Backend = MshvBackend.Device })
            .CreatePartition().WithAllFeatures().Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        SetFlatProtectedMode(device.Page);
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 8, this);
        handlers.Mmio.Map(DeviceGpa, 0x1000, this);
        loop = new RunLoop(processor, handlers);
    }

    internal void Print(long count)
    {
        hv_message[] messages = [Port(isWrite: true), Port(isWrite: false), Memory(0x89, 0x03), Memory(0x8b, 0x03)];

        // In turn, before any is measured: the code is compiled once more for what it has seen by then, and a monitor sees all of them.
        for (int i = 0; i < WarmUpRounds; i++)
        {
            foreach (hv_message message in messages)
            {
                _ = Nanoseconds(message, WarmUpExits, out _);
            }
        }

        Print("run loop, OUT", messages[0], count, limitNanoseconds: 200);
        Print("run loop, IN", messages[1], count, limitNanoseconds: 200);
        Print("run loop, MMIO write (mov [ebx], eax)", messages[2], count / 2, limitNanoseconds: 500);
        Print("run loop, MMIO read (mov eax, [ebx])", messages[3], count / 2, limitNanoseconds: 500);

        device.Repeated = (RepeatedAccesses, DeviceGpa);
        hv_message repeated = Memory(0xf3, 0xab);
        for (int i = 0; i < WarmUpRounds; i++)
        {
            _ = Nanoseconds(repeated, WarmUpExits / RepeatedAccesses, out _);
        }

        double[] each = [.. Enumerable.Range(0, Rounds).Select(_ => Nanoseconds(repeated, count / 1000, out long _) / RepeatedAccesses)];
        Console.WriteLine($"run loop, MMIO write of REP STOSD: {Comparison.Median(each):f1} ns per access, fastest {each.Min():f1} ns");

        // The only exits that mark pages are those whose instruction stores to RAM.
        device.Repeated = default;
        partition.Memory.Map(0, GuestMemory.Allocate(RamBytes));
        hv_message stored = Memory(0xff, 0x33);
        Print("run loop, MMIO read stored to RAM (push dword [ebx])", stored, count / 2, limitNanoseconds: 500);
        partition.Memory.StartTracking();
        Print("run loop, the same while dirty pages are marked", stored, count / 2, limitNanoseconds: 500);
    }

    public uint Read(uint vpIndex, int offset, int sizeBytes) => 1;

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
    }

    public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 1;

    public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
    {
    }

    private void Print(string name, hv_message message, long count, double limitNanoseconds)
    {
        double[] nanoseconds = new double[Rounds];
        long allocated = long.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            nanoseconds[i] = Nanoseconds(message, count, out long allocatedBytes);
            allocated = Math.Min(allocated, allocatedBytes);
        }

        Console.WriteLine(
            $"{name}: {Comparison.Median(nanoseconds):f1} ns per exit (limit {limitNanoseconds:f0}), fastest {nanoseconds.Min():f1} ns, "
                + $"{(double)allocated / count:f4} bytes per exit ({allocated} for a whole run)");
    }

    private double Nanoseconds(hv_message message, long count, out long allocatedBytes)
    {
        device.Page->rip = 0x1000;
        device.Page->gp_registers[3] = DeviceGpa;
        device.Page->gp_registers[4] = RamBytes - 0x1000;
        device.Play(in message, count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        RunResult result = loop.Run();
        double elapsed = Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
        allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return result.End == RunEnd.EndOfRecording ? elapsed : throw new InvalidOperationException(result.ToString());
    }

    private static hv_x64_intercept_message_header Header(bool isWrite)
    {
        hv_x64_intercept_message_header header =
            new() { rip = 0x1000, rflags = 2, instruction_length = 2, intercept_access_type = isWrite ? (byte)1 : (byte)0 };
        header.execution_state.cr0_pe = 1;
        header.cs_segment._default = 1;
        return header;
    }

    private static hv_message Port(bool isWrite)
    {
        hv_x64_io_port_intercept_message payload = new() { header = Header(isWrite), port_number = 0x80, rax = 0x1122334455667788 };
        payload.access_info.access_size = 1;
        return Message(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, in payload);
    }

    private static hv_message Memory(byte first, byte second)
    {
        bool isWrite = first is not (0x8b or 0xff);
        hv_x64_memory_intercept_message payload = new()
        {
            header = Header(isWrite),
            guest_physical_address = DeviceGpa,
            guest_virtual_address = DeviceGpa,
            instruction_byte_count = 2,
        };
        payload.memory_access_info.gva_valid = 1;
        payload.memory_access_info.gva_gpa_valid = 1;
        payload.instruction_bytes[0] = first;
        payload.instruction_bytes[1] = second;
        return Message(hv_message_type.HVMSG_UNMAPPED_GPA, in payload);
    }

    private static hv_message Message<T>(hv_message_type type, in T payload)
        where T : unmanaged
    {
        hv_message message = default;
        message.header.message_type = (uint)type;
        message.header.payload_size = (byte)sizeof(T);
        Unsafe.As<Array30<ulong>, T>(ref message.u.payload) = payload;
        return message;
    }

    private static void SetFlatProtectedMode(hv_vp_register_page* page)
    {
        page->cr0 = 0x11;
        page->rflags = 2;
        for (int i = 0; i < 6; i++)
        {
            page->segment_registers[i] = new hv_x64_segment_register
            {
                limit = uint.MaxValue,
                selector = (ushort)(i == 1 ? 8 : 16),
                attributes = (ushort)(i == 1 ? 0xc09b : 0xc093),
            };
        }
    }
}
