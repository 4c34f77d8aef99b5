using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Boot;

/// <summary>A guest program without a format: its bytes are placed as they are.</summary>
public static class FlatImage
{
    /// <summary>Places the program.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="gpa">Guest-physical address of its first byte.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="GuestImageException">It does not fit into guest memory there.</exception>
    public static void Load(IGuestPhysicalMemory memory, ulong gpa, ReadOnlySpan<byte> program)
    {
        ArgumentNullException.ThrowIfNull(memory);
        memory.Place(gpa, program, "program");
    }
}
