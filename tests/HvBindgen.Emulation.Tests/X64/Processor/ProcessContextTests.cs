using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Process contexts (PCID): CR4.PCIDE, the low and the topmost bits of CR3, and INVPCID.</summary>
public sealed class ProcessContextTests
{
    private const ulong ContextsEnabled = 1 << 17;
    private const ulong KeepsTranslations = 1UL << 63;
    private const ulong Watched = 0x20_0000;
    private const ulong FirstRoot = 0x1000;
    private const ulong SecondRoot = 0xA000;
    private const ulong FirstTable = 0xD000;
    private const ulong SecondTable = 0xE000;
    private const ulong First = 1;
    private const ulong Second = 2;
    private const ulong Third = 3;

    [Fact]
    public void Each_context_has_its_own_translations_and_bit_63_keeps_them()
    {
        using ProcessorRig rig = Start();
        rig.Load(64, code =>
        {
            Go(code, FirstRoot | 1);
            code.mov(r8, __[Watched]);
            Go(code, SecondRoot | 2 | KeepsTranslations);
            code.mov(r9, __[Watched]);

            // A change that nothing is told of: the first context still has what it had.
            code.mov(__qword_ptr[FirstTable], (int)PageOf(Third));
            Go(code, FirstRoot | 1 | KeepsTranslations);
            code.mov(r10, __[Watched]);
            Go(code, FirstRoot | 1);
            code.mov(r11, __[Watched]);
            code.mov(rax, cr3);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((First, Second), (rig.State.Gpr[8], rig.State.Gpr[9]));
        Assert.Equal((First, Third), (rig.State.Gpr[10], rig.State.Gpr[11]));
        Assert.Equal(FirstRoot | 1, rig.State.Gpr[0]);
    }

    [Theory]
    [InlineData(0, 1, false)] // an address of the first context
    [InlineData(1, 1, false)] // the first context
    [InlineData(2, 0, false)]
    [InlineData(3, 0, false)]
    [InlineData(1, 2, true)] // another context
    public void INVPCID_forgets_what_it_names(int kind, int named, bool isKept)
    {
        using ProcessorRig rig = Start();
        rig.Memory.Words[(int)(ProcessorRig.Data / 8) + 2] = (ulong)named;
        rig.Memory.Words[(int)(ProcessorRig.Data / 8) + 3] = Watched;
        rig.Load(64, code =>
        {
            Go(code, FirstRoot | 1);
            code.mov(r8, __[Watched]);
            Go(code, SecondRoot | 3);
            code.mov(__qword_ptr[FirstTable], (int)PageOf(Third));
            code.mov(ebx, kind);
            code.invpcid(rbx, __[ProcessorRig.Data + 16]);
            Go(code, FirstRoot | 1 | KeepsTranslations);
            code.mov(r10, __[Watched]);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((First, isKept ? First : Third), (rig.State.Gpr[8], rig.State.Gpr[10]));
    }

    [Theory]
    [InlineData("CR4 adds contexts while CR3 names one")]
    [InlineData("CR3 keeps translations without contexts")]
    [InlineData("CR0 ends paging")]
    [InlineData("INVPCID of kind 4")]
    [InlineData("INVPCID of a context of 13 bits")]
    [InlineData("INVPCID of an address that is none")]
    [InlineData("INVPCID of a context without contexts")]
    public void What_is_not_allowed_is_a_general_protection_fault(string what)
    {
        using ProcessorRig rig = Start();
        rig.Handle(13, code =>
        {
            code.mov(r10, __[rsp]);
            code.mov(r9d, 13);
            code.hlt();
        });
        Span<ulong> descriptor = rig.Memory.Words[(int)(ProcessorRig.Data / 8)..];
        (descriptor[2], descriptor[3]) = (0x1000, Watched);
        (descriptor[4], descriptor[5]) = (1, 0x8000_0000_0000);
        rig.Load(64, code =>
        {
            switch (what)
            {
                case "CR4 adds contexts while CR3 names one":
                    EnableContexts(code, isOn: false);
                    Go(code, FirstRoot | 8);
                    EnableContexts(code, isOn: true);
                    break;
                case "CR3 keeps translations without contexts":
                    EnableContexts(code, isOn: false);
                    Go(code, FirstRoot | KeepsTranslations);
                    break;
                case "CR0 ends paging":
                    code.mov(rax, cr0);
                    code.btr(rax, 31);
                    code.mov(cr0, rax);
                    break;
                default:
                    bool isWithout = what.EndsWith("without contexts", StringComparison.Ordinal);
                    EnableContexts(code, isOn: !isWithout);
                    code.mov(ebx, what.EndsWith('4') ? 4 : isWithout ? 1 : what.EndsWith("bits", StringComparison.Ordinal) ? 2 : 0);
                    code.invpcid(rbx, __[ProcessorRig.Data + (what.EndsWith("bits", StringComparison.Ordinal) ? 16UL : 32UL)]);
                    break;
            }

            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((13UL, 0UL), (rig.State.Gpr[9], rig.State.Gpr[10]));
    }

    // Two sets of tables that differ in the page at one address, and contexts turned on.
    private static ProcessorRig Start()
    {
        ProcessorRig rig = new(64);
        Span<ulong> words = rig.Memory.Words;
        words[1537] = FirstTable | 3;
        words[(int)(SecondRoot / 8)] = 0xB003;
        words[0xB000 / 8] = 0xC003;
        words[0xC000 / 8] = 0x83;
        words[(0xC000 / 8) + 1] = SecondTable | 3;
        words[(int)(FirstTable / 8)] = PageOf(First);
        words[(int)(SecondTable / 8)] = PageOf(Second);

        foreach (ulong each in (ReadOnlySpan<ulong>)[First, Second, Third])
        {
            words[(int)((PageOf(each) & ~0xFFFUL) / 8)] = each;
        }

        rig.State.Cr4 |= ContextsEnabled;
        rig.Processor.OnStateChanged();
        return rig;
    }

    private static ulong PageOf(ulong content) => (0x4_0000 + (content << 12)) | 3;

    private static void Go(Assembler code, ulong cr3)
    {
        code.mov(rax, cr3);
        code.mov(AssemblerRegisters.cr3, rax);
    }

    private static void EnableContexts(Assembler code, bool isOn)
    {
        code.mov(rax, cr4);

        if (isOn)
        {
            code.bts(rax, 17);
        }
        else
        {
            code.btr(rax, 17);
        }

        code.mov(cr4, rax);
    }
}
