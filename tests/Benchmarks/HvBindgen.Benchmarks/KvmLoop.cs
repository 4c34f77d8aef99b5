using System.Diagnostics;
using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Benchmarks;

/// <summary>A bare loop on the generated KVM bindings, the same as the C program's: a guest that does nothing but OUT.</summary>
internal sealed unsafe class KvmLoop
{
    private const int ReadWrite = 3;
    private const int Shared = 1;
    private const int SharedAnonymous = 0x21;
    private const ulong RamBytes = 0x10000;
    private const ulong CodeGpa = 0x1000;
    private const uint ExitIo = (uint)HvBindgen.Kvm.Abi.KvmConstants.KVM_EXIT_IO;

    private readonly Fd vcpu;
    private readonly kvm_run* run;
    private ulong sum;

    internal KvmLoop()
    {
        Fd kvm = new(OpenKvm());
        Fd vm = new(Value(HvBindgen.Kvm.Abi.KvmSystemIoctls.KVM_CREATE_VM(kvm)));
        byte* ram = Map((nuint)RamBytes, SharedAnonymous, -1);
        ((ReadOnlySpan<byte>)[0xe6, 0x80, 0xeb, 0xfc]).CopyTo(new Span<byte>(ram + CodeGpa, 4));
        _ = Value(HvBindgen.Kvm.Abi.KvmVmIoctls.KVM_SET_USER_MEMORY_REGION(
            vm, new kvm_userspace_memory_region { memory_size = RamBytes, userspace_addr = (ulong)ram }));
        vcpu = new Fd(Value(HvBindgen.Kvm.Abi.KvmVmIoctls.KVM_CREATE_VCPU(vm)));
        run = (kvm_run*)Map((nuint)Value(HvBindgen.Kvm.Abi.KvmSystemIoctls.KVM_GET_VCPU_MMAP_SIZE(kvm)), Shared, vcpu.Value);
        _ = Value(HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_GET_SREGS(vcpu, out kvm_sregs sregs));
        sregs.cs.@base = 0;
        sregs.cs.selector = 0;
        _ = Value(HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_SET_SREGS(vcpu, in sregs));
        _ = Value(HvBindgen.Kvm.Abi.X64.KvmVcpuIoctls.KVM_SET_REGS(vcpu, new kvm_regs { rip = CodeGpa, rflags = 2 }));
    }

    internal static int OpenKvm() => (int)LinuxSystemCalls.Instance.Open("/dev/kvm", 0x80002).Value;

    internal double Measure(long count)
    {
        _ = Exits(count / 10);
        long started = Stopwatch.GetTimestamp();
        sum += Exits(count);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
    }

    private ulong Exits(long count)
    {
        ulong total = 0;
        for (long i = 0; i < count; i++)
        {
            if (!HvBindgen.Kvm.Abi.KvmVcpuIoctls.KVM_RUN(vcpu).IsSuccess || run->exit_reason != ExitIo)
            {
                throw new InvalidOperationException($"KVM_RUN: exit {run->exit_reason}");
            }

            total += *((byte*)run + run->io.data_offset);
        }

        return total;
    }

    private static byte* Map(nuint sizeBytes, int flags, int fd)
    {
        SystemCallResult mapped = LinuxSystemCalls.Instance.Map(sizeBytes, ReadWrite, flags, fd, 0);
        return mapped.IsSuccess ? (byte*)mapped.Value : throw new InvalidOperationException($"mmap: errno {mapped.Errno}");
    }

    private static int Value(IoctlResult result) =>
        result.IsSuccess ? result.Value : throw new InvalidOperationException($"ioctl: errno {result.Errno}");
}
