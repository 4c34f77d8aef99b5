using System.Runtime.InteropServices;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary><c>/dev/kvm</c>: what this host's KVM can do.</summary>
internal sealed unsafe class KvmDevice : IEngineDevice
{
    internal const string Path = "/dev/kvm";
    private const int StableApiVersion = 12;
    private const int MaxCpuidEntries = 256;

    private static readonly Lock ProbeGate = new();
    private static bool? ExactStopProbed;

    private readonly Lazy<bool> startsProcessors;

    private KvmDevice(int fd, RunStatistics statistics)
    {
        Fd = new Fd(fd);
        Statistics = statistics;
        RunAreaSizeBytes = KvmSystem.KVM_GET_VCPU_MMAP_SIZE(Fd).Value;
        XsaveSizeBytes = Math.Max(sizeof(kvm_xsave), Capability(KvmConstants.KVM_CAP_XSAVE2));
        const ulong NeededFields = KvmX64.KVM_SYNC_X86_VALID_FIELDS;
        if (((ulong)Capability(KvmConstants.KVM_CAP_SYNC_REGS) & NeededFields) != NeededFields
            || Capability(KvmConstants.KVM_CAP_SPLIT_IRQCHIP) == 0)
        {
            _ = CLibrary.Close(fd);
            throw new PlatformNotSupportedException(
                "The emulated /dev/mshv needs a /dev/kvm with synchronised registers and split interrupt controllers.");
        }

        SupportedCpuid = ReadSupportedCpuid();
        startsProcessors = new Lazy<bool>(() => KvmMachine.ProbeStartup(this));
    }

    internal Fd Fd { get; }

    /// <summary>Takes the time that processors spend in KVM.</summary>
    internal RunStatistics Statistics { get; }

    internal int RunAreaSizeBytes { get; }

    public int XsaveSizeBytes { get; }

    public ulong ClockFrequency => HostClock.Instance.Frequency;

    /// <summary>Whether INIT reaches a processor; asked once, when a second processor is created.</summary>
    internal bool StartsProcessors => startsProcessors.Value;

    /// <summary>Whether a processor stops in front of an instruction that reaches for memory which nobody may access.</summary>
    internal bool StopsExactly
    {
        get
        {
            lock (ProbeGate)
            {
                return (ExactStopProbed ??= ExactStopProbe.Run(this)) == true;
            }
        }
    }

    public CpuidEntry[] SupportedCpuid { get; }

    /// <summary>Opens the device.</summary>
    /// <param name="statistics">Takes the time that processors spend in KVM.</param>
    /// <exception cref="PlatformNotSupportedException">There is no usable KVM; the message names the cause and the remedy.</exception>
    internal static KvmDevice Open(RunStatistics statistics)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new PlatformNotSupportedException("The emulated /dev/mshv needs an x86-64 process.");
        }

        int fd = CLibrary.Open(Path, LinuxFlags.OpenReadWrite | LibC.FdCloseOnExec);
        if (fd < 0)
        {
            throw new PlatformNotSupportedException(Marshal.GetLastSystemError() switch
            {
                Errno.ENOENT =>
                    "The emulated /dev/mshv needs /dev/kvm, which does not exist: load the kvm module, or enable (nested) virtualization.",
                Errno.EACCES or Errno.EPERM =>
                    "The emulated /dev/mshv needs /dev/kvm, which this user may not open: join the group that owns it.",
                int errno => $"The emulated /dev/mshv needs /dev/kvm, which cannot be opened (errno {errno}).",
            });
        }

        int version = KvmSystem.KVM_GET_API_VERSION(new Fd(fd)).Value;
        if (version != StableApiVersion)
        {
            _ = CLibrary.Close(fd);
            throw new PlatformNotSupportedException(
                $"/dev/kvm has API version {version}; the emulated /dev/mshv needs {StableApiVersion}.");
        }

        return new KvmDevice(fd, statistics);
    }

    public int CreateMachine(bool hasApic, bool hasX2Apic, out IMachineEngine? machine)
    {
        int errno = KvmMachine.Create(this, hasApic, hasX2Apic, out KvmMachine? made);
        machine = made;
        return errno;
    }

    internal int Capability(int capability) => KvmSystem.KVM_CHECK_EXTENSION(Fd, (nuint)capability).Value;

    public void Dispose() => _ = CLibrary.Close(Fd.Value);

    private CpuidEntry[] ReadSupportedCpuid()
    {
        byte[] buffer = new byte[kvm_cpuid2.AllocationSize(MaxCpuidEntries)];
        MemoryMarshal.Write(buffer, (uint)MaxCpuidEntries);
        if (!KvmSystemX64.KVM_GET_SUPPORTED_CPUID(Fd, buffer).IsSuccess)
        {
            return [];
        }

        int count = (int)MemoryMarshal.Read<uint>(buffer);
        List<CpuidEntry> entries = new(count);
        foreach (kvm_cpuid_entry2 entry in kvm_cpuid2.entries(buffer.AsSpan())[..count])
        {
            // KVM's own paravirtual leaves would tell the guest that it runs on KVM.
            if (entry.function is < 0x40000000 or > 0x4fffffff)
            {
                bool hasIndex = (entry.flags & KvmX64.KVM_CPUID_FLAG_SIGNIFCANT_INDEX) != 0;
                entries.Add(new(entry.function, entry.index, hasIndex, entry.eax, entry.ebx, entry.ecx, entry.edx));
            }
        }

        return [.. entries];
    }
}
