namespace HvBindgen.Mshv.Interrupts;

/// <summary>Keeps an event's descriptor open while its number is in use.</summary>
internal readonly ref struct EventUse
{
    private readonly EventHandle? handle;

    internal EventUse(EventHandle? handle)
    {
        this.handle = handle;
        bool added = false;
        handle?.DangerousAddRef(ref added);
    }

    /// <summary>Number of the descriptor; 0 for no event.</summary>
    internal int Fd => handle?.Fd ?? 0;

    internal void Dispose() => handle?.DangerousRelease();
}
