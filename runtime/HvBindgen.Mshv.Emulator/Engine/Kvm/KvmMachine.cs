using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A KVM virtual machine: with local APICs in the kernel and all else outside, or without any interrupt controller.</summary>
internal sealed unsafe class KvmMachine : IMachineEngine
{
    // Routes below this number can be level-triggered lines, whose end of interrupt is reported. KVM keeps the number in a byte.
    private const uint ReservedPins = 255;

    private readonly KvmDevice device;
    private readonly Fd fd;
    private readonly bool hasApic;
    private readonly Dictionary<uint, int> unmapped = []; // processors whose run area could not be mapped: KVM does not take them back
    private readonly MsrFilter msrs = new();
    private readonly MachineMemory memory;
    private bool userSpaceMsr;

    private KvmMachine(KvmDevice device, Fd fd, bool hasApic)
    {
        this.device = device;
        this.fd = fd;
        this.hasApic = hasApic;
        memory = new MachineMemory(fd);
    }

    public ReadOnlySpan<CpuidEntry> SupportedCpuid => device.SupportedCpuid;

    public bool StartsProcessors => device.StartsProcessors;

    public MachineClock Clock => HostClock.Instance;

    /// <summary>Creates the machine.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Create(KvmDevice device, bool hasApic, bool hasX2Apic, out KvmMachine? machine)
    {
        int errno = CreateOpen(device, hasApic, hasX2Apic, out machine);
        if (machine is not null && device.StopsExactly)
        {
            machine.memory.Cover(device.Capability(KvmConstants.KVM_CAP_NR_MEMSLOTS));
        }

        return errno;
    }

    /// <summary>Creates a machine in which accesses to no memory are as KVM leaves them.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int CreateOpen(KvmDevice device, bool hasApic, bool hasX2Apic, out KvmMachine? machine)
    {
        machine = null;
        IoctlResult created;
        do
        {
            // A signal keeps KVM from watching the process's memory.
            created = KvmSystem.KVM_CREATE_VM(device.Fd);
        }
        while (created.Errno == Errno.EINTR);

        if (!created.IsSuccess)
        {
            return created.Errno;
        }

        KvmMachine made = new(device, new Fd(created.Value), hasApic);
        int errno = made.Configure(hasX2Apic);
        if (errno != 0)
        {
            made.Dispose();
            return errno;
        }

        machine = made;
        return 0;
    }

    public int MapMemory(in MemorySlot slot) => memory.Map(in slot);

    public int UnmapMemory(uint slotIndex) => memory.Unmap(slotIndex);

    public int TakeDirtyPages(uint slotIndex, Span<ulong> bitmap) => memory.TakeDirtyPages(slotIndex, bitmap);

    public bool RecordsAccesses => false;

    public int TakeAccessedPages(uint slotIndex, Span<ulong> bitmap) => Errno.EOPNOTSUPP;

    public uint LevelRouteCount => ReservedPins;

    public int SetRoutes(ReadOnlySpan<InterruptRoute> routes)
    {
        if (!hasApic)
        {
            return 0;
        }

        byte[] buffer = new byte[kvm_irq_routing.AllocationSize(routes.Length)];
        MemoryMarshal.Write(buffer, (uint)routes.Length);
        Span<kvm_irq_routing_entry> entries = kvm_irq_routing.entries(buffer.AsSpan());
        for (int index = 0; index < routes.Length; index++)
        {
            kvm_msi message = MessageOf(routes[index].Message);
            entries[index] = new() { gsi = routes[index].Gsi, type = KvmConstants.KVM_IRQ_ROUTING_MSI };
            entries[index].u.msi.address_lo = message.address_lo;
            entries[index].u.msi.address_hi = message.address_hi;
            entries[index].u.msi.data = message.data;
        }

        return KvmVm.KVM_SET_GSI_ROUTING(fd, buffer).Errno;
    }

    public int SignalMessage(in InterruptMessage message)
    {
        kvm_msi msi = MessageOf(message);
        return KvmVm.KVM_SIGNAL_MSI(fd, in msi).Errno;
    }

    public int SetInterruptEvent(int eventFd, uint gsi, bool assign)
    {
        kvm_irqfd irqfd = new()
        {
            fd = (uint)eventFd,
            gsi = gsi,
            flags = assign ? 0u : KvmConstants.KVM_IRQFD_FLAG_DEASSIGN,
        };
        return KvmVm.KVM_IRQFD(fd, in irqfd).Errno;
    }

    public int SetDoorbell(in Doorbell doorbell, bool assign)
    {
        if (doorbell is not { SizeBytes: 0, Match: { } match })
        {
            return SetOneDoorbell(in doorbell, assign);
        }

        // KVM compares values only for a given size: one doorbell for each size that the value fits.
        for (uint size = 1; size <= sizeof(ulong); size *= 2)
        {
            if (size < sizeof(ulong) && match >> (int)(size * 8) != 0)
            {
                continue;
            }

            int errno = SetOneDoorbell(doorbell with { SizeBytes = size }, assign);
            if (errno != 0 && assign)
            {
                for (uint taken = size / 2; taken > 0; taken /= 2)
                {
                    _ = SetOneDoorbell(doorbell with { SizeBytes = taken }, assign: false);
                }

                return errno;
            }
        }

        return 0;
    }

    private int SetOneDoorbell(in Doorbell doorbell, bool assign)
    {
        uint sizeBytes = Math.Max(1, doorbell.SizeBytes);
        using MapGate.Change change = memory.BeginChange();
        if (assign)
        {
            memory.Voids?.Open(doorbell.Gpa, sizeBytes);
        }

        kvm_ioeventfd ioeventfd = new()
        {
            addr = doorbell.Gpa,
            len = doorbell.SizeBytes,
            datamatch = doorbell.Match ?? 0,
            fd = doorbell.EventFd,
            flags = (assign ? 0u : KvmConstants.KVM_IOEVENTFD_FLAG_DEASSIGN)
                | (doorbell.Match is null ? 0u : KvmConstants.KVM_IOEVENTFD_FLAG_DATAMATCH),
        };
        int errno = KvmVm.KVM_IOEVENTFD(fd, in ioeventfd).Errno;
        if (assign == (errno != 0))
        {
            memory.Voids?.Close(doorbell.Gpa, sizeBytes);
        }

        return errno;
    }

    public bool TakesHypercalls => false;

    public int SetCpuidIntercepts(ReadOnlySpan<uint> functions) => Errno.EOPNOTSUPP;

    public bool CanInterceptExceptions(uint vectors) => ExceptionIntercepts.CanIntercept(vectors);

    public int SetMsrIntercepts(ReadOnlySpan<MsrIntercept> intercepts) =>
        userSpaceMsr ? msrs.Set(fd, intercepts) : Errno.EOPNOTSUPP;

    public int CreateProcessor(uint index, IGuestPhysicalMemory physical, out IProcessorEngine? processor)
    {
        int errno = CreateVcpu(index, out Vcpu? vcpu);
        processor = null;
        if (vcpu is not null)
        {
            memory.Voids?.Begin();
            processor = new KvmProcessor(vcpu, physical, msrs, memory, device.XsaveSizeBytes);
        }

        return errno;
    }

    /// <summary>Creates a processor as KVM has it.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int CreateVcpu(uint index, out Vcpu? vcpu)
    {
        vcpu = null;
        if (!unmapped.Remove(index, out int vcpuFd))
        {
            IoctlResult created = KvmVm.KVM_CREATE_VCPU(fd, index);
            if (!created.IsSuccess)
            {
                return created.Errno;
            }

            vcpuFd = created.Value;
        }

        nint area = CLibrary.Mmap(
            null, (nuint)device.RunAreaSizeBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared, vcpuFd, 0);
        if (area == -1)
        {
            int errno = Marshal.GetLastSystemError();
            unmapped[index] = vcpuFd;
            return errno;
        }

        vcpu = new Vcpu(device, new Fd(vcpuFd), area, hasApic, memory.Gate);
        return 0;
    }

    /// <summary>Tries whether a processor takes notice of INIT: some hosts' KVM holds it back for ever.</summary>
    internal static bool ProbeStartup(KvmDevice device)
    {
        const byte Init = 5;
        if (CreateOpen(device, hasApic: true, hasX2Apic: false, out KvmMachine? machine) != 0 || machine is null)
        {
            return false;
        }

        try
        {
            IoctlResult first = KvmVm.KVM_CREATE_VCPU(machine.fd, 0);
            IoctlResult second = KvmVm.KVM_CREATE_VCPU(machine.fd, 1);
            bool isNoticed = first.IsSuccess && second.IsSuccess
                && machine.SignalMessage(new InterruptMessage(1, false, Init, 0, false)) == 0
                && KvmVcpu.KVM_GET_MP_STATE(new Fd(second.Value), out kvm_mp_state state).IsSuccess
                && state.mp_state == KvmConstants.KVM_MP_STATE_INIT_RECEIVED;
            _ = first.IsSuccess ? CLibrary.Close(first.Value) : 0;
            _ = second.IsSuccess ? CLibrary.Close(second.Value) : 0;
            return isNoticed;
        }
        finally
        {
            machine.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (int vcpuFd in unmapped.Values)
        {
            _ = CLibrary.Close(vcpuFd);
        }

        _ = CLibrary.Close(fd.Value);
        memory.Dispose();
    }

    // PCI Local Bus Specification and SDM: the message's address names the destination, its data the interrupt.
    // Destination bits 8 to 31 are KVM's extension, enabled below.
    private static kvm_msi MessageOf(in InterruptMessage message)
    {
        uint isLevel = message.IsLevel ? 1u : 0;
        hv_msi_address_register address = new()
        {
            msi_base = MachineMemory.MsiBase,
            destination_id = (byte)message.DestinationId,
            destination_mode = message.IsLogical ? 1u : 0,
        };
        hv_msi_data_register data = new()
        {
            vector = message.Vector,
            delivery_mode = message.DeliveryMode,
            level_assert = isLevel,
            trigger_mode = isLevel,
        };
        return new()
        {
            address_lo = address.as_uint32,
            address_hi = message.DestinationId & ~(uint)byte.MaxValue,
            data = data.as_uint32,
        };
    }

    private int Configure(bool hasX2Apic)
    {
        _ = KvmVm.KVM_SET_TSS_ADDR(fd, MachineMemory.TaskStateGpa);
        _ = KvmVm.KVM_SET_IDENTITY_MAP_ADDR(fd, MachineMemory.IdentityMapGpa);

        // What KVM cannot emulate for code at CPL 3 would else be #UD in the guest, and RIP behind an OUT to port 0x7e. Hosts without them
        // do as they always did.
        _ = EnableCapability(KvmConstants.KVM_CAP_EXIT_ON_EMULATION_FAILURE, 1);
        _ = EnableCapability(KvmConstants.KVM_CAP_DISABLE_QUIRKS2, KvmX64.KVM_X86_QUIRK_OUT_7E_INC_RIP);
        userSpaceMsr = EnableCapability(KvmConstants.KVM_CAP_X86_USER_SPACE_MSR, KvmConstants.KVM_MSR_EXIT_REASON_VALID_MASK) == 0;
        _ = SetMsrIntercepts([]);
        if (!hasApic)
        {
            return 0;
        }

        int errno = EnableCapability(KvmConstants.KVM_CAP_SPLIT_IRQCHIP, ReservedPins);
        if (errno == 0 && hasX2Apic)
        {
            errno = EnableCapability(
                KvmConstants.KVM_CAP_X2APIC_API,
                KvmX64.KVM_X2APIC_API_USE_32BIT_IDS | KvmX64.KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK);
        }

        return errno;
    }

    /// <summary>Tells KVM what the machine wants.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int EnableCapability(uint capability, ulong argument)
    {
        kvm_enable_cap request = new() { cap = capability };
        request.args[0] = argument;
        return KvmVm.KVM_ENABLE_CAP(fd, in request).Errno;
    }
}
