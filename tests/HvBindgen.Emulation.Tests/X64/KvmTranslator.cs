using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>KVM's page walker, asked by KVM_TRANSLATE on a virtual processor that never runs.</summary>
internal sealed unsafe class KvmTranslator : IDisposable
{
    private const int Interrupted = 4; // EINTR

    private readonly SafeFileHandle device;
    private readonly SafeFileHandle machine;
    private readonly SafeFileHandle processor;

    public KvmTranslator(FlatMemory memory)
    {
        device = File.OpenHandle("/dev/kvm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        IoctlResult made;
        do
        {
            made = HvBindgen.Kvm.Abi.KvmSystemIoctls.KVM_CREATE_VM(FdOf(device));
        }
        while (made.Errno == Interrupted); // by a signal of the runtime
        machine = Created(made);
        processor = Created(HvBindgen.Kvm.Abi.KvmVmIoctls.KVM_CREATE_VCPU(FdOf(machine)));
        kvm_userspace_memory_region region = new() { memory_size = (ulong)memory.SizeBytes, userspace_addr = (ulong)memory.Pointer };
        Checked(HvBindgen.Kvm.Abi.KvmVmIoctls.KVM_SET_USER_MEMORY_REGION(FdOf(machine), region));
        SetCpuid();
    }

    /// <summary>Width of a physical address of the processor; bits above are reserved.</summary>
    public int PhysicalAddressBits { get; private set; }

    /// <summary>Sets the paging registers.</summary>
    /// <returns>False when KVM has no such mode.</returns>
    public bool TrySet(in PagingState paging)
    {
        HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_GET_SREGS(FdOf(processor), out kvm_sregs registers);
        registers.cr0 = paging.Cr0 | 0x30;
        registers.cr3 = paging.Cr3;
        registers.cr4 = paging.Cr4;
        registers.efer = paging.Efer;
        registers.cs.l = (paging.Efer & 0x400) != 0 ? (byte)1 : (byte)0;
        registers.cs.db = 0;
        return HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_SET_SREGS(FdOf(processor), registers).IsSuccess;
    }

    /// <summary>Translates for a read by the supervisor.</summary>
    public ulong? Translate(ulong gva)
    {
        kvm_translation translation = new() { linear_address = gva };
        Checked(HvBindgen.Kvm.Abi.KvmVcpuIoctls.KVM_TRANSLATE(FdOf(processor), ref translation));
        return translation.valid != 0 ? translation.physical_address : null;
    }

    public void Dispose()
    {
        processor.Dispose();
        machine.Dispose();
        device.Dispose();
    }

    // The descriptor stays open as long as the object is not disposed of.
    private static Fd FdOf(SafeFileHandle handle) => new((int)handle.DangerousGetHandle());

    private static SafeFileHandle Created(IoctlResult result) => new(Checked(result), ownsHandle: true);

    private static int Checked(IoctlResult result)
    {
        Assert.True(result.IsSuccess, $"KVM refused with errno {result.Errno}");
        return result.Value;
    }

    private void SetCpuid()
    {
        const int MostEntries = 256;
        byte[] buffer = new byte[kvm_cpuid2.AllocationSize(MostEntries)];
        MemoryMarshal.Cast<byte, uint>(buffer.AsSpan())[0] = MostEntries;
        Checked(HvBindgen.Kvm.Abi.X64.KvmSystemIoctls.KVM_GET_SUPPORTED_CPUID(FdOf(device), buffer));
        Checked(HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_SET_CPUID2(FdOf(processor), buffer));
        PhysicalAddressBits = 36;

        foreach (kvm_cpuid_entry2 entry in kvm_cpuid2.entries(buffer))
        {
            if (entry.function == 0x8000_0008)
            {
                PhysicalAddressBits = (int)(entry.eax & 0xFF);
            }
        }
    }
}
