using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs the declarations of two models; those that are equal are left out.</summary>
internal sealed class DeclarationMatcher
{
    private DeclarationMatcher(MatchContext context)
    {
        // Records and enums first: they find the renames that all later comparisons of types look through.
        Context = context;
        Records = RecordMatcher.Match(context);
        Enums = EnumMatcher.Match(context);
        Ioctls = IoctlMatcher.Match(context);
        Typedefs = MatchByName(context.Before.Typedefs, context.After.Typedefs, (key, old, now) =>
            new DeclarationPair<AbiTypedef>(Dependencies.TypedefKey(key), key, old, now, context));
        Macros = MatchByName(context.Before.Macros, context.After.Macros, (_, old, now) =>
            new MacroPair(old, now, context));
        Constants = ConstantMatcher.PairRenamed(
            MatchByName(context.Before.Constants, context.After.Constants, (_, old, now) => new ConstantPair(old, now, context)), context);
    }

    internal MatchContext Context { get; }

    internal IReadOnlyList<RecordPair> Records { get; }

    internal IReadOnlyList<EnumPair> Enums { get; }

    internal IReadOnlyList<IoctlPair> Ioctls { get; }

    internal IReadOnlyList<DeclarationPair<AbiTypedef>> Typedefs { get; }

    internal IReadOnlyList<MacroPair> Macros { get; }

    internal IReadOnlyList<ConstantPair> Constants { get; }

    internal static DeclarationMatcher Match(AbiModel before, AbiModel after, DiffOptions options) =>
        new(new MatchContext(before, after, options));

    private List<TPair> MatchByName<T, TPair>(EquatableArray<T> before, EquatableArray<T> after, Func<string, T?, T?, TPair> pair)
        where T : class, IAbiDeclaration
    {
        List<TPair> pairs = [];
        Dictionary<string, T> named = new(before.Count, StringComparer.Ordinal);
        foreach (T old in before)
        {
            named[old.Name] = old;
        }

        foreach (T now in after)
        {
            if (!named.Remove(now.Name, out T? old))
            {
                if (Context.OwnAfter.Contains(now.Location))
                {
                    pairs.Add(pair(now.Name, null, now));
                }
            }
            else if (!old.Equals(now))
            {
                pairs.Add(pair(now.Name, old, now));
            }
        }

        foreach (T old in named.Values)
        {
            if (Context.OwnBefore.Contains(old.Location))
            {
                pairs.Add(pair(old.Name, old, null));
            }
        }

        return pairs;
    }
}
