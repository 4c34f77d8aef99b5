using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Tests.Emulator;
using Xunit;
using static HvBindgen.Mshv.Tests.Guests.CallingGuest;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Hypercalls that reach other processors of the guest: interrupts, and translations that are to be forgotten.</summary>
public sealed class CallingProcessors
{
    private const byte Vector = 0x45;
    private const ulong ReceiverGpa = 0x1_0000;
    private const ulong LookerGpa = 0x1_1000;
    private const ulong MachineEnd = EmulatedMachine.RamBytes;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupt_goes_to_each_processor_that_the_call_names(bool isSparseSet)
    {
        using EmulatedMachine machine = Create(processorCount: 3);
        PrepareReceiver(machine, processor: 1);
        PrepareReceiver(machine, processor: 2);
        if (isSparseSet)
        {
            MemoryMarshal.Write(machine.RamAt(InputGpa, 24), new hv_send_ipi_ex
            {
                vector = Vector,
                vp_set = new hv_vpset { format = (ulong)hv_generic_set_format.HV_GENERIC_SET_SPARSE_4K, valid_bank_mask = 0b11 },
            });
            MemoryMarshal.Write(machine.RamAt(InputGpa + 24, 8), 0b110UL);
            MemoryMarshal.Write(machine.RamAt(InputGpa + 32, 8), 1UL); // processor 64, which there is not
            Assert.Equal(
                Hv.HV_STATUS_INVALID_HYPERCALL_INPUT, Try(machine, Word(Hv.HVCALL_SEND_IPI_EX, headerWords: 1)).Status);
            Assert.Equal(0, Try(machine, Word(Hv.HVCALL_SEND_IPI_EX, headerWords: 2)).Status);
        }
        else
        {
            Assert.Equal(0, Try(machine, Word(Hv.HVCALL_SEND_IPI, isFast: true), Vector, 0b110).Status);
        }

        Assert.Equal(Vector, NextReport(machine, processor: 1));
        Assert.Equal(Vector, NextReport(machine, processor: 2));
    }

    [Theory]
    [InlineData(Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE, 0, 0)]
    [InlineData(Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST, 2, 0)]
    [InlineData(Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX, 0, 1)]
    [InlineData(Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX, 2, 1)]
    public void A_processor_that_looks_at_a_page_sees_its_new_place_when_another_one_has_called(int code, int reps, int headerWords)
    {
        const ulong Looked = 0x4000_0000;
        const ulong Directory = GuestCode.PageTableGpa + 0x3000; // of the second GiB
        const ulong Count = 0x6000;
        using EmulatedMachine machine = Create(processorCount: 2);
        Start(machine, assembler =>
        {
            assembler.mov(rax, Directory);
            assembler.mov(rbx, MachineEnd | 0x83);
            assembler.mov(__qword_ptr[rax], rbx);
            Call(assembler, Word(code, reps, headerWords: headerWords));
            Report(assembler);
        });
        StartAt(machine, LookerGpa, processor: 1, assembler =>
        {
            Iced.Intel.Label again = assembler.CreateLabel();
            assembler.mov(ebx, (uint)Looked);
            assembler.mov(esi, (uint)Count);
            assembler.Label(ref again);
            assembler.mov(eax, __dword_ptr[rbx]);
            assembler.inc(__dword_ptr[rsi]);
            assembler.jmp(again);
        });
        MemoryMarshal.Write(machine.RamAt(Directory, 8), 0x83UL); // the first pages of memory
        if (headerWords == 0)
        {
            MemoryMarshal.Write(machine.RamAt(InputGpa, 24), new hv_tlb_flush { processor_mask = 0b10 });
        }
        else
        {
            MemoryMarshal.Write(machine.RamAt(InputGpa, 32), new hv_tlb_flush_ex { hv_vp_set = new hv_vpset { valid_bank_mask = 1 } });
            MemoryMarshal.Write(machine.RamAt(InputGpa + 32, 8), 0b10UL);
        }

        ulong seen = 0;
        Thread looking = new(Look) { IsBackground = true };
        looking.Start();
        Assert.True(SpinWait.SpinUntil(() => machine.RamAt(Count, 1)[0] != 0, RunningGuest.TooLong));

        Assert.Equal((0, reps), NextResult(machine));

        // No memory is at the page's new place: looking there ends the run.
        Assert.True(looking.Join(RunningGuest.TooLong), "the second processor looks at the old place");
        Assert.Equal(MachineEnd, seen);

        void Look() => seen = machine
            .RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA, processor: 1).guest_physical_address;
    }

    // Enables its APIC, says so, and waits for the vector, which it reports.
    private static void PrepareReceiver(EmulatedMachine machine, int processor)
    {
        StartAt(machine, ReceiverGpa, processor, code =>
        {
            code.mov(ebx, 0xfee0_0000);
            code.mov(__dword_ptr[rbx + 0xf0], 0x1ff); // the spurious vector, and that the APIC is on
            code.@out(ReportPort, eax);
            code.sti();
            code.hlt();
        });
        ReportVector(machine, Vector, processor);
        _ = NextReport(machine, processor);
    }

    private static void StartAt(EmulatedMachine machine, ulong gpa, int processor, Action<Iced.Intel.Assembler> write)
    {
        byte[] code = GuestCode.Assemble(64, write);
        code.CopyTo(machine.RamAt(gpa, code.Length));
        GuestCode.Start(machine, 64, processor);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, gpa, processor);
        machine.Set(hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0, processor);
    }
}
