using System.Diagnostics.Tracing;

namespace HvBindgen.Mshv.Diagnostics;

/// <summary>Events of the run loop, for <c>dotnet-trace</c> and its like. Costs one test per run while nobody listens.</summary>
[EventSource(Name = "HvBindgen-Mshv")]
internal sealed class MshvEvents : EventSource
{
    internal static readonly MshvEvents Log = new();

    private MshvEvents()
    {
    }

    [NonEvent]
    internal void RunStarted(uint vpIndex)
    {
        if (IsEnabled())
        {
            RunStart((int)vpIndex);
        }
    }

    [NonEvent]
    internal void RunEnded<TEnd>(uint vpIndex, TEnd end)
        where TEnd : struct, Enum
    {
        if (IsEnabled())
        {
            RunStop((int)vpIndex, end.ToString());
        }
    }

    [NonEvent]
    internal void Intercepted(uint vpIndex, uint messageType)
    {
        // Called at every exit: the first test is one load while nobody listens.
        if (IsEnabled() && IsEnabled(EventLevel.Verbose, EventKeywords.All))
        {
            Intercept((int)vpIndex, (int)messageType);
        }
    }

    [NonEvent]
    internal void NotClaimed(UnclaimedKind kind, ulong place)
    {
        if (IsEnabled())
        {
            Unclaimed(kind.ToString(), (long)place);
        }
    }

    [NonEvent]
    internal void MachineEnded<TEnd>(TEnd end)
        where TEnd : struct, Enum
    {
        if (IsEnabled())
        {
            MachineStop(end.ToString());
        }
    }

    [Event(1, Level = EventLevel.Informational, Message = "Processor {0} runs")]
    private void RunStart(int vpIndex) => WriteEvent(1, vpIndex);

    [Event(2, Level = EventLevel.Informational, Message = "Processor {0} stopped: {1}")]
    private void RunStop(int vpIndex, string end) => WriteEvent(2, vpIndex, end);

    [Event(3, Level = EventLevel.Verbose, Message = "Processor {0} was intercepted: message {1}")]
    private void Intercept(int vpIndex, int messageType) => WriteEvent(3, vpIndex, messageType);

    [Event(4, Level = EventLevel.Informational, Message = "The machine ended: {0}")]
    private void MachineStop(string end) => WriteEvent(4, end);

    [Event(5, Level = EventLevel.Warning, Message = "A guest reached for {0} {1}, which nobody has")]
    private void Unclaimed(string kind, long place) => WriteEvent(5, kind, place);
}
