using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Emulator;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Faults that the run loop injects: the guest's own handler repairs what caused them, and the instruction succeeds.</summary>
public sealed class FaultGuests
{
    // Virtual pages whose tables the guest can change: one is not present at first, and goes to memory that the handler chooses.
    private const ulong AbsentPage = 0x18_0000;
    private const ulong IdtGpa = 0x600;
    private const ulong SmallTableGpa = 0x11_0000;
    private const ulong HandlerOffset = 0x400;
    private const ulong PresentWritable = 3;

    [Fact]
    public void A_copy_from_a_device_to_an_absent_page_faults_is_repaired_by_the_guest_and_goes_on()
    {
        // The page fault is found by the run loop: the processor had to leave for the device before it could see the other page.
        using RunningGuest guest = new();
        CountingDevice device = new();
        guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, 0x1000, device);
        guest.Load(64, a =>
        {
            a.mov(rsi, RunningGuest.DeviceGpa);
            a.mov(rdi, AbsentPage - 16);
            a.mov(ecx, 8);
            a.cld();
            a.rep.movsd();
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallPageFaultHandler(guest);

        guest.RunToEnd();

        // One fault, at the first byte of the absent page, for a write by the supervisor.
        Assert.Equal([2u, (uint)AbsentPage], guest.Reports);
        Assert.Equal(0UL, guest.Processor.X64.General.Rcx);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 0x100u + (uint)i), Enumerable.Range(0, 8).Select(i =>
            guest.Partition.Memory.Read<uint>(AbsentPage - 16 + (4 * (ulong)i))));
        Assert.Equal(8, device.Reads);
    }

    [Fact]
    public void A_run_that_cannot_go_on_says_at_which_instruction_and_why()
    {
        using RunningGuest guest = new();
        Assert.SkipWhen(GuestDevice.IsDriver, "the driver has no way to say why: its client sees an unrecoverable exception");
        Assert.SkipWhen(ExactStops.AreThere, "this host's KVM stops in front of every access to a device: nothing has to be known again");
        guest.Load(64, a =>
        {
            a.mov(rbx, RunningGuest.DeviceGpa);
            a.fnstcw(__word_ptr[rbx]); // a store that software cannot execute, and so not know again
        });

        RunResult result = guest.Run();

        Assert.Equal((RunEnd.Refused, Errno.EIO), (result.End, result.Errno));
        Assert.Contains("RIP 0x100", result.Detail, StringComparison.Ordinal);
        Assert.Contains("Fnstcw", result.Detail, StringComparison.Ordinal);
        Assert.Contains(result.Detail![^10..], Assert.Single(guest.Refusals), StringComparison.Ordinal);

        // The next run ends for another reason, or none.
        guest.Load(64, a => a.@out((byte)RunningGuest.EndPort, al));
        guest.RunToEnd();
        Assert.Null(guest.Processor.Handle.SystemCalls.ExplainFailedRun(guest.Processor.Handle.Fd));
    }

    [Fact]
    public void A_string_from_a_port_to_an_absent_page_loses_no_element_by_the_fault()
    {
        using RunningGuest guest = new();
        CountingDevice device = new();
        guest.Handlers.Ports.Map(0x80, 1, device);
        guest.Load(64, a =>
        {
            a.mov(rdi, AbsentPage - 3);
            a.mov(ecx, 8);
            a.mov(edx, 0x80);
            a.cld();
            a.rep.insb();
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallPageFaultHandler(guest);

        guest.RunToEnd();

        Assert.Equal([2u, (uint)AbsentPage], guest.Reports);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], guest.Partition.Memory.GetSpan(AbsentPage - 3, 8).ToArray());
        Assert.Equal(8, device.Reads);
    }

    [Fact]
    public void A_string_to_a_port_from_an_absent_page_faults_for_a_read()
    {
        using RunningGuest guest = new();
        List<uint> written = [];
        guest.Handlers.Ports.Map(0x80, 1, new WriteList(written));
        guest.Partition.Memory.Write(AbsentPage - 3, (ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6]);
        guest.Load(64, a =>
        {
            a.mov(rsi, AbsentPage - 3);
            a.mov(ecx, 6);
            a.mov(edx, 0x80);
            a.cld();
            a.rep.outsb();
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallPageFaultHandler(guest);

        guest.RunToEnd();

        Assert.Equal([0u, (uint)AbsentPage], guest.Reports);
        Assert.Equal([1u, 2, 3, 4, 5, 6], written);
    }

    [Fact]
    public void A_fault_that_the_guest_cannot_take_is_a_triple_fault()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            a.ud2();
            a.@out((byte)RunningGuest.EndPort, al);
        });

        RunResult result = guest.Run();

        Assert.Equal(RunEnd.TripleFault, result.End);
    }

    [Fact]
    public void An_injected_fault_that_the_guest_cannot_take_is_a_triple_fault()
    {
        using RunningGuest guest = new();
        guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, 0x1000, new CountingDevice());
        guest.Load(64, a =>
        {
            a.mov(rsi, RunningGuest.DeviceGpa);
            a.mov(rdi, AbsentPage);
            a.movsd();
            a.@out((byte)RunningGuest.EndPort, al);
        });
        SplitLargePage(guest);

        RunResult result = guest.Run();

        Assert.Equal(RunEnd.TripleFault, result.End);
    }

    [Fact]
    public void An_msr_that_no_one_knows_faults_and_the_guest_takes_the_fault()
    {
        using RunningGuest guest = new(options: new RunOptions { Msrs = UnclaimedAccess.AsHardware });
        guest.Partition.Hypercalls.InstallIntercept(
            hv_intercept_type.HV_INTERCEPT_TYPE_X64_MSR_INDEX,
            Abi.Constants.HV_INTERCEPT_ACCESS_MASK_READ | Abi.Constants.HV_INTERCEPT_ACCESS_MASK_WRITE,
            new hv_intercept_parameters { msr_index = 0xc0000103 });
        guest.Load(64, a =>
        {
            a.mov(ecx, 0xc0000103);
            a.rdmsr();
            a.@out((byte)RunningGuest.EndPort, al);
        });

        // #GP: report the error code, skip the instruction.
        InstallHandler(guest, 13, a =>
        {
            a.pop(rax);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.add(__qword_ptr[rsp], 2);
            a.iretq();
        });

        guest.RunToEnd();

        Assert.Equal([0u], guest.Reports);
    }

    /// <summary>Lets a guest in long mode take an exception.</summary>
    internal static void InstallHandler(RunningGuest guest, byte vector, Action<Assembler> write)
    {
        ulong handler = RunningGuest.CodeGpa + HandlerOffset + (vector * 0x40UL);
        guest.Partition.Memory.Write(handler, RunningGuest.Assemble(64, write, handler));
        Span<byte> gate = stackalloc byte[16];
        gate.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(gate, (ushort)handler);
        BinaryPrimitives.WriteUInt16LittleEndian(gate[2..], 8);
        gate[5] = 0x8e;
        BinaryPrimitives.WriteUInt16LittleEndian(gate[6..], (ushort)(handler >> 16));
        guest.Partition.Memory.Write(IdtGpa + (16UL * vector), gate);
        hv_register_value table = default;
        table.table.@base = IdtGpa;
        table.table.limit = 0x9ff;
        guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_IDTR, table);
    }

    // Reports the error code and CR2, makes the page present, and lets the instruction run again.
    private static void InstallPageFaultHandler(RunningGuest guest)
    {
        SplitLargePage(guest);
        InstallHandler(guest, 14, a =>
        {
            a.push(rax);
            a.mov(rax, __qword_ptr[rsp + 8]);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(rax, cr2);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(__qword_ptr[(int)(SmallTableGpa + (AbsentPage >> 12 & 511) * 8)], (int)(AbsentPage | PresentWritable));
            a.invlpg(__byte_ptr[(int)AbsentPage]);
            a.pop(rax);
            a.add(rsp, 8);
            a.iretq();
        });
    }

    // The first 2 MiB in pages of 4 KiB, all but one present.
    private static void SplitLargePage(RunningGuest guest)
    {
        for (ulong page = 0; page < 512; page++)
        {
            ulong gpa = page << 12;
            guest.Partition.Memory.Write(SmallTableGpa + (page * 8), gpa == AbsentPage ? 0 : gpa | PresentWritable);
        }

        const ulong FirstDirectory = RunningGuest.PageTablesGpa + 0x2000;
        guest.Partition.Memory.Write(FirstDirectory, SmallTableGpa | PresentWritable);
    }

    private sealed class CountingDevice : IMmioHandler, IPortIoHandler
    {
        internal int Reads { get; private set; }

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 0x100UL + (ulong)Reads++;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }

        public uint Read(uint vpIndex, int offset, int sizeBytes) => (uint)Reads++;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }

    private sealed class WriteList(List<uint> values) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => values.Add(value);
    }
}
