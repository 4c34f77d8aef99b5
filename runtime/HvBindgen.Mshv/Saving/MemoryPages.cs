using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Memory;

namespace HvBindgen.Mshv.Saving;

/// <summary>Writes guest memory, but for pages that are all zeros.</summary>
internal sealed class MemoryPages(SectionWriter writer, GuestAddressSpace memory)
{
    internal const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;
    private const int MaxRunPages = 256;

    private readonly byte[] run = new byte[MaxRunPages * PageBytes];
    private ulong runGpa;
    private int runPages;

    /// <summary>Writes the pages of a region.</summary>
    internal void Write(MemoryRegion region, CancellationToken cancellation)
    {
        for (ulong gpa = region.Gpa; gpa < region.EndGpa; gpa += PageBytes)
        {
            Span<byte> page = run.AsSpan(runPages * PageBytes, PageBytes);
            memory.Read(gpa, page);
            if (!page.ContainsAnyExcept((byte)0))
            {
                Flush();
                continue;
            }

            runGpa = runPages == 0 ? gpa : runGpa;
            if (++runPages == MaxRunPages)
            {
                cancellation.ThrowIfCancellationRequested();
                Flush();
            }
        }

        Flush();
    }

    private void Flush()
    {
        if (runPages > 0)
        {
            BinaryWriter content = writer.Begin(SectionKind.Memory);
            content.Write(runGpa);
            content.Write(run.AsSpan(0, runPages * PageBytes));
            writer.End();
            runPages = 0;
        }
    }
}
