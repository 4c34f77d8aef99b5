using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Configuration;

/// <summary>Keeps of a model what a set's allow list names, and what that refers to.</summary>
public static class AllowList
{
    /// <summary>Applies a set's allow list.</summary>
    /// <param name="set">The set.</param>
    /// <param name="parsed">What its headers declare.</param>
    /// <returns>The same when the list is empty; otherwise the part that it names, and the rest as left out.</returns>
    public static ParsedHeaders Apply(BindingSet set, ParsedHeaders parsed)
    {
        if (set.Allow.Count == 0)
        {
            return parsed;
        }

        AbiModel model = parsed.Model;
        References kept = new(model);
        EquatableArray<AbiConstant> constants = Named(model.Constants, set.Allow);
        EquatableArray<AbiIoctl> ioctls = Named(model.Ioctls, set.Allow);
        foreach (AbiType type in ioctls.SelectMany(ioctl => ArgumentsOf(set, ioctl))
            .Concat(constants.Select(constant => constant.Type)))
        {
            kept.Add(type);
        }

        foreach (AbiRecord record in Named(model.Records, set.Allow))
        {
            kept.Add(record);
        }

        foreach (AbiTypedef typedef in Named(model.Typedefs, set.Allow))
        {
            kept.Add(new AbiTypedefRef(typedef.Name));
        }

        // An anonymous enum goes by its enumerators.
        IEnumerable<AbiEnum> enums = model.Enums.Where(@enum => kept.Names.Contains(@enum.CName) || Glob.MatchesAny(set.Allow, @enum.Name)
            || (@enum.Name.Length == 0 && @enum.Enumerators.Any(enumerator => Glob.MatchesAny(set.Allow, enumerator.Name))));
        AbiModel rest = model with
        {
            Constants = constants,
            Ioctls = ioctls,
            Records = EquatableArray.From(model.Records.Where(record => kept.Names.Contains(record.CName))),
            Enums = EquatableArray.From(enums),
            Typedefs = EquatableArray.From(model.Typedefs.Where(typedef => kept.Names.Contains(typedef.Name))),
            Macros = Named(model.Macros, set.Allow),
        };

        List<OmittedDeclaration> omitted = [.. parsed.Omitted.Where(declaration => Glob.MatchesAny(set.Allow, declaration.Name))];
        Leave(omitted, model.Constants, rest.Constants, "constant");
        Leave(omitted, model.Ioctls, rest.Ioctls, "ioctl");
        Leave(omitted, model.Records, rest.Records, "record");
        Leave(omitted, model.Enums, rest.Enums, "enum");
        Leave(omitted, model.Typedefs, rest.Typedefs, "typedef");
        return parsed with { Model = rest, Omitted = omitted };
    }

    private static IEnumerable<AbiType> ArgumentsOf(BindingSet set, AbiIoctl ioctl) =>
        ((IEnumerable<AbiType?>)[ioctl.Argument, set.IoctlUses.Of(ioctl)?.Argument]).OfType<AbiType>()
            .Concat(set.AlternateArguments.GetValueOrDefault(ioctl.Name) ?? []);

    private static EquatableArray<T> Named<T>(EquatableArray<T> declarations, IReadOnlyList<string> allow)
        where T : IAbiDeclaration =>
        EquatableArray.From(declarations.Where(declaration => Glob.MatchesAny(allow, declaration.Name)));

    private static void Leave<T>(List<OmittedDeclaration> omitted, EquatableArray<T> before, EquatableArray<T> after, string kind)
        where T : IAbiDeclaration
    {
        HashSet<T> kept = [.. after];
        omitted.AddRange(before.Where(declaration => !kept.Contains(declaration))
            .Select(
                declaration => new OmittedDeclaration(declaration.Name, kind, declaration.Location, "the allow list does not name it")));
    }

    // C spellings of everything reached from what was added.
    private sealed class References(AbiModel model)
    {
        internal HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        internal void Add(AbiRecord record)
        {
            if (record.Name.Length > 0 && !Names.Add(record.CName))
            {
                return;
            }

            foreach (AbiField field in record.Fields)
            {
                Add(field.Type);
            }
        }

        internal void Add(AbiType type)
        {
            switch (type)
            {
                case AbiTypedefRef reference when model.Index.FindTypedef(reference.Name) is { } typedef:
                    if (Names.Add(typedef.Name))
                    {
                        Add(typedef.Type);
                    }

                    break;
                default:
                    if (model.Index.RecordOf(type) is { } record)
                    {
                        Add(record);
                    }
                    else if (model.Index.EnumOf(type) is { } @enum)
                    {
                        Names.Add(@enum.CName);
                    }
                    else
                    {
                        foreach (AbiType part in type.Parts)
                        {
                            Add(part);
                        }
                    }

                    break;
            }
        }
    }
}
