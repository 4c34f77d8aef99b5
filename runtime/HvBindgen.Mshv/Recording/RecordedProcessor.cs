using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>What the recording knows of a processor: its register page and the guest pages, as they were last written down.</summary>
internal sealed unsafe class RecordedProcessor
{
    private readonly byte[] pageShadow = new byte[Processors.RegisterPage.OwnBytes];
    private readonly Dictionary<ulong, byte[]> guestPages = [];
    private readonly HashSet<ulong> notedInThisExit = [];

    /// <summary>The register page, valid until it is unmapped; null where there is none.</summary>
    internal byte* RegisterPage { get; set; }

    private ReadOnlySpan<byte> PageNow =>
        RegisterPage is null ? pageShadow : new ReadOnlySpan<byte>(RegisterPage, pageShadow.Length);

    internal bool PageHasChanged() => !PageNow.SequenceEqual(pageShadow);

    internal void WritePageDelta(FrameBuffer frame) => WordDelta.Write(frame, PageNow, pageShadow);

    internal void BeginExit() => notedInThisExit.Clear();

    /// <summary>Whether a guest page has not been written down since the last exit, and what was written down of it before.</summary>
    internal bool MustNotePage(ulong gpa, out byte[] shadow)
    {
        shadow = [];
        if (!notedInThisExit.Add(gpa))
        {
            return false;
        }

        if (!guestPages.TryGetValue(gpa, out byte[]? known))
        {
            known = new byte[Constants.MSHV_HV_PAGE_SIZE];
            guestPages.Add(gpa, known);
        }

        shadow = known;
        return true;
    }
}
