using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>A partition with memory and processors, made by requests alone: no other part of the library is involved.</summary>
internal sealed unsafe class EmulatedMachine : IDisposable
{
    internal const ulong RamBytes = 0x200000;
    private const int ReadWrite = 3;
    private const int Shared = 1;
    private const int PrivateAnonymous = 0x22;
    private readonly List<string> refusals = [];
    private readonly List<(nint Address, ulong SizeBytes)> mappings = [];

    internal EmulatedMachine(
        MSHV_PT_FLAGS flags = MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.X2APIC | MSHV_PT_FLAGS.GPA_SUPER_PAGES,
        uint processorCount = 1,
        bool initialize = true,
        ulong syntheticFeatures = 0,
        MshvEngine engine = MshvEngine.Kvm)
    {
        if (engine != MshvEngine.Software)
        {
            Requirement.Emulator();
        }

        System = new MshvEmulator(new MshvEmulatorOptions { OnRefusal = refusals.Add, Engine = engine });
        Device = new DeviceHandle(System, (int)Expect(System.Open("/dev/mshv", 0x80000)));
        IoctlResult created = Abi.DeviceIoctls.MSHV_CREATE_PARTITION(Device, new mshv_create_partition { pt_flags = (ulong)flags });
        Assert.Equal(0, created.Errno);
        Partition = new PartitionHandle(Device, created.Value);
        if (!initialize)
        {
            return;
        }

        if (syntheticFeatures != 0)
        {
            hv_input_set_partition_property early = new()
            {
                property_code = (uint)hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES,
                property_value = syntheticFeatures,
            };
            _ = Call(Partition, Abi.Constants.HVCALL_SET_PARTITION_PROPERTY, MemoryMarshal.AsBytes([early]), [], 0, out int errno);
            Assert.Equal(0, errno);
        }

        Assert.Equal(0, PartitionIoctls.MSHV_INITIALIZE_PARTITION(Partition).Errno);
        Ram = MapHostMemory(RamBytes);
        Assert.Equal(0, MapGuest(0, RamBytes, Ram, MSHV_SET_MEM_FLAGS.WRITABLE | MSHV_SET_MEM_FLAGS.EXECUTABLE));
        for (uint index = 0; index < processorCount; index++)
        {
            Processors.Add(CreateProcessor(index));
        }
    }

    internal MshvEmulator System { get; }

    internal DeviceHandle Device { get; }

    internal PartitionHandle Partition { get; }

    internal List<VpHandle> Processors { get; } = [];

    internal VpHandle Processor => Processors[0];

    internal byte* Ram { get; }

    internal IReadOnlyList<string> Refusals => refusals;

    internal Span<byte> RamAt(ulong gpa, int sizeBytes) => new(Ram + gpa, sizeBytes);

    internal VpHandle CreateProcessor(uint index)
    {
        IoctlResult created = PartitionIoctls.MSHV_CREATE_VP(Partition, new mshv_create_vp { vp_index = index });
        Assert.Equal(0, created.Errno);
        return new VpHandle(Partition, created.Value);
    }

    internal byte* MapHostMemory(ulong sizeBytes, int flags = PrivateAnonymous)
    {
        nint address = Expect(System.Map((nuint)sizeBytes, ReadWrite, flags, -1, 0));
        mappings.Add((address, sizeBytes));
        return (byte*)address;
    }

    /// <summary>Takes a part of host memory away. It is not unmapped once more at the end: something else may lie there by then.</summary>
    internal void UnmapHostMemory(byte* address, ulong sizeBytes)
    {
        Expect(System.Unmap(address, (nuint)sizeBytes));
        int place = mappings.FindIndex(mapping => (ulong)((nint)address - mapping.Address) < mapping.SizeBytes);
        (nint start, ulong wholeBytes) = mappings[place];
        ulong beforeBytes = (ulong)((nint)address - start);
        mappings[place] = (start, beforeBytes);
        mappings.Add(((nint)address + (nint)sizeBytes, wholeBytes - beforeBytes - sizeBytes));
        _ = mappings.RemoveAll(mapping => mapping.SizeBytes == 0);
    }

    internal int MapGuest(ulong gpa, ulong sizeBytes, byte* host, MSHV_SET_MEM_FLAGS flags) =>
        PartitionIoctls.MSHV_SET_GUEST_MEMORY(Partition, new mshv_user_mem_region
        {
            guest_pfn = gpa >> 12,
            size = sizeBytes,
            userspace_addr = (ulong)host,
            flags = (byte)flags,
        }).Errno;

    internal hv_vp_register_page* MapRegisterPage() => (hv_vp_register_page*)MapProcessorPage(0);

    internal hv_message* MapMessagePage() => (hv_message*)MapProcessorPage(4096);

    private nint MapProcessorPage(long offsetBytes)
    {
        nint address = Expect(System.Map(4096, ReadWrite, Shared, Processor.Fd, offsetBytes));
        mappings.Add((address, 4096));
        return address;
    }

    internal int Run(out hv_message message, int processor = 0)
    {
        IoctlResult result = VpIoctls.MSHV_RUN_VP(Processors[processor], out mshv_run_vp run);
        message = MemoryMarshal.Read<hv_message>(run.msg_buf);
        return result.Errno;
    }

    /// <summary>Runs until there is a message.</summary>
    internal hv_message RunToMessage(int processor = 0)
    {
        int errno;
        hv_message message;
        do
        {
            errno = Run(out message, processor);
        }
        while (errno == Errno.EINTR); // signals of the runtime end a run too
        Assert.True(errno == 0, $"errno {errno}: {string.Join("; ", refusals)}");
        return message;
    }

    /// <summary>Runs until an intercept of a type, and gives its payload.</summary>
    internal T RunTo<T>(hv_message_type type, int processor = 0)
        where T : unmanaged
    {
        hv_message message = RunToMessage(processor);
        Assert.Equal(type, (hv_message_type)message.header.message_type);
        return MemoryMarshal.Read<T>(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload));
    }

    internal mshv_root_hvcall Call<TDescriptor>(
        TDescriptor descriptor, int code, ReadOnlySpan<byte> input, Span<byte> output, int reps, out int errno)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            mshv_root_hvcall call = new()
            {
                code = (ushort)code,
                reps = (ushort)reps,
                in_sz = (ushort)input.Length,
                out_sz = (ushort)output.Length,
                in_ptr = (ulong)from,
                out_ptr = (ulong)to,
            };
            errno = PartitionIoctls.MSHV_ROOT_HVCALL(descriptor, ref call).Errno;
            return call;
        }
    }

    internal (int Errno, int Status) TrySet(int processor, hv_register_name name, hv_register_value value)
    {
        Span<byte> input = stackalloc byte[hv_input_set_vp_registers.AllocationSize(1)];
        input.Clear();
        MemoryMarshal.Write(input, new hv_input_set_vp_registers { vp_index = (uint)processor });
        hv_input_set_vp_registers.elements(input)[0] = new hv_register_assoc { name = (uint)name, value = value };
        mshv_root_hvcall call = Call(Processors[processor], 0x51, input, [], 1, out int errno);
        return (errno, call.status);
    }

    internal void Set(hv_register_name name, ulong value, int processor = 0) =>
        Assert.Equal((0, 0), TrySet(processor, name, new hv_register_value { reg64 = value }));

    internal void Set(hv_register_name name, hv_register_value value, int processor = 0) =>
        Assert.Equal((0, 0), TrySet(processor, name, value));

    internal hv_register_value Get(hv_register_name name, int processor = 0, bool byPartition = false)
    {
        Span<byte> input = stackalloc byte[hv_input_get_vp_registers.AllocationSize(1)];
        input.Clear();
        MemoryMarshal.Write(input, new hv_input_get_vp_registers { vp_index = (uint)processor });
        hv_input_get_vp_registers.names(input)[0] = (uint)name;
        Span<byte> output = stackalloc byte[16];
        mshv_root_hvcall call;
        int errno;
        if (byPartition)
        {
            call = Call(Partition, 0x50, input, output, 1, out errno);
        }
        else
        {
            call = Call(Processors[processor], 0x50, input, output, 1, out errno);
        }

        Assert.Equal((0, (ushort)0, (ushort)1), (errno, call.status, call.reps));
        return MemoryMarshal.Read<hv_register_value>(output);
    }

    public void Dispose()
    {
        foreach (VpHandle processor in Processors)
        {
            processor.Dispose();
        }

        Partition.Dispose();
        Device.Dispose();
        foreach ((nint address, ulong sizeBytes) in mappings)
        {
            _ = System.Unmap((void*)address, (nuint)sizeBytes);
        }

        System.Dispose();
    }

    internal static nint Expect(SystemCallResult result)
    {
        Assert.Equal(0, result.Errno);
        return result.Value;
    }
}
