using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Processors whose state is set from outside, before they have run.</summary>
public sealed class RestoredProcessors
{
    [Fact]
    public void An_interrupt_reaches_a_restored_apic_although_its_processor_has_not_run_yet()
    {
        Requirement.Emulator();
        using MshvEmulator emulator = new();
        using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator, Backend = MshvBackend.Emulator });
        using Partition partition = device.CreatePartition().Build();
        partition.CreateVirtualProcessor(0);
        VirtualProcessor second = partition.CreateVirtualProcessor(1);
        const ulong EnabledInX2ApicMode = 0xfee00c00;
        const uint EnabledBySoftware = 0x1ff;

        second.X64.Control = second.X64.Control with { ApicBase = EnabledInX2ApicMode };
        hv_local_interrupt_controller_state apic = second.Components.LocalApic;
        apic.apic_spurious = EnabledBySoftware;
        second.Components.LocalApic = apic;
        partition.Interrupts.Assert(InterruptRequest.Fixed(1, 0x41));

        Assert.Equal(1u << 1, second.Components.LocalApic.apic_irr[2]);
        Assert.Equal(1u, second.Components.LocalApic.apic_id);
        Assert.Equal(EnabledInX2ApicMode, second.X64.Control.ApicBase);
    }
}
