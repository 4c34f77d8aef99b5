using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>C# names of constants, requests and calls, which are members of classes: the same name in each.</summary>
internal sealed class ConstantNames
{
    private readonly Dictionary<string, string> special = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> notes = new(StringComparer.Ordinal);

    internal ConstantNames(MergedModel merged, ReservedNames reserved, NameTable table)
    {
        List<(string Name, SourceLocation Location)> unusual = [];
        List<(string Name, SourceLocation Location)> all = All(merged);
        Refusals.Each(all, each => NamePolicy.RequireLength(each.Name, each.Location));
        foreach ((string name, SourceLocation location) in all)
        {
            if (reserved.Constants.ContainsKey(name) || MayBeAccessor(name)
                || table.RenameOf(name) is not null || table.Wanted(name) != name)
            {
                unusual.Add((name, location));
            }
        }

        // Most sets have none, and nothing more is to be done.
        if (unusual.Count > 0)
        {
            Resolve(merged, reserved, table, unusual);
        }
    }

    /// <summary>Names that are others in C#.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Others => special;

    internal string Of(string name) => special.TryGetValue(name, out string? other) ? other : NamePolicy.Member(name);

    internal string NoteOf(string name) => notes.GetValueOrDefault(name, "");

    private void Resolve(
        MergedModel merged, ReservedNames reserved, NameTable table, List<(string Name, SourceLocation Location)> unusual)
    {
        NameClaims claims = new();
        foreach ((string name, string reason) in reserved.Constants)
        {
            claims.Reserve(name, reason);
        }

        foreach (AbiConstant constant in merged.Models.SelectMany(model => model.Constants))
        {
            // Texts and integers of 128 bits are properties, and so are calls: C# keeps the names of their accessors.
            claims.Reserve($"get_{constant.Name}", $"C# keeps that name for an accessor of {constant.Name}");
            claims.Reserve($"set_{constant.Name}", $"C# keeps that name for an accessor of {constant.Name}");
        }

        Refusals.Each(unusual, each =>
        {
            if (!special.ContainsKey(each.Name) && table.RenameOf(each.Name) is { } given)
            {
                special[each.Name] = NamePolicy.Member(NameTable.Give(claims, given, each.Name));
            }
        });

        HashSet<string> others = [.. unusual.Select(each => each.Name)];
        foreach ((string name, _) in All(merged))
        {
            if (!others.Contains(name))
            {
                claims.Reserve(name, $"there is a constant {name}");
            }
        }

        Refusals.Each(unusual.DistinctBy(each => each.Name).Where(each => !special.ContainsKey(each.Name)), each =>
            Name(each.Name, each.Location, claims, reserved, table));
    }

    private void Name(string name, SourceLocation location, NameClaims claims, ReservedNames reserved, NameTable table)
    {
        string wanted = table.Wanted(name);
        string? taken = claims.WhyNot(wanted);
        bool isStripped = wanted != name && wanted != NamePolicy.Identifier(name);
        if (taken is not null && isStripped && !reserved.Constants.ContainsKey(wanted))
        {
            throw table.Conflict(name, location, wanted, taken);
        }

        string free = claims.Claim(wanted, $"{name} is called so");
        special[name] = NamePolicy.Member(free);
        if (free != wanted || (wanted != name && !isStripped))
        {
            notes[name] = table.Changed(name, free, location, taken ?? ReservedNames.NoIdentifier);
        }
    }

    private static bool MayBeAccessor(string name) =>
        name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal);

    private static List<(string Name, SourceLocation Location)> All(MergedModel merged)
    {
        List<(string Name, SourceLocation Location)> all = [];
        foreach (AbiModel model in merged.Models)
        {
            foreach (AbiConstant constant in model.Constants)
            {
                all.Add((constant.Name, constant.Location));
            }

            foreach (AbiIoctl ioctl in model.Ioctls)
            {
                all.Add((ioctl.Name, ioctl.Location));
            }

            foreach (FunctionRequest request in model.Index.FunctionRequests)
            {
                all.Add((request.Macro.Name, request.Macro.Location));
            }

            foreach (AbiEnum @enum in model.Enums)
            {
                foreach (AbiEnumerator enumerator in @enum.Name.Length == 0 ? @enum.Enumerators : [])
                {
                    all.Add((enumerator.Name, @enum.Location));
                }
            }
        }

        return all;
    }
}
