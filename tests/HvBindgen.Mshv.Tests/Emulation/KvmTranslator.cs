using System.Runtime.InteropServices;
using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Emulation;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulation;

/// <summary>KVM's page walker, asked by KVM_TRANSLATE on a virtual processor that never runs.</summary>
internal sealed unsafe class KvmTranslator : IDisposable
{
    private readonly int device;
    private readonly int machine;
    private readonly int processor;

    public KvmTranslator(FlatMemory memory)
    {
        const int ReadWriteCloseOnExec = 0x80002;
        device = (int)LinuxSystemCalls.Instance.Open("/dev/kvm", ReadWriteCloseOnExec).Value;
        Assert.True(device >= 0, "/dev/kvm cannot be opened");
        machine = Checked(HvBindgen.Kvm.Abi.SystemIoctls.KVM_CREATE_VM(new Fd(device)));
        processor = Checked(HvBindgen.Kvm.Abi.VmIoctls.KVM_CREATE_VCPU(new Fd(machine)));
        kvm_userspace_memory_region region = new() { memory_size = (ulong)memory.SizeBytes, userspace_addr = (ulong)memory.Pointer };
        Checked(HvBindgen.Kvm.Abi.VmIoctls.KVM_SET_USER_MEMORY_REGION(new Fd(machine), region));
        SetCpuid();
    }

    /// <summary>Width of a physical address of the processor; bits above are reserved.</summary>
    public int PhysicalAddressBits { get; private set; }

    /// <summary>Sets the paging registers.</summary>
    /// <returns>False when KVM has no such mode.</returns>
    public bool TrySet(in PagingState paging)
    {
        HvBindgen.Kvm.Abi.X64.VcpuIoctls.KVM_GET_SREGS(new Fd(processor), out kvm_sregs registers);
        registers.cr0 = paging.Cr0 | 0x30;
        registers.cr3 = paging.Cr3;
        registers.cr4 = paging.Cr4;
        registers.efer = paging.Efer;
        registers.cs.l = (paging.Efer & 0x400) != 0 ? (byte)1 : (byte)0;
        registers.cs.db = 0;
        return HvBindgen.Kvm.Abi.X64.VcpuIoctls.KVM_SET_SREGS(new Fd(processor), registers).IsSuccess;
    }

    /// <summary>Translates for a read by the supervisor.</summary>
    public ulong? Translate(ulong gva)
    {
        kvm_translation translation = new() { linear_address = gva };
        Checked(HvBindgen.Kvm.Abi.VcpuIoctls.KVM_TRANSLATE(new Fd(processor), ref translation));
        return translation.valid != 0 ? translation.physical_address : null;
    }

    public void Dispose()
    {
        LinuxSystemCalls.Instance.Close(processor);
        LinuxSystemCalls.Instance.Close(machine);
        LinuxSystemCalls.Instance.Close(device);
    }

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
        Checked(HvBindgen.Kvm.Abi.X64.SystemIoctls.KVM_GET_SUPPORTED_CPUID(new Fd(device), buffer));
        Checked(HvBindgen.Kvm.Abi.X64.VcpuIoctls.KVM_SET_CPUID2(new Fd(processor), buffer));
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
