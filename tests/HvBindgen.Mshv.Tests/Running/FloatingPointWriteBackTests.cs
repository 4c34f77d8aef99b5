using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Device accesses of x87 and MMX: their registers are asked for and written by name.</summary>
public sealed class FloatingPointWriteBackTests
{
    private const ulong DeviceGpa = 0xfec00000;
    private const ulong UsualControl = 0x37f;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_load_pushes_onto_the_stack_of_x87_together_with_the_new_instruction_pointer(bool hasPage)
    {
        using TestProcessor processor = Processor(hasPage);
        TestDevice device = new(0x3ff8_0000_0000_0000); // 1.5

        Assert.Equal(Treatment.Progressed, Dispatch(processor, [0xdd, 0x03], InterceptAccess.Read, device)); // fld qword [ebx]
        processor.TakePageWrites();

        // The stack's top is its last register, the only one in use.
        const ulong Status = 7 << 11;
        const ulong Tags = 1 << 7;
        Assert.Contains(
            X64InstructionTests.Write(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, UsualControl | (Status << 16) | (Tags << 32), 0, false),
            processor.Writes);
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_FP_MMX0, 0xc000_0000_0000_0000, 0x3fff, false), processor.Writes);
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, TestMessages.Rip + 2, byPage: hasPage), processor.Writes);
    }

    [Fact]
    public void A_store_gives_the_device_the_number_rounded_and_notes_that_it_was()
    {
        using TestProcessor processor = Processor();
        processor.Set(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, UsualControl | (1UL << 32));
        processor.Set(Name.HV_X64_REGISTER_FP_MMX0, 0xaaaa_aaaa_aaaa_aaab, 0x3ffd); // 1/3
        TestDevice device = new();

        Assert.Equal(Treatment.Progressed, Dispatch(processor, [0xd9, 0x13], InterceptAccess.Write, device)); // fst dword [ebx]

        Assert.Equal(0x3eaa_aaabUL, Assert.Single(device.Accesses).Value);
        ulong word = Assert.Single(processor.Writes, write => write.Name == (uint)Name.HV_X64_REGISTER_FP_CONTROL_STATUS).Low;
        Assert.Equal(0x220UL, (word >> 16) & 0xffff); // inexact, and rounded up
    }

    [Fact]
    public void A_move_of_MMX_takes_the_stack_of_x87_for_itself()
    {
        using TestProcessor processor = Processor();
        Dispatch(processor, [0x0f, 0x6f, 0x13], InterceptAccess.Read, new TestDevice(0x1122_3344_5566_7788)); // movq mm2, [ebx]

        Assert.Contains(
            X64InstructionTests.Write(Name.HV_X64_REGISTER_FP_MMX0 + 2, 0x1122_3344_5566_7788, 0xffff, false), processor.Writes);
        Assert.Contains(
            X64InstructionTests.Write(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, UsualControl | (0xffUL << 32), 0, false), processor.Writes);
    }

    [Fact]
    public void An_exception_that_waits_comes_before_the_device()
    {
        using TestProcessor processor = Processor();
        processor.Set(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, 0x37e | (0x8081UL << 16));
        processor.Set(Name.HV_X64_REGISTER_CR0, 0x31);
        TestDevice device = new();

        Assert.Equal(Treatment.Progressed, Dispatch(processor, [0xdd, 0x03], InterceptAccess.Read, device));

        Assert.Empty(device.Accesses);
        Assert.Contains(processor.Writes, write => write.Name == (uint)Name.HV_REGISTER_PENDING_EVENT0);
    }

    [Fact]
    public void Arithmetic_of_x87_takes_its_operand_from_a_device()
    {
        using TestProcessor processor = Processor();
        processor.Set(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, UsualControl | (1UL << 32));
        processor.Set(Name.HV_X64_REGISTER_FP_MMX0, 0xc000_0000_0000_0000, 0x3fff); // 1.5
        TestDevice device = new(0x4020_0000); // 2.5

        Assert.Equal(Treatment.Progressed, Dispatch(processor, [0xd8, 0x03], InterceptAccess.Read, device)); // fadd dword [ebx]

        Assert.Equal((false, 0UL, 4, 0UL), Assert.Single(device.Accesses));
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_FP_MMX0, 0x8000_0000_0000_0000, 0x4001, false), processor.Writes);
    }

    private static TestProcessor Processor(bool hasPage = false)
    {
        TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        processor.Set(Name.HV_X64_REGISTER_FP_CONTROL_STATUS, UsualControl);
        processor.PageIsUpToDate();
        return processor;
    }

    private static Treatment Dispatch(TestProcessor processor, byte[] instruction, InterceptAccess access, TestDevice device) =>
        X64InstructionTests.Dispatch(processor, Handlers(device), TestMessages.Memory(access, DeviceGpa, instruction));

    private static MachineHandlers Handlers(TestDevice device)
    {
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        return handlers;
    }
}
