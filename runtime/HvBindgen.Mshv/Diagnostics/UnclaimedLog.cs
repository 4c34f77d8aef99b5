using System.Diagnostics.Metrics;

namespace HvBindgen.Mshv.Diagnostics;

/// <summary>The places that one processor's guest reached for in vain. A guest may make up as many as it likes: the first are kept, all are
/// counted.</summary>
internal sealed class UnclaimedLog
{
    internal const int Capacity = 64;

    private static readonly Meter Meter = new("HvBindgen.Mshv");
    private static readonly Counter<long> Accesses =
        Meter.CreateCounter<long>("hvbindgen.mshv.unclaimed", "{access}", "Accesses that nobody took, by kind.");

    private readonly Lock changing = new();
    private readonly UnclaimedEntry[] entries = new UnclaimedEntry[Capacity];
    private int count;
    private long total;

    /// <summary>Accesses so far.</summary>
    internal long Total => Interlocked.Read(ref total);

    /// <summary>The places, in the order in which they were reached for first.</summary>
    internal IReadOnlyList<UnclaimedEntry> Entries
    {
        get
        {
            lock (changing)
            {
                return entries.AsSpan(0, count).ToArray();
            }
        }
    }

    /// <summary>Takes note of an access.</summary>
    internal void Note(UnclaimedKind kind, ulong place, bool isWrite)
    {
        Interlocked.Increment(ref total);
        if (Accesses.Enabled)
        {
            Accesses.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));
        }

        lock (changing)
        {
            for (int i = 0; i < count; i++)
            {
                ref UnclaimedEntry entry = ref entries[i];
                if (entry.Place == place && entry.Kind == kind && entry.IsWrite == isWrite)
                {
                    entry = entry with { Count = entry.Count + 1 };
                    return;
                }
            }

            if (count == Capacity)
            {
                return;
            }

            entries[count++] = new UnclaimedEntry(kind, place, isWrite, 1);
        }

        // Once for each place.
        MshvEvents.Log.NotClaimed(kind, place);
    }
}
