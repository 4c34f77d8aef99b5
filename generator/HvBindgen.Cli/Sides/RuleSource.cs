using HvBindgen.Cli.Running;
using HvBindgen.Generator;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;

namespace HvBindgen.Cli.Sides;

/// <summary>
/// The configuration and the accepted changes of one revision, by which both sides are judged: whoever changes headers does not also choose
/// what is looked at. What differs in the working tree is told.
/// </summary>
internal sealed class RuleSource
{
    private readonly string revision;
    private readonly List<string> changes = [];

    /// <summary>Reads the configuration of a revision.</summary>
    /// <param name="context">Names the configuration's file.</param>
    /// <param name="revision">The revision; null for the working tree itself, in which nothing differs then.</param>
    internal RuleSource(CommandContext context, string? revision)
    {
        this.revision = revision ?? "";
        if (revision is null || context.ConfigurationPath is not { } path)
        {
            return;
        }

        using GitTree tree = new(revision, path);
        byte[] content = tree.Find(path) is { } file
            ? tree.Read(file, BindingConfiguration.MostBytes)
            : throw new DiffException(
                $"--rules {revision}: there is no {CommandContext.Shorten(path)} at that revision: judge by a configuration that it has");
        Configuration = Read(path, content, context);
        if (BindingConfiguration.Find(Directory.GetCurrentDirectory()) is { } found && Path.GetFullPath(found) != Path.GetFullPath(path))
        {
            changes.Add($"{CommandContext.Shorten(found)} would be found before {CommandContext.Shorten(path)}.");
        }

        if (File.Exists(path) && !FileContent.Read(path, BindingConfiguration.MostBytes).AsSpan().SequenceEqual(content))
        {
            Compare(path, Configuration, context);
        }
        else if (!File.Exists(path))
        {
            changes.Add($"{CommandContext.Shorten(path)} is gone.");
        }
    }

    /// <summary>The configuration of the revision; null where the working tree's is used.</summary>
    internal BindingConfiguration? Configuration { get; }

    /// <summary>What differs, in whole sentences.</summary>
    internal IReadOnlyList<string> Changes => changes;

    /// <summary>Reads the accepted changes: those of the revision.</summary>
    /// <param name="path">The file in the working tree.</param>
    internal AcceptedChanges? ReadSuppressions(string path)
    {
        string shown = CommandContext.Shorten(path);
        if (revision.Length == 0)
        {
            return new AcceptedChanges(Suppressions.Read(ReadFile(path), shown), _ => true);
        }

        using GitTree tree = new(revision, path);
        byte[]? now = File.Exists(path) ? ReadFile(path) : null;
        byte[]? then = tree.Find(path) is { } file ? tree.Read(file, SideFiles.MaxListBytes) : null;
        if (then is null)
        {
            changes.Add($"Accepted changes in {shown} are new and not applied.");
            return null;
        }

        Suppressions earlier = Suppressions.Read(then, $"{revision}:{shown}");
        HashSet<Suppression> kept = now is null ? [] : [.. Suppressions.Read(now, shown).Items];
        int removed = earlier.Items.Count(item => !kept.Contains(item));
        int added = kept.Count(item => !earlier.Items.Contains(item));
        if (removed + added > 0)
        {
            changes.Add($"Accepted changes in {shown} differ: {added} added, which are not applied, and {removed} removed.");
        }

        return new AcceptedChanges(earlier, kept.Contains);
    }

    private void Compare(string path, BindingConfiguration then, CommandContext context)
    {
        string shown = CommandContext.Shorten(path);
        int before = changes.Count;
        BindingConfiguration now;
        try
        {
            now = BindingConfiguration.Read(shown, context.BoundsOf(path));
        }
        catch (ConfigurationException fault)
        {
            changes.Add($"{shown} cannot be used: {VisibleText.Of(fault.Message)}.");
            return;
        }

        foreach (BindingSet set in now.Sets)
        {
            if (then.Sets.FirstOrDefault(other => other.Name == set.Name) is not { } old)
            {
                changes.Add($"Set {set.Name} is new and is not compared.");
                continue;
            }

            string[] keys = [.. Differences(old, set)];
            if (keys.Length > 0)
            {
                changes.Add($"Set {set.Name} has other {string.Join(", ", keys)}.");
            }
        }

        changes.AddRange(
            then.Sets.Where(set => now.Sets.All(other => other.Name != set.Name)).Select(
                set => $"Set {set.Name} is gone; it is compared all the same."));
        if (changes.Count == before)
        {
            // Comments, outputs, or an order: nothing that decides what is compared, and yet another text.
            changes.Add($"{shown} has another text, which leaves the sets' headers as they are.");
        }
    }

    private static IEnumerable<string> Differences(BindingSet old, BindingSet now)
    {
        (string Name, bool IsSame)[] keys =
        [
            ("headers", old.Headers.SequenceEqual(now.Headers)),
            ("own headers", old.Own.SequenceEqual(now.Own)),
            ("include paths", old.IncludePaths.SequenceEqual(now.IncludePaths)),
            ("targets", old.Targets.SequenceEqual(now.Targets)),
            ("defines", old.Defines.SequenceEqual(now.Defines) && IsSame(old.TargetDefines, now.TargetDefines)),
            ("flags", old.Flags.SequenceEqual(now.Flags)),
            ("opaque list", old.Opaque.SequenceEqual(now.Opaque)),
            ("allow list", old.Allow.SequenceEqual(now.Allow)),
            ("block list", old.Block.SequenceEqual(now.Block)),
            ("enum continuation", old.EnumContinuation == now.EnumContinuation),
            ("descriptors", old.DefaultDescriptor == now.DefaultDescriptor && IsSame(old.Descriptors, now.Descriptors)),
            ("policies", old.Policies.SequenceEqual(now.Policies)),
            ("end markers", old.EndMarkers.SequenceEqual(now.EndMarkers)),
            ("number requests", old.NumberRequests.SequenceEqual(now.NumberRequests)),
            ("snapshots", old.SnapshotPath == now.SnapshotPath),
        ];
        return keys.Where(key => !key.IsSame).Select(key => key.Name);
    }

    private static bool IsSame(
        IReadOnlyDictionary<string, IReadOnlyList<string>> old, IReadOnlyDictionary<string, IReadOnlyList<string>> now) =>
        old.Count == now.Count
            && old.All(pair => now.TryGetValue(pair.Key, out IReadOnlyList<string>? list) && list.SequenceEqual(pair.Value));

    private static BindingConfiguration Read(string path, byte[] content, CommandContext context) =>
        BindingConfiguration.Read(CommandContext.Shorten(path), content, context.BoundsOf(path));

    private static byte[] ReadFile(string file)
    {
        try
        {
            return FileContent.Read(file, SideFiles.MaxListBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DiffException($"--suppressions {file}: cannot be read: {fault.Message}", fault);
        }
    }
}

/// <summary>Accepted changes that apply, and which of them the working tree still lists.</summary>
/// <param name="Applied">The list that applies.</param>
/// <param name="IsKept">Whether the working tree still has an entry; one that is being removed need not match anything any more.</param>
internal sealed record AcceptedChanges(Suppressions Applied, Func<Suppression, bool> IsKept);
