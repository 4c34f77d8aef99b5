using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs records by kind and name, then those that differ in nothing but their name.</summary>
internal static class RecordMatcher
{
    internal static bool IsSameLayout(AbiRecord left, AbiRecord right) =>
        left.Kind == right.Kind && left.SizeBytes == right.SizeBytes && left.AlignBytes == right.AlignBytes && left.Fields == right.Fields;

    internal static List<RecordPair> Match(MatchContext context)
    {
        List<RecordPair> pairs = [];
        List<AbiRecord> gone = [];
        foreach (AbiRecord record in context.Before.Records)
        {
            if (context.After.Index.FindRecord(record.CName) is not { } now)
            {
                if (context.OwnBefore.Contains(record.Location))
                {
                    gone.Add(record);
                }
            }
            else if (!record.Equals(now))
            {
                AddPair(pairs, record.CName, record.Name, record, now, context);
            }
        }

        foreach (AbiRecord record in context.After.Records)
        {
            if (context.Before.Index.FindRecord(record.CName) is not null || !context.OwnAfter.Contains(record.Location))
            {
                continue;
            }

            AbiRecord? old = record.Fields.Count > 0 ? gone.Find(candidate => IsSameLayout(candidate, record)) : null;
            if (old is not null)
            {
                gone.Remove(old);
                context.Types.AddRename(old.CName, record.CName);
            }

            pairs.Add(new RecordPair(record.CName, record.Name, old, record, context));
        }

        foreach (AbiRecord record in gone)
        {
            pairs.Add(new RecordPair(record.CName, record.Name, record, null, context));
        }

        return pairs;
    }

    private static void AddPair(List<RecordPair> pairs, string key, string name, AbiRecord old, AbiRecord now, MatchContext context)
    {
        RecordPair pair = new(key, name, old, now, context);
        pairs.Add(pair);
        foreach (Member member in pair.BeforeShape!.Members)
        {
            if (member.Type.InlineRecord(behindPointers: true) is { } inner
                && pair.AfterShape!.Find(member.Name)?.Type.InlineRecord(behindPointers: true) is { } innerNow
                && inner.Kind == innerNow.Kind && !inner.Equals(innerNow))
            {
                // A record without a name has no place of its own: it stands where its owner stands.
                AddPair(
                    pairs, Dependencies.InlineKey(key, member.Name), $"{name}.{member.Name}",
                    inner with { Location = old.Location }, innerNow with { Location = now.Location }, context);
            }
        }
    }
}
