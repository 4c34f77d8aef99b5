using HvBindgen.Emulation;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Kvm;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>What KVM cannot carry out, on a KVM that cannot be told to leave it alone: it has made #UD of it by then.</summary>
public sealed unsafe class RefusedInstructions
{
    [Fact]
    public void An_instruction_that_is_the_clients_leaves_no_exception_behind()
    {
        Assert.SkipWhen(Requirement.IsSoftware, "this is about KVM, whatever else guests run on");
        using EmulatedMachine machine = new(); // its memory and its assembly; the processor below is another
        byte[] code = GuestCode.Assemble(16, a =>
        {
            a.paddd(xmm1, __xmmword_ptr[bx]);
            a.@out(0x80, al);
        });
        code.CopyTo(machine.RamAt(GuestCode.CodeGpa, code.Length));
        using KvmDevice device = KvmDevice.Open(new RunStatistics());
        Assert.Equal(0, KvmMachine.CreateOpen(device, hasApic: false, hasX2Apic: false, out KvmMachine? made));
        using KvmMachine older = made!;
        Assert.Equal(0, older.EnableCapability(KvmConstants.KVM_CAP_EXIT_ON_EMULATION_FAILURE, 0));
        Memory memory = new((nint)machine.Ram);
        MemorySlot slot = new(0, 0, EmulatedMachine.RamBytes, (nint)machine.Ram, IsWritable: true, IsExecutable: true, TracksWrites: false);
        Assert.Equal(0, older.MapMemory(in slot));
        Assert.Equal(0, older.CreateProcessor(0, memory, out IProcessorEngine? engine));
        using IProcessorEngine processor = engine!;
        processor.State.StartAt(page: 0);
        processor.State.Rip = GuestCode.CodeGpa;
        processor.State.Segments[ProcessorState.Ds].@base = GuestCode.DeviceGpa;
        processor.State.Cr4 = 0x200; // OSFXSR

        MemoryExit access = Assert.IsType<MemoryExit>(processor.Run());

        Assert.Equal((GuestCode.DeviceGpa, MemoryAccess.Read), (access.Gpa, access.Access));
        Assert.False(processor.State.Events.IsInterruptionPending);
        processor.State.Rip = GuestCode.CodeGpa + (ulong)(code.Length - 2);
        processor.State.GeneralChanged = true;
        Assert.Equal(0x80, Assert.IsType<PortExit>(processor.Run()).Port);
    }

    /// <summary>Memory from 0 on.</summary>
    private sealed class Memory(nint host) : IGuestPhysicalMemory
    {
        public bool TryResolve(ulong gpa, out HostRange range)
        {
            bool isThere = gpa < EmulatedMachine.RamBytes;
            range = isThere ? new HostRange(host + (nint)gpa, EmulatedMachine.RamBytes - gpa, IsWritable: true) : default;
            return isThere;
        }
    }
}
