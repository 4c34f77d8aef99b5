using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Who uses a record by value: the records that embed it and the requests that take it, directly or through others.</summary>
internal sealed class BlastRadius
{
    private readonly Dictionary<string, List<(string Owner, string Text)>> embedders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AbiIoctl>> requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> pointedTo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> outputOnly = new(StringComparer.Ordinal);

    /// <summary>Collects the uses on both sides: a request that is new counts as much as one that is gone.</summary>
    internal static BlastRadius Of(AbiModel before, AbiModel after)
    {
        BlastRadius radius = new();
        radius.Collect(after);
        radius.Collect(before);
        return radius;
    }

    /// <summary>
    /// The uses of a declaration in words, each once: the requests, then the nearest records, then those around them; of very many only
    /// the first.
    /// </summary>
    internal IReadOnlyList<string> Describe(string key)
    {
        UseList words = new();
        HashSet<string> users = Users(key);
        foreach (string user in users)
        {
            foreach (AbiIoctl request in requests.GetValueOrDefault(user, []))
            {
                words.Add("argument of", request.Name);
            }
        }

        foreach (string user in users)
        {
            foreach ((_, string text) in embedders.GetValueOrDefault(user, []))
            {
                words.Add("embedded in", text);
            }
        }

        return words.Words;
    }

    /// <summary>Whether programs only ever read the record: some request returns it and none hands it to the kernel.</summary>
    internal bool IsOutputOnly(string key) =>
        outputOnly.TryGetValue(key, out bool known) ? known : outputOnly[key] = FindOutputOnly(key);

    private bool FindOutputOnly(string key)
    {
        IoctlDirection directions = IoctlDirection.None;
        bool isTaken = false;
        foreach (string user in Users(key))
        {
            // Whoever follows a pointer to it may read it too.
            if (pointedTo.Contains(user))
            {
                return false;
            }

            foreach (AbiIoctl request in requests.GetValueOrDefault(user, []))
            {
                directions |= request.Direction;
                isTaken = true;
            }
        }

        return isTaken && directions == IoctlDirection.Read;
    }

    private void Collect(AbiModel model)
    {
        List<string> keys = [];
        foreach (AbiRecord record in model.Records)
        {
            foreach (AbiField field in record.HoistedFields())
            {
                keys.Clear();
                Dependencies.AddTo(keys, model, field.Type, record.CName, field.Name);
                AddPointedTo(model, field.Type);
                foreach (string used in keys)
                {
                    (embedders.TryGetValue(used, out List<(string, string)>? list) ? list : embedders[used] = [])
                        .Add((record.CName, $"{record.Name}.{field.Name}"));
                }
            }
        }

        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            keys.Clear();
            if (ioctl.Argument is { } argument)
            {
                Dependencies.AddTo(keys, model, argument, ioctl.Name, "");
            }

            foreach (string key in keys)
            {
                (requests.TryGetValue(key, out List<AbiIoctl>? list) ? list : requests[key] = []).Add(ioctl);
            }
        }
    }

    private void AddPointedTo(AbiModel model, AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        while (resolved is AbiArray array)
        {
            resolved = model.Index.Resolve(array.Element);
        }

        if (resolved is AbiPointer pointer)
        {
            List<string> keys = [];
            Dependencies.AddTo(keys, model, pointer.Target, "", "");
            pointedTo.UnionWith(keys);
        }
    }

    private HashSet<string> Users(string key)
    {
        HashSet<string> users = new(StringComparer.Ordinal) { key };
        Queue<string> waiting = new([key]);
        while (waiting.TryDequeue(out string? next))
        {
            foreach ((string owner, _) in embedders.GetValueOrDefault(next, []))
            {
                if (users.Add(owner))
                {
                    waiting.Enqueue(owner);
                }
            }
        }

        return users;
    }

    // Each once, and so few that somebody reads them: a chain of thousands of records would name each of them at each.
    private sealed class UseList
    {
        private const int Most = 100;

        private readonly HashSet<string> seen = new(StringComparer.Ordinal);
        private readonly List<string> shown = [];

        internal IReadOnlyList<string> Words => seen.Count > Most ? [.. shown, $"and {seen.Count - Most} more uses"] : shown;

        // A request's name holds no dot, and a member's place does: one set serves both.
        internal void Add(string how, string what)
        {
            if (seen.Add(what) && shown.Count < Most)
            {
                shown.Add($"{how} {what}");
            }
        }
    }
}
