using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A virtual processor as KVM has it: its descriptor, and the area in which KVM tells why it stopped.</summary>
internal sealed unsafe class Vcpu : IDisposable
{
    private readonly KvmDevice device;
    private readonly bool hasApic;
    private readonly MapGate? gate;
    private MapGate.Place place = new();
    private volatile bool isInterrupted;
    private ulong? blockedSignals; // while KVM runs; null: those of the thread

    /// <summary>Wraps a processor of KVM's.</summary>
    /// <param name="device">KVM.</param>
    /// <param name="fd">The processor's descriptor; belongs to this from then on, as its area does.</param>
    /// <param name="area">Its mapped run area.</param>
    /// <param name="hasApic">Whether KVM has a local APIC for it.</param>
    /// <param name="gate">What it enters guests through; null where the map may change meanwhile.</param>
    internal Vcpu(KvmDevice device, Fd fd, nint area, bool hasApic, MapGate? gate)
    {
        this.gate = gate;
        this.device = device;
        this.hasApic = hasApic;
        Fd = fd;
        Area = (kvm_run*)area;
        Registers = new VcpuRegisters(fd, Area);
        gate?.Add(this);
    }

    internal Fd Fd { get; }

    /// <summary>Valid until Dispose.</summary>
    internal kvm_run* Area { get; }

    internal VcpuRegisters Registers { get; }

    internal ProcessorState State => Registers.State;

    /// <summary>Writes changed registers, enters the guest, and reads the registers back.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Enter()
    {
        long start = device.Statistics.Start();
        Registers.Flush();
        if (!hasApic)
        {
            Area->cr8 = State.Cr8;
        }

        if (CallerSignals.Blocked is { } blocked && blockedSignals != blocked)
        {
            BlockWhileRunning(blocked);
        }

        gate?.Enter(ref place);
        int errno = KvmVcpu.KVM_RUN(Fd).Errno;
        gate?.Leave(ref place);
        device.Statistics.AddEntry(start);
        if (errno != Errno.EINVAL)
        {
            Registers.Load();
        }

        return errno;
    }

    /// <summary>Finishes what KVM left half done, without letting the guest go on.</summary>
    /// <returns>True when nothing is left; false when the same instruction has stopped again.</returns>
    internal bool Complete()
    {
        Area->immediate_exit = 1;
        int errno = Enter();
        Area->immediate_exit = isInterrupted ? (byte)1 : (byte)0;
        return errno != 0;
    }

    /// <summary>The write to a device that KVM has stopped for.</summary>
    /// <returns>False when it has stopped for something else.</returns>
    internal bool TryGetDeviceStore(out DeviceStore store)
    {
        kvm_run.mmio_t mmio = Area->mmio;
        store = new DeviceStore(mmio.phys_addr, (int)mmio.len, BinaryPrimitives.ReadUInt64LittleEndian(mmio.data));
        return Area->exit_reason == KvmConstants.KVM_EXIT_MMIO && mmio.is_write != 0;
    }

    /// <summary>Makes the current or else the next entry end at once. May be called from any thread.</summary>
    internal void Interrupt()
    {
        isInterrupted = true;
        Volatile.Write(ref Area->immediate_exit, 1);
    }

    /// <summary>The interruption has been told.</summary>
    internal void ForgetInterruption()
    {
        isInterrupted = false;
        Area->immediate_exit = 0;
    }

    /// <summary>Whether it may be in its guest.</summary>
    internal bool IsInside => Volatile.Read(ref place.IsInside);

    /// <summary>Makes it come back for a moment, as a signal does. By a thread that keeps others from entering.</summary>
    internal void KickOut()
    {
        lock (place.Kick)
        {
            if (IsInside)
            {
                Volatile.Write(ref Area->immediate_exit, 1);
                _ = KickSignal.TrySend(place.Thread);
            }
        }
    }

    // KVM exchanges the thread's blocked signals for these as it starts to run, and one that waits ends the run.
    private void BlockWhileRunning(ulong signals)
    {
        Span<byte> mask = stackalloc byte[kvm_signal_mask.AllocationSize(sizeof(ulong))];
        MemoryMarshal.Write(mask, new kvm_signal_mask { len = sizeof(ulong) });
        MemoryMarshal.Write(kvm_signal_mask.sigset(mask), signals);
        if (KvmVcpu.KVM_SET_SIGNAL_MASK(Fd, mask).IsSuccess)
        {
            blockedSignals = signals;
        }
    }

    public void Dispose()
    {
        gate?.Remove(this);
        _ = CLibrary.Munmap(Area, (nuint)device.RunAreaSizeBytes);
        _ = CLibrary.Close(Fd.Value);
    }
}
