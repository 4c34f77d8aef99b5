using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Tries whether a store to host memory that nobody may access ends a run with nothing of it done. Where the processor executes the guest
/// it does; where KVM does so by itself it takes any such store for one to a device, and has made it.
/// </summary>
internal static unsafe class ExactStopProbe
{
    private const nuint MemoryBytes = 0x10000;

    // Layout of the memory: a table of each level, code, and the page that nobody may access.
    private const ulong Level4Gpa = 0x1000;
    private const ulong Level3Gpa = 0x2000;
    private const ulong Level2Gpa = 0x3000;
    private const ulong CodeGpa = 0x4000;
    private const ushort TargetGpa = 0x8000;

    private const int MaxEntries = 1000;

    /// <summary>Tries it in real mode and in 64-bit code of the kernel.</summary>
    /// <returns>Null when signals kept the processor from it: that says nothing of the host.</returns>
    internal static bool? Run(KvmDevice device)
    {
        nint host = CLibrary.Mmap(
            null, MemoryBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);
        if (host == -1)
        {
            return false;
        }

        try
        {
            if (CLibrary.Mprotect((void*)(host + TargetGpa), (nuint)LinearMemory.PageBytes, 0) != 0)
            {
                return false;
            }

            bool? inRealMode = Run(device, host, SetRealMode);
            return inRealMode == true ? Run(device, host, SetLongMode) : inRealMode;
        }
        finally
        {
            _ = CLibrary.Munmap((void*)host, MemoryBytes);
        }
    }

    private static bool? Run(KvmDevice device, nint host, Action<ProcessorState, nint> prepare)
    {
        if (KvmMachine.CreateOpen(device, hasApic: false, hasX2Apic: false, out KvmMachine? made) != 0 || made is not { } machine)
        {
            return false;
        }

        using (machine)
        {
            MemorySlot slot = new(0, 0, MemoryBytes, host, IsWritable: true, IsExecutable: true, TracksWrites: false);
            if (machine.MapMemory(in slot) != 0 || machine.CreateVcpu(0, out Vcpu? vcpu) != 0 || vcpu is null)
            {
                return false;
            }

            using (vcpu)
            {
                // KVM refuses registers that the leaves say nothing of.
                _ = new KvmStoredState(vcpu.Fd, vcpu.Registers, device.XsaveSizeBytes).TrySetCpuid(device.SupportedCpuid);
                prepare(vcpu.State, host);
                vcpu.State.Rip = CodeGpa;
                vcpu.State.Rflags = 2;
                vcpu.State.GeneralChanged = vcpu.State.SystemChanged = true;
                return Try(vcpu);
            }
        }
    }

    // Signals, such as the runtime's own, end a run too; one that the caller keeps waiting ends each.
    private static bool? Try(Vcpu vcpu)
    {
        for (int entry = 0; entry < MaxEntries; entry++)
        {
            int errno = vcpu.Enter();
            if (errno != Errno.EINTR)
            {
                return errno == Errno.EFAULT && vcpu.State.Rip == CodeGpa;
            }
        }

        return null;
    }

    private static void SetRealMode(ProcessorState state, nint host)
    {
        ReadOnlySpan<byte> code = [0xa3, TargetGpa & 0xff, TargetGpa >> 8, 0xf4]; // mov [0x8000], ax; hlt
        code.CopyTo(new Span<byte>((void*)(host + (nint)CodeGpa), code.Length));
        state.StartAt(page: 0);
    }

    private static void SetLongMode(ProcessorState state, nint host)
    {
        ReadOnlySpan<byte> code = [0x89, 0x04, 0x25, TargetGpa & 0xff, TargetGpa >> 8, 0, 0, 0xf4]; // mov [0x8000], eax; hlt
        code.CopyTo(new Span<byte>((void*)(host + (nint)CodeGpa), code.Length));

        // Present and writable; the last one a page of 2 MiB at 0.
        *(ulong*)(host + (nint)Level4Gpa) = Level3Gpa | 3;
        *(ulong*)(host + (nint)Level3Gpa) = Level2Gpa | 3;
        *(ulong*)(host + (nint)Level2Gpa) = 0x83;
        for (int segment = ProcessorState.Es; segment <= ProcessorState.Gs; segment++)
        {
            // Present, accessed: 64-bit code, and data without end.
            state.Segments[segment] = new hv_x64_segment_register
            {
                limit = uint.MaxValue,
                selector = (ushort)(segment == ProcessorState.Cs ? 8 : 16),
                attributes = (ushort)(segment == ProcessorState.Cs ? 0xa09b : 0xc093),
            };
        }

        state.Cr0 = 0x8000_0011; // PG, ET, PE
        state.Cr3 = Level4Gpa;
        state.Cr4 = 0x20; // PAE
        state.Efer = 0x500; // LMA, LME
    }
}
