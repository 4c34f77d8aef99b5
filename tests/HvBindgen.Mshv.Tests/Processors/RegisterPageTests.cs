using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Processors;
using Xunit;

namespace HvBindgen.Mshv.Tests.Processors;

public sealed unsafe class RegisterPageTests
{
    private static readonly hv_u128 Value = new() { low_part = 0x0123_4567_89ab_cdef, high_part = 0xfedc_ba98_7654_3210 };

    // Where each register stands is said by its own field of the generated record, not by the arrays that the page is read through.
    public static TheoryData<hv_register_name, int, int, int> Registers
    {
        get
        {
            hv_vp_register_page page;
            byte* start = (byte*)&page;
            TheoryData<hv_register_name, int, int, int> rows = [];
            Add(hv_register_name.HV_X64_REGISTER_RAX, &page.rax, 8, Abi.Constants.HV_X64_REGISTER_CLASS_GENERAL);
            Add(hv_register_name.HV_X64_REGISTER_RSP, &page.rsp, 8, Abi.Constants.HV_X64_REGISTER_CLASS_GENERAL);
            Add(hv_register_name.HV_X64_REGISTER_RDI, &page.rdi, 8, Abi.Constants.HV_X64_REGISTER_CLASS_GENERAL);
            Add(hv_register_name.HV_X64_REGISTER_R15, &page.r15, 8, Abi.Constants.HV_X64_REGISTER_CLASS_GENERAL);
            Add(hv_register_name.HV_X64_REGISTER_RIP, &page.rip, 8, Abi.Constants.HV_X64_REGISTER_CLASS_IP);
            Add(hv_register_name.HV_X64_REGISTER_RFLAGS, &page.rflags, 8, Abi.Constants.HV_X64_REGISTER_CLASS_FLAGS);
            Add(hv_register_name.HV_X64_REGISTER_XMM0, &page.xmm0, 16, Abi.Constants.HV_X64_REGISTER_CLASS_XMM);
            Add(hv_register_name.HV_X64_REGISTER_XMM5, &page.xmm5, 16, Abi.Constants.HV_X64_REGISTER_CLASS_XMM);
            Add(hv_register_name.HV_X64_REGISTER_ES, &page.es, 16, Abi.Constants.HV_X64_REGISTER_CLASS_SEGMENT);
            Add(hv_register_name.HV_X64_REGISTER_CS, &page.cs, 16, Abi.Constants.HV_X64_REGISTER_CLASS_SEGMENT);
            Add(hv_register_name.HV_X64_REGISTER_GS, &page.gs, 16, Abi.Constants.HV_X64_REGISTER_CLASS_SEGMENT);
            return rows;

            void Add(hv_register_name name, void* place, int sizeBytes, int registerClass) =>
                rows.Add(name, (int)((byte*)place - start), sizeBytes, registerClass);
        }
    }

    [Theory]
    [MemberData(nameof(Registers))]
    public void A_register_is_written_in_its_own_field_alone_and_its_class_is_marked(
        hv_register_name name, int offset, int sizeBytes, int registerClass)
    {
        hv_vp_register_page content = default;
        RegisterPage page = new(&content);

        page.Set([(uint)name], [Value]);

        Assert.Equal(1u << registerClass, content.dirty);
        byte[] expected = new byte[sizeof(hv_vp_register_page)];
        BitConverter.TryWriteBytes(expected.AsSpan(4), content.dirty);
        fixed (hv_u128* value = &Value)
        {
            new ReadOnlySpan<byte>(value, sizeBytes).CopyTo(expected.AsSpan(offset));
        }

        Assert.Equal(expected, new ReadOnlySpan<byte>(&content, expected.Length).ToArray());
    }

    [Theory]
    [MemberData(nameof(Registers))]
    public void A_register_that_was_written_is_read_again(hv_register_name name, int offset, int sizeBytes, int registerClass)
    {
        hv_vp_register_page content = default;
        RegisterPage page = new(&content);
        page.Set([(uint)name], [Value]);

        Assert.True(page.TryGet((uint)name, out hv_u128 read), $"{name}, {sizeBytes} bytes at {offset}, class {registerClass}");

        Assert.Equal(Value.low_part, read.low_part);
        Assert.Equal(sizeBytes == 16 ? Value.high_part : 0, read.high_part);
    }

    [Theory]
    [InlineData(hv_register_name.HV_X64_REGISTER_XMM6)]
    [InlineData(hv_register_name.HV_X64_REGISTER_LDTR)]
    [InlineData(hv_register_name.HV_X64_REGISTER_CR0)]
    [InlineData(hv_register_name.HV_X64_REGISTER_CR8)]
    [InlineData(hv_register_name.HV_X64_REGISTER_EFER)]
    [InlineData(hv_register_name.HV_X64_REGISTER_XFEM)]
    [InlineData(hv_register_name.HV_REGISTER_INTERRUPT_STATE)]
    public void What_the_hypervisor_does_not_take_back_is_neither_read_nor_written(hv_register_name name)
    {
        hv_vp_register_page content = default;
        RegisterPage page = new(&content);

        page.Set([(uint)name], [Value]);

        Assert.False(RegisterPage.Contains((uint)name));
        Assert.False(page.TryGet((uint)name, out _));
        Assert.True(new ReadOnlySpan<byte>(&content, sizeof(hv_vp_register_page)).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Marks_are_added_to_those_not_yet_taken_and_taken_once()
    {
        hv_vp_register_page content = default;
        RegisterPage page = new(&content);
        page.Set([(uint)hv_register_name.HV_X64_REGISTER_RAX], [Value]);
        page.Set([(uint)hv_register_name.HV_X64_REGISTER_RIP], [Value]);

        Assert.Equal(RegisterClasses.General | RegisterClasses.InstructionPointer, page.TakeDirty());
        Assert.Equal(RegisterClasses.None, page.TakeDirty());
    }

    [Fact]
    public void A_processor_without_a_page_has_none_that_could_be_valid()
    {
        RegisterPage none = default;

        Assert.False(none.Exists);
        Assert.False(none.IsValid);
    }

    [Fact]
    public void The_vectors_of_interrupts_are_not_this_side_s()
    {
        hv_vp_register_page content;

        Assert.Equal((nint)(&content.interrupt_vectors), (nint)(&content) + RegisterPage.OwnBytes);
        Assert.Equal(sizeof(hv_vp_register_page), RegisterPage.OwnBytes + sizeof(hv_vp_register_page_interrupt_vectors));
    }
}
