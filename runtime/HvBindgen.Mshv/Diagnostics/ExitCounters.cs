using System.Diagnostics;
using System.Diagnostics.Metrics;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Diagnostics;

/// <summary>Counts the exits of one processor by kind, and measures how long their treatment takes, while somebody listens.</summary>
internal sealed class ExitCounters(uint vpIndex)
{
    private const double MicrosecondsPerSecond = 1e6;
    private const string Unknown = "unknown";

    private static readonly Meter Meter = new("HvBindgen.Mshv");
    private static readonly Counter<long> Exits = Meter.CreateCounter<long>("hvbindgen.mshv.exits", "{exit}", "Exits by message type.");
    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram<double>("hvbindgen.mshv.exit.duration", "us", "Time from the end of a run to the next, by message type.");

    /// <summary>Exits so far.</summary>
    internal long Total { get; private set; }

    /// <summary>A message has arrived.</summary>
    /// <returns>When, if anybody wants to know.</returns>
    internal long Begin()
    {
        Total++;
        return Durations.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <summary>The message has been treated.</summary>
    internal void End(hv_message_type type, long started)
    {
        if (Exits.Enabled)
        {
            Exits.Add(1, new KeyValuePair<string, object?>("type", Messages.NameOf(type) ?? Unknown));
        }

        if (started != 0)
        {
            double duration = (Stopwatch.GetTimestamp() - started) * MicrosecondsPerSecond / Stopwatch.Frequency;
            Durations.Record(duration, new KeyValuePair<string, object?>("type", Messages.NameOf(type) ?? Unknown));
        }

        MshvEvents.Log.Intercepted(vpIndex, (uint)type);
    }
}
