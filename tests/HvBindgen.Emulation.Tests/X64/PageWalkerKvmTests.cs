using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class PageWalkerKvmTests
{
    [Theory]
    [InlineData("32-bit")]
    [InlineData("PAE")]
    [InlineData("4-level")]
    [InlineData("5-level")]
    public void Random_tables_translate_as_kvm_translates_them(string mode)
    {
        Requirement.Emulator();
        Random random = new(20_261_122);
        using FlatMemory memory = new(RandomPaging.MemoryBytes);
        using KvmTranslator kvm = new(memory);
        int successes = 0;

        // Of empty tables a KVM that walks them finds nothing; some have no paging but that of long mode.
        bool isWalked = kvm.TrySet(RandomPaging.Registers(mode, random, kvm.PhysicalAddressBits)) && kvm.Translate(0x5000) is null;
        Assert.SkipUnless(isWalked, $"this KVM does not walk {mode} tables");

        for (int round = 0; round < 100; round++)
        {
            RandomPaging.FillTables(memory.Bytes, random, hasReserved: mode is "4-level" or "5-level", mode == "PAE", mode == "32-bit");

            // KVM translates reads of the supervisor and knows nothing of SMAP there.
            PagingState paging = RandomPaging.Registers(mode, random, kvm.PhysicalAddressBits);
            paging = paging with { Cr4 = paging.Cr4 & ~(1UL << 21) };
            Assert.True(kvm.TrySet(paging));

            for (int address = 0; address < 50; address++)
            {
                ulong gva = RandomPaging.Address(mode, random);
                TranslationResult result = PageWalker.Translate(paging, memory, gva, AccessKind.Read, AccessPrivilege.Supervisor, false);
                ulong? expected = kvm.Translate(gva);

                // To a processor without them a page of 1 GiB has a reserved bit.
                if (expected is null && result.PageSizeBytes == 1 << 30)
                {
                    continue;
                }

                // Of a page of 4 MiB KVM takes 36 bits of address, whatever the processor has; the manuals say 40.
                if (expected is null && mode == "32-bit" && result.PageSizeBytes == 1 << 22 && result.Gpa >> 36 != 0)
                {
                    continue;
                }

                Assert.True(
                    expected == (result.Succeeded ? result.Gpa : null), $"round {round}: {paging} {gva:x}: {result}, KVM {expected:x}");
                successes += result.Succeeded ? 1 : 0;
            }
        }

        Assert.True(successes > 200, $"only {successes} walks succeeded");
    }
}
