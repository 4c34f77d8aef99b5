namespace HvBindgen.Mshv.Running;

/// <summary>The wish that a run ends, and as what: a guest may switch itself off while somebody stops it.</summary>
/// <param name="kick">What is asked of the processor's thread.</param>
internal sealed class EndRequest(ThreadKick kick)
{
    // Held for both, the mark and the end: else the next run could be given what this one was asked.
    private readonly Lock gate = new();
    private RunEnd end;

    /// <summary>What the run ends as.</summary>
    internal RunEnd End
    {
        get
        {
            lock (gate)
            {
                return end;
            }
        }
    }

    /// <summary>Asks for an end. Of several the first counts that says more than that somebody asked.</summary>
    internal void Make(RunEnd wanted)
    {
        lock (gate)
        {
            end = end == RunEnd.Requested ? wanted : end;
            kick.Mark(KickRequests.Stop);
        }
    }

    /// <summary>Takes it back: it has been fulfilled, or came when no run was in progress.</summary>
    internal void Forget()
    {
        lock (gate)
        {
            end = RunEnd.Requested;
            kick.Clear(KickRequests.Stop);
        }
    }
}
