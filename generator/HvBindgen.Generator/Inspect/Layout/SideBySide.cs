namespace HvBindgen.Generator.Inspect.Layout;

/// <summary>A member as each target has it.</summary>
/// <param name="Sides">The member on each target; null where a target has none.</param>
/// <param name="Children">What is inside it.</param>
internal sealed record MemberRow(MemberNode?[] Sides, IReadOnlyList<MemberRow> Children)
{
    /// <summary>The member on the first target that has it.</summary>
    internal MemberNode Any => Sides.First(side => side is not null)!;

    /// <summary>Whether all targets have it in the same place with the same type.</summary>
    internal bool IsSame => Array.TrueForAll(
        Sides, side => side is not null && side.Place == Any.Place && side.WidthBits == Any.WidthBits && Equals(side.Type, Any.Type));

    /// <summary>Whether the same is true of all that is inside it.</summary>
    internal bool IsSameInside => IsSame && Children.All(child => child.IsSameInside);
}

/// <summary>Brings the members of one record on several targets into one order.</summary>
internal static class SideBySide
{
    /// <summary>One row for each member that any target has.</summary>
    /// <param name="sides">The members on each target.</param>
    internal static IReadOnlyList<MemberRow> Merge(IReadOnlyList<IReadOnlyList<MemberNode>> sides)
    {
        List<string> order = [];
        foreach (IReadOnlyList<MemberNode> side in sides)
        {
            int after = 0;
            foreach (MemberNode node in side)
            {
                int known = order.IndexOf(node.Path);
                if (known < 0)
                {
                    order.Insert(after, node.Path);
                    known = after;
                }

                after = known + 1;
            }
        }

        return [.. order.Select(path => Row(path, sides))];
    }

    /// <summary>The rows on the way to a member, it, and what is inside it.</summary>
    /// <param name="rows">Rows of a record.</param>
    /// <param name="names">Names from the record down, without those of anonymous records, which have none.</param>
    internal static IReadOnlyList<MemberRow> Only(IReadOnlyList<MemberRow> rows, ReadOnlySpan<string> names)
    {
        List<MemberRow> found = [];
        foreach (MemberRow row in rows)
        {
            MemberNode node = row.Any;
            bool isStep = node.Name.Length > 0 && node.Name == names[0];
            if (isStep && names.Length == 1)
            {
                found.Add(row);
            }
            else if ((isStep || node.IsAnonymous)
                && Only(row.Children, isStep ? names[1..] : names) is { Count: > 0 } inside)
            {
                found.Add(row with { Children = inside });
            }
        }

        return found;
    }

    private static MemberRow Row(string path, IReadOnlyList<IReadOnlyList<MemberNode>> sides)
    {
        MemberNode?[] nodes = [.. sides.Select(side => side.FirstOrDefault(node => node.Path == path))];
        return new MemberRow(nodes, Merge([.. nodes.Select(node => node?.Children ?? [])]));
    }
}
