namespace HvBindgen.Mshv.Intercepts;

/// <summary>The instruction bytes of a message: as many as it declares, and never more than it has room for.</summary>
internal static class InstructionWindow
{
    private const int RoomBytes = 16;

    internal static ReadOnlySpan<byte> Of(ref readonly Array16<byte> bytes, byte declaredCount)
    {
        ReadOnlySpan<byte> all = bytes;
        return all[..Math.Min((int)declaredCount, RoomBytes)];
    }
}
