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

    // The same request under another name; with another argument it is another request that took the number over.
    private static AbiIoctl? FindRenamed(IEnumerable<AbiIoctl> candidates, AbiIoctl now, TypeComparer types)
    {
        foreach (AbiIoctl old in candidates)
        {
            bool sameArgument = old.Argument is { } one && now.Argument is { } other
                ? types.Compare(one, other) <= TypeRelation.Alias
                : old.Argument is null && now.Argument is null;
            if (old.Type == now.Type && old.Number == now.Number && old.Direction == now.Direction && sameArgument
                && ShareDescriptor(old, now))
            {
                return old;
            }
        }

        return null;
    }
}
