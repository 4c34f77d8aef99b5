using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>A descriptor of a recording: the calls made to it, and for a processor its register page and guest pages.</summary>
internal sealed unsafe class ReplayedDescriptor
{
    private readonly Dictionary<ulong, byte[]> guestPages = [];
    private readonly HashSet<ulong> pagesOfThisExit = [];
    private int next;

    internal List<RecordedFrame> Frames { get; } = [];

    internal DescriptorKind Kind { get; set; }

    /// <summary>How the emulation of an instruction differed from the recording. What is called after that, to write back how far it came,
    /// is no difference of its own.</summary>
    internal ReplayDivergenceException? Divergence { get; set; }

    /// <summary>The page given out in place of the register page; null while none is mapped.</summary>
    internal byte* RegisterPage { get; set; }

    internal byte[] PageShadow { get; } = new byte[Processors.RegisterPage.OwnBytes];

    internal RecordedFrame? PeekNext()
    {
        while (next < Frames.Count && Frames[next].IsUsed)
        {
            next++;
        }

        return next < Frames.Count ? Frames[next] : null;
    }

    /// <summary>Takes the next call if it is the wanted one.</summary>
    internal RecordedFrame? TakeNext(Predicate<RecordedFrame> isWanted) =>
        PeekNext() is { } frame && isWanted(frame) ? Take(frame) : null;

    /// <summary>Takes the first wanted call, wherever it is.</summary>
    internal RecordedFrame? TakeFirst(Predicate<RecordedFrame> isWanted)
    {
        for (int i = next; i < Frames.Count && Frames[i].Kind != FrameKind.Close; i++)
        {
            if (!Frames[i].IsUsed && isWanted(Frames[i]))
            {
                return Take(Frames[i]);
            }
        }

        return null;
    }

    /// <summary>Takes the guest pages that were looked at between the run just played and the next one.</summary>
    internal List<RecordedFrame> TakeGuestPages()
    {
        List<RecordedFrame> pages = [];
        pagesOfThisExit.Clear();
        for (int i = next; i < Frames.Count && (Frames[i].IsUsed || Frames[i].Kind != FrameKind.Run); i++)
        {
            if (Frames[i].Kind == FrameKind.GuestPage && !Frames[i].IsUsed)
            {
                pages.Add(Take(Frames[i]));
                pagesOfThisExit.Add(Frames[i].Offset);
            }
        }

        return pages;
    }

    /// <summary>Whether a guest page was looked at between the run just played and the next one.</summary>
    internal bool HasGuestPage(ulong gpa) => pagesOfThisExit.Contains(gpa);

    /// <summary>Takes the call that closes the descriptor, and with it those before it that were not made.</summary>
    internal RecordedFrame? TakeClose()
    {
        int close = Frames.FindIndex(next, frame => frame.Kind == FrameKind.Close && !frame.IsUsed);
        if (close < 0)
        {
            return null;
        }

        next = close;
        return Take(Frames[close]);
    }

    internal byte[] GuestPage(ulong gpa)
    {
        if (!guestPages.TryGetValue(gpa, out byte[]? page))
        {
            page = new byte[Constants.MSHV_HV_PAGE_SIZE];
            guestPages.Add(gpa, page);
        }

        return page;
    }

    internal void CopyShadowToPage()
    {
        if (RegisterPage is not null)
        {
            PageShadow.CopyTo(new Span<byte>(RegisterPage, PageShadow.Length));
        }
    }

    private static RecordedFrame Take(RecordedFrame frame)
    {
        frame.IsUsed = true;
        return frame;
    }
}
