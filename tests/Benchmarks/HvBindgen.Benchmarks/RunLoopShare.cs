using System.Diagnostics;
using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Benchmarks;

/// <summary>What the run loop itself costs per exit: message, dispatch, handler, write-back; the guest costs nothing.</summary>
internal sealed unsafe class RunLoopShare : IPortIoHandler, IMmioHandler
{
    private const ulong DeviceGpa = 0xfec00000;
    private const int Rounds = 51;

    private readonly StreamDevice device = new();
    private readonly RunLoop loop;

    internal RunLoopShare()
    {
        Partition partition = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = device, Backend = MshvBackend.Device })
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
        Print("run loop, OUT", Port(isWrite: true), count, limitNanoseconds: 200);
        Print("run loop, IN", Port(isWrite: false), count, limitNanoseconds: 200);
        Print("run loop, MMIO write (mov [ebx], eax)", Memory(isWrite: true), count / 2, limitNanoseconds: 500);
        Print("run loop, MMIO read (mov eax, [ebx])", Memory(isWrite: false), count / 2, limitNanoseconds: 500);
    }

    public uint Read(int offset, int sizeBytes) => 1;

    public void Write(int offset, int sizeBytes, uint value)
    {
    }

    public ulong Read(ulong offset, int sizeBytes) => 1;

    public void Write(ulong offset, int sizeBytes, ulong value)
    {
    }

    private void Print(string name, hv_message message, long count, double limitNanoseconds)
    {
        double[] nanoseconds = new double[Rounds];
        long allocated = long.MaxValue;
        for (int i = -2; i < Rounds; i++)
        {
            device.Page->rip = 0x1000;
            device.Page->gp_registers[3] = DeviceGpa;
            device.Play(in message, count);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            RunResult result = loop.Run();
            double elapsed = Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            if (result.End != RunEnd.EndOfRecording)
            {
                throw new InvalidOperationException(result.ToString());
            }

            if (i >= 0)
            {
                nanoseconds[i] = elapsed;
            }
        }

        Console.WriteLine(
            $"{name}: {Comparison.Median(nanoseconds):f1} ns per exit (limit {limitNanoseconds:f0}), fastest {nanoseconds.Min():f1} ns, "
                + $"{(double)allocated / count:f4} bytes per exit ({allocated} for a whole run)");
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

    private static hv_message Memory(bool isWrite)
    {
        hv_x64_memory_intercept_message payload = new()
        {
            header = Header(isWrite),
            guest_physical_address = DeviceGpa,
            guest_virtual_address = DeviceGpa,
            instruction_byte_count = 2,
        };
        payload.memory_access_info.gva_valid = 1;
        payload.memory_access_info.gva_gpa_valid = 1;
        payload.instruction_bytes[0] = isWrite ? (byte)0x89 : (byte)0x8b;
        payload.instruction_bytes[1] = 0x03;
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
