using HvBindgen.Emulation.A64;
using Xunit;

namespace HvBindgen.Emulation.Tests.A64;

public sealed class A64LoadStoreDecoderTests
{
    private const int Words = 60_000;

    [Fact]
    public void Random_words_decode_as_the_disassembler_of_binutils_reads_them()
    {
        Random random = new(20_261_122);
        uint[] words = new uint[Words];

        for (int index = 0; index < words.Length; index++)
        {
            // Any word of the loads and stores: bit 27 set, bit 25 clear.
            words[index] = ((uint)random.NextInt64(1L << 32) | (1u << 27)) & ~(1u << 25);

            // Of the ordered ones, whose unused fields should be ones, the disassembler takes some with zeros and some not.
            bool isOrdered = (words[index] & 0x3FA0_0000) == 0x0880_0000;
            words[index] |= isOrdered ? 0x001F_7C00u : 0;

            // Few are LDAPR by chance.
            words[index] = index % 64 == 0 ? (words[index] & 0xC000_03FF) | 0x38BF_C000 : words[index];
        }

        string[] lines = DisassembledLoadStore.Disassemble(words);
        Assert.Equal(words.Length, lines.Length);
        int compared = 0;

        for (int index = 0; index < words.Length; index++)
        {
            A64Refusal refusal = A64LoadStoreDecoder.Decode(words[index], out A64LoadStore decoded);
            string context = $"{words[index]:x8} {lines[index]}: {refusal} {decoded}";

            // To a processor without it, and to older disassemblers, a prefetch of a range is one of an address that is not allocated.
            if (lines[index].StartsWith("rprfm\t", StringComparison.Ordinal))
            {
                Assert.True(refusal == A64Refusal.None && decoded.IsPrefetch, context);
                continue;
            }

            // The disassembler notes only some of what is unpredictable.
            if (DisassembledLoadStore.Parse(lines[index], (ulong)index * 4) is not { } expected
                || lines[index].Contains("unpredictable", StringComparison.Ordinal)
                || IsUnpredictable(expected)
                || (refusal == A64Refusal.OrderedExtended && IsOrderedExtended(lines[index], expected)))
            {
                Assert.True(refusal != A64Refusal.None, context);
                continue;
            }

            Assert.True(refusal == A64Refusal.None, context);
            A64LoadStore found = decoded with { IsOrdered = false, Rt = expected.IsPrefetch ? 0 : decoded.Rt };
            Assert.True(found == expected, $"{context} expected {expected}");
            compared++;
        }

        Assert.InRange(compared, Words / 4, Words);
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} of {Words} words are plain loads and stores");
    }

    // Only newer binutils know the third extension of ordered accesses, with vector registers or a changed base.
    private static bool IsOrderedExtended(string line, in A64LoadStore access) =>
        (line.StartsWith("ldap", StringComparison.Ordinal) || line.StartsWith("stl", StringComparison.Ordinal))
        && (access.IsVector || access.Addressing is A64Addressing.PreIndex or A64Addressing.PostIndex);

    private static bool IsUnpredictable(in A64LoadStore access)
    {
        bool changesBase = access.Addressing is A64Addressing.PreIndex or A64Addressing.PostIndex;
        bool namesBase = !access.IsVector && access.Rn != 31 && (access.Rt == access.Rn || (access.IsPair && access.Rt2 == access.Rn));
        return (changesBase && namesBase) || (access.IsPair && access.IsLoad && access.Rt == access.Rt2);
    }

    [Theory]
    [InlineData(0xC85F_7C20, A64Refusal.Exclusive)] // ldxr x0, [x1]
    [InlineData(0xF820_0041, A64Refusal.Atomic)] // ldadd x0, x1, [x2]
    [InlineData(0xC8A0_7C41, A64Refusal.Atomic)] // cas x0, x1, [x2]
    [InlineData(0x4C40_7000, A64Refusal.VectorStructure)] // ld1 {v0.16b}, [x0]
    [InlineData(0xF820_0420, A64Refusal.PointerAuthentication)] // ldraa x0, [x1]
    [InlineData(0xD503_201F, A64Refusal.NotLoadStore)] // nop
    [InlineData(0xF83F_D062, A64Refusal.SixtyFourBytes)] // ld64b x2, [x3]
    [InlineData(0xF83F_9062, A64Refusal.SixtyFourBytes)] // st64b x2, [x3]
    [InlineData(0xF825_B062, A64Refusal.SixtyFourBytes)] // st64bv x5, x2, [x3]
    [InlineData(0xF825_A062, A64Refusal.SixtyFourBytes)] // st64bv0 x5, x2, [x3]
    [InlineData(0x1903_0482, A64Refusal.MemoryCopy)] // cpyfp [x2]!, [x3]!, x4!
    [InlineData(0x19C3_0482, A64Refusal.MemoryCopy)] // setp [x2]!, x4!, x3
    [InlineData(0x1D03_0482, A64Refusal.MemoryCopy)] // cpyp [x2]!, [x3]!, x4!
    [InlineData(0xC95F_7D6A, A64Refusal.Exclusive)] // ldtxr x10, [x11]
    [InlineData(0x8901_7C62, A64Refusal.Exclusive)] // sttxr w1, w2, [x3]
    [InlineData(0xC981_7C62, A64Refusal.Atomic)] // cast x1, x2, [x3]
    [InlineData(0x4982_7C80, A64Refusal.Atomic)] // caspt x2, x3, x0, x1, [x4]
    [InlineData(0x1921_0462, A64Refusal.Atomic)] // ldtadd w1, w2, [x3]
    [InlineData(0x1921_8462, A64Refusal.Atomic)] // swpt w1, w2, [x3]
    [InlineData(0x1922_1061, A64Refusal.Atomic)] // ldclrp x1, x2, [x3]
    [InlineData(0xE940_0C22, A64Refusal.UnprivilegedPair)] // ldtp x2, x3, [x1]
    [InlineData(0x99C0_0862, A64Refusal.OrderedExtended)] // ldapr w2, [x3], #4
    [InlineData(0xD980_0862, A64Refusal.OrderedExtended)] // stlr x2, [x3, #-8]!
    [InlineData(0x9944_1862, A64Refusal.OrderedExtended)] // ldiapp w2, w4, [x3]
    [InlineData(0xD904_1862, A64Refusal.OrderedExtended)] // stilp x2, x4, [x3]
    [InlineData(0x1DC0_5862, A64Refusal.OrderedExtended)] // ldapur q2, [x3, #5]
    [InlineData(0xD920_0C62, A64Refusal.MemoryTagging)] // stg x2, [x3, #0]!
    [InlineData(0xF840_0C00, A64Refusal.Unallocated)] // ldr x0, [x0, #0]!: unpredictable
    public void What_cannot_be_finished_says_why(uint word, A64Refusal expected)
    {
        Assert.Equal(expected, A64LoadStoreDecoder.Decode(word, out _));
    }
}
