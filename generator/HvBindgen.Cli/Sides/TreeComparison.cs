using System.Collections.Concurrent;
using HvBindgen.Cli.Running;
using HvBindgen.Generator;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Sides;

/// <summary>Compares two trees of headers without a configuration, each header alone.</summary>
/// <param name="before">The old tree.</param>
/// <param name="after">The new tree.</param>
/// <param name="targets">Machines to compare for.</param>
/// <param name="jobs">Headers parsed at the same time.</param>
internal sealed class TreeComparison(IncludeTree before, IncludeTree after, IReadOnlyList<TargetInfo> targets, int jobs)
{
    private const string Before = "before";
    private const string After = "after";

    private readonly ConcurrentDictionary<(string Header, string Side, string Target), AbiModel> models = [];
    private readonly ConcurrentDictionary<(string Header, string Side, string Target), Failure> faults = [];
    private readonly Dictionary<(string Side, TargetInfo Target), IncludeClosure> closures = [];
    private int sameHeaders;

    // Two headers with different names are two generations of one.
    private bool IsRenamed => before.Only is not null && after.Only is not null && before.Only != after.Only;

    /// <summary>Parses what differs and compares it.</summary>
    /// <param name="context">Knows which libclang to use.</param>
    /// <param name="optionsOf">How to compare a header.</param>
    /// <param name="models">Receives the models that were compared, for what else is to be said of them.</param>
    internal AbiComparison Compare(
        CommandContext context, Func<string, DiffOptions> optionsOf, out (IReadOnlyList<AbiModel> Old, IReadOnlyList<AbiModel> Now) models)
    {
        LibClangLocator.Load(context.LibClang);
        RunProgress.DeadlineIsForEach();
        Dictionary<string, List<Job>> jobs = FindJobs();
        Parse([.. jobs.Values.SelectMany(list => list)], context.ParseDeadline);

        List<AbiModel> old = [];
        List<AbiModel> now = [];
        Dictionary<string, SetPresence> presence = new(StringComparer.Ordinal);
        List<Unjudged> unjudged = [];
        foreach ((string header, List<Job> own) in jobs)
        {
            TargetInfo[] machines = [.. targets.Where(target => own.Exists(job => job.Target == target))];
            TargetInfo[] unread = [.. machines.Where(target => ReasonOf(header, target) is not null)];
            if (unread.Length > 0)
            {
                unjudged.Add(new Unjudged(VisibleText.Of(header), VisibleText.Of(ReasonOf(header, unread[0])!))
                {
                    Cause = (FaultOf(header, Before, unread[0]) ?? FaultOf(header, After, unread[0]))!.Cause,
                    Targets = unread.Length < machines.Length ? EquatableArray.From([.. unread.Select(target => target.Name)]) : [],
                });
            }

            if (unread.Length == machines.Length)
            {
                continue;
            }

            presence[VisibleText.Of(header)] = own.TrueForAll(job => job.Side == After) ? SetPresence.New
                : own.TrueForAll(job => job.Side == Before) ? SetPresence.Gone
                : SetPresence.Both;
            foreach (TargetInfo target in machines.Except(unread))
            {
                old.Add(ModelOf(header, Before, target));
                now.Add(ModelOf(header, After, target));
            }
        }

        models = (old, now);
        AbiComparison comparison = old.Count == 0
            ? new AbiComparison([])
            : RunProgress.During("comparing", () => AbiComparison.Of(old, now, optionsOf));
        return comparison with
        {
            Sets = [.. comparison.Sets.Select(diff => WithOldName(diff) with { Presence = presence[diff.Set] })],
            Unjudged = unjudged,
            SameHeaders = sameHeaders,
        };
    }

    private Dictionary<string, List<Job>> FindJobs()
    {
        Dictionary<string, List<Job>> found = new(StringComparer.Ordinal);
        HashSet<string> same = new(StringComparer.Ordinal);
        foreach (TargetInfo target in targets)
        {
            IReadOnlyList<string> old = before.HeadersFor(target);
            IReadOnlyList<string> now = after.HeadersFor(target);
            IncludeClosure oldText = closures[(Before, target)] = new IncludeClosure(before, target);
            IncludeClosure newText = closures[(After, target)] = new IncludeClosure(after, target);
            foreach (string header in IsRenamed ? now : [.. old.Union(now).Order(StringComparer.Ordinal)])
            {
                bool isOld = IsRenamed || old.Contains(header);
                bool isNew = now.Contains(header);
                if (isOld && isNew && !IsRenamed && IncludeClosure.AreSame(oldText.Of(header), newText.Of(header)))
                {
                    same.Add(header);
                    continue;
                }

                List<Job> list = found.TryGetValue(header, out List<Job>? known) ? known : found[header] = [];
                list.AddRange(isOld ? [new Job(header, Before, target)] : []);
                list.AddRange(isNew ? [new Job(header, After, target)] : []);
            }
        }

        sameHeaders = same.Count(header => !found.ContainsKey(header));
        return found;
    }

    private void Parse(IReadOnlyList<Job> all, TimeSpan deadline) => Parallel.ForEach(
        all, new ParallelOptions { MaxDegreeOfParallelism = RunProgress.IsSerial ? 1 : jobs }, job =>
        {
            IncludeTree tree = job.Side == Before ? before : after;
            string header = job.Side == Before && IsRenamed ? before.Only! : job.Header;
            string what = RunProgress.Parsing(
                $"{header} of the {(job.Side == Before ? "first" : "second")} side", job.Target.Name, [header]);
            try
            {
                if (RunProgress.SetAside(what) is { } reason)
                {
                    throw new IOException(reason);
                }

                ParseRequest bare = tree.RequestFor(header, job.Target, closures[(job.Side, job.Target)]);
                ParseRequest request = bare with { Set = VisibleText.Of(job.Header), Deadline = deadline };
                AbiModel model = RunProgress.During(what, () => HeaderParser.Parse(request).Model);
                models[(job.Header, job.Side, job.Target.Name)] = header == job.Header ? model : model.WithHeader(header, job.Header);
            }
            catch (HeaderParseException fault)
            {
                string more = fault.Faults.Count > 1 ? $" (and {fault.Faults.Count - 1} more)" : "";
                Fail(job, $"does not compile for {job.Target.Name}: {ShortOf(tree, fault.Faults[0])}{more}", fault.Cause);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or TimeoutException)
            {
                Fail(job, fault.Message, VisibleText.Of(fault.Message));
            }
        });

    private void Fail(Job job, string reason, string cause) =>
        faults.TryAdd((job.Header, job.Side, job.Target.Name), new Failure(reason, cause));

    private static string ShortOf(IncludeTree tree, HeaderFault fault)
    {
        string root = tree.Root.TrimEnd('/') + "/";
        return tree.Readable($"{fault}".Replace(root, "", StringComparison.Ordinal));
    }

    // The first target that cannot be read speaks for all that cannot.
    private string? ReasonOf(string header, TargetInfo target) => DiffSide.ReasonOf(
        FaultOf(header, Before, target)?.Reason, FaultOf(header, After, target)?.Reason);

    private Failure? FaultOf(string header, string side, TargetInfo target) => faults.GetValueOrDefault((header, side, target.Name));

    // A side that lacks the header declares nothing.
    private AbiModel ModelOf(string header, string side, TargetInfo target) =>
        models.TryGetValue((header, side, target.Name), out AbiModel? model)
            ? model
            : AbiModel.Of(VisibleText.Of(header), target, []);

    // What is gone stands in the header that has it.
    private AbiDiff WithOldName(AbiDiff diff) => IsRenamed
        ? diff with { Changes = EquatableArray.From([.. diff.Changes.Select(WithOldName)]) }
        : diff;

    private AbiChange WithOldName(AbiChange change) => change with
    {
        Location = change.IsGone && change.Location.Header == after.Only
            ? change.Location with { Header = VisibleText.Of(before.Only!) }
            : change.Location,
        OldLocation = change.OldLocation is { } old && old.Header == after.Only
            ? old with { Header = VisibleText.Of(before.Only!) }
            : change.OldLocation,
        Consequences = EquatableArray.From([.. change.Consequences.Select(WithOldName)]),
    };

    private sealed record Job(string Header, string Side, TargetInfo Target);

    private sealed record Failure(string Reason, string Cause);
}
