namespace HvBindgen.Mshv.Running;

/// <summary>The token by which a handler that waits hears that something is asked of its processor's thread.</summary>
/// <remarks>
/// Whoever asks makes the request first and cancels then; whoever takes the token shows it first and looks for requests then. So one of
/// them sees the other. A source is made when a handler asks for a token, and used until it has been cancelled.
/// </remarks>
internal sealed class Interruption(ThreadKick kick)
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    private CancellationTokenSource? source;

    /// <summary>Cancelled as soon as anything is asked of the thread. For the thread itself.</summary>
    internal CancellationToken Token
    {
        get
        {
            CancellationTokenSource shown = source ?? Show();
            return kick.Requests == KickRequests.None ? shown.Token : Cancelled;
        }
    }

    /// <summary>Cancels the token that a handler may be waiting with.</summary>
    // Those who registered with the token are called elsewhere: they are a handler's code, and no business of who asks.
    internal void Cancel() => _ = Volatile.Read(ref source)?.CancelAsync();

    /// <summary>Requests have been obeyed: the next token is a new one.</summary>
    internal void Renew()
    {
        if (source is { IsCancellationRequested: true })
        {
            // Not disposed: whoever made a request may be cancelling it at this moment.
            source = null;
        }
    }

    private CancellationTokenSource Show()
    {
        CancellationTokenSource made = new();
        Interlocked.Exchange(ref source, made);
        return made;
    }
}
