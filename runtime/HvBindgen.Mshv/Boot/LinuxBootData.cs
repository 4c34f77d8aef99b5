using System.Text;

namespace HvBindgen.Mshv.Boot;

/// <summary>What a Linux guest is started with, beside its kernel.</summary>
/// <param name="CommandLine">Kernel command line, ASCII, at most 2047 characters.</param>
/// <param name="InitialRamDisk">Initial RAM disk; empty for none.</param>
/// <param name="MemoryMap">Memory map; see <see cref="Boot.MemoryMap.ForPc"/>.</param>
/// <param name="RsdpGpa">Guest-physical address of ACPI's root pointer; 0 for none. See <see cref="AcpiTables"/>.</param>
public sealed record LinuxBootData(
    string CommandLine, ReadOnlyMemory<byte> InitialRamDisk, IReadOnlyList<MemoryMapEntry> MemoryMap, ulong RsdpGpa = 0)
{
    private const int MaximumCommandLine = 2047;

    /// <summary>The command line with its terminating zero.</summary>
    /// <exception cref="GuestImageException">It is too long, or not ASCII.</exception>
    internal byte[] CommandLineBytes() =>
        CommandLine.Length > MaximumCommandLine || !Ascii.IsValid(CommandLine) || CommandLine.Contains('\0', StringComparison.Ordinal)
            ? throw new GuestImageException(
                $"command line: ASCII of at most {MaximumCommandLine} characters, this has {CommandLine.Length}.")
            : Encoding.ASCII.GetBytes(CommandLine + "\0");

    /// <summary>As high as it can lie below a limit in RAM, at a page border, so that the kernel has room to unpack below it.</summary>
    /// <param name="limit">Address that it may not reach.</param>
    /// <param name="lowest">Address below which the kernel lies.</param>
    /// <exception cref="GuestImageException">There is no room.</exception>
    internal ulong PlaceInitialRamDisk(ulong limit, ulong lowest)
    {
        const ulong PageBytes = 0x1000;
        ulong sizeBytes = (ulong)InitialRamDisk.Length;
        ulong best = 0;
        foreach (MemoryMapEntry entry in MemoryMap)
        {
            ulong end = Math.Min(entry.Gpa + entry.SizeBytes, limit);
            ulong start = Math.Max(entry.Gpa, lowest);
            if (entry.Kind == MemoryMapKind.Ram && end > start && end - start >= sizeBytes)
            {
                ulong gpa = (end - sizeBytes) & ~(PageBytes - 1);
                best = gpa >= start ? Math.Max(best, gpa) : best;
            }
        }

        return best != 0
            ? best
            : throw new GuestImageException($"initial RAM disk: no room for 0x{sizeBytes:x} bytes between 0x{lowest:x} and 0x{limit:x}.");
    }
}
