using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs ioctl requests: by name, then by what the kernel goes by, the kind of descriptor with type and number.</summary>
internal static class IoctlMatcher
{
    internal static List<IoctlPair> Match(MatchContext context)
    {
        List<IoctlPair> pairs = [];
        Dictionary<string, AbiIoctl> named = new(StringComparer.Ordinal);
        foreach (AbiIoctl ioctl in context.Before.Ioctls)
        {
            named[ioctl.Name] = ioctl;
        }

        List<AbiIoctl> added = [];
        foreach (AbiIoctl now in context.After.Ioctls)
        {
            if (!named.Remove(now.Name, out AbiIoctl? old))
            {
                added.Add(now);
            }
            else if (!old.Equals(now))
            {
                pairs.Add(new IoctlPair(old, now, context));
            }
        }

        foreach (AbiIoctl now in added)
        {
            AbiIoctl? old = FindRenamed(named.Values, now, context.Types);
            if (old is not null)
            {
                named.Remove(old.Name);
            }

            pairs.Add(new IoctlPair(old, now, context));
        }

        foreach (AbiIoctl old in named.Values)
        {
            pairs.Add(new IoctlPair(old, null, context));
        }

        return pairs;
    }

    internal static bool ShareDescriptor(AbiIoctl left, AbiIoctl right)
    {
        foreach (string descriptor in left.Descriptors)
        {
            if (right.Descriptors.AsSpan().Contains(descriptor))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether both take the same argument, whatever it is called, or none.</summary>
    internal static bool TakeTheSame(AbiIoctl left, AbiIoctl right, TypeComparer types) =>
        left.Argument is { } one && right.Argument is { } other
            ? types.Compare(one, other) <= TypeRelation.Alias
            : left.Argument is null && right.Argument is null;

    // The same request under another name; with another argument it is another request that took the number over.
    private static AbiIoctl? FindRenamed(IEnumerable<AbiIoctl> candidates, AbiIoctl now, TypeComparer types)
    {
        foreach (AbiIoctl old in candidates)
        {
            if (old.Type == now.Type && old.Number == now.Number && old.Direction == now.Direction && TakeTheSame(old, now, types)
                && ShareDescriptor(old, now))
            {
                return old;
            }
        }

        return null;
    }
}
