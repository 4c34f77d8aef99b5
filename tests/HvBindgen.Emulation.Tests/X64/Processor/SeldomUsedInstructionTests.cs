using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class SeldomUsedInstructionTests
{
    private const byte Undefined = 6;
    private const byte GeneralProtection = 13;

    [Theory]
    [InlineData(0x08, 0x03, 0x0B, true)]
    [InlineData(0x0A, 0x13, 0x0B, true)]
    [InlineData(0x0B, 0x02, 0x0B, false)]
    [InlineData(0x0B, 0x03, 0x0B, false)]
    [InlineData(0x08, 0x10, 0x08, false)]
    public void ARPL_lowers_the_privilege_of_a_selector_and_tells_whether_it_did(int selector, int other, int expected, bool hasChanged)
    {
        using ProcessorRig rig = new(32);
        rig.Load(32, code =>
        {
            code.mov(ebx, 0x1234_0000 | selector);
            code.mov(ecx, other);
            code.mov(__dword_ptr[(uint)ProcessorRig.Data], ebx);
            code.arpl(bx, cx);
            code.setz(al);
            code.arpl(__word_ptr[(uint)ProcessorRig.Data], cx);
            code.setz(ah);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(0x1234_0000UL | (uint)expected, rig.State.Gpr[3]);
        Assert.Equal(0x1234_0000UL | (uint)expected, (uint)rig.WordAt(ProcessorRig.Data));
        Assert.Equal(hasChanged ? 0x0101UL : 0, rig.State.Gpr[0] & 0xFFFF);
    }

    [Fact]
    public void ARPL_is_no_instruction_of_real_mode()
    {
        using ProcessorRig rig = new(16);

        BitConverter.TryWriteBytes(rig.Memory.Bytes[(Undefined * 4)..], (uint)(ProcessorRig.Handlers << 12));
        rig.Load(16, code => { code.mov(bx, 6); code.hlt(); }, ProcessorRig.Handlers);
        rig.Load(16, code => code.arpl(bx, cx));

        rig.RunToHalt();

        Assert.Equal(6UL, rig.State.Gpr[3] & 0xFFFF);
    }

    // A program of a guest may hold any of them: the guest's system hears of it, not the monitor.
    [Theory]
    [InlineData(Undefined, 0x0F, 0xFF, 0xC3)] // UD0
    [InlineData(Undefined, 0x0F, 0xB9, 0xC3)] // UD1
    [InlineData(Undefined, 0x0F, 0xAA, 0x90)] // RSM
    [InlineData(Undefined, 0x0F, 0x78, 0xC3)] // VMREAD
    [InlineData(Undefined, 0x0F, 0x37, 0x90)] // GETSEC
    [InlineData(Undefined, 0x0F, 0x0D, 0xC3)] // PREFETCHW of a register
    [InlineData(GeneralProtection, 0x0F, 0x33, 0x90)] // RDPMC: there are no counters
    [InlineData(0, 0x0F, 0x08, 0x90)] // INVD
    [InlineData(0, 0x0F, 0x18, 0xC3)] // a hint that nobody knows
    [InlineData(0, 0x0F, 0x1E, 0xCB)] // RDSSP without its prefix
    public void What_a_processor_does_not_have_is_an_exception_or_nothing(byte vector, byte first, byte second, byte third)
    {
        using ProcessorRig rig = new(64);
        foreach (byte each in (ReadOnlySpan<byte>)[Undefined, GeneralProtection])
        {
            rig.Handle(each, code =>
            {
                code.mov(ebx, each);
                code.hlt();
            });
        }

        rig.Load(64, code =>
        {
            code.xor(ebx, ebx);
            code.db(first, second, third);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(vector, rig.State.Gpr[3]);
    }
}
