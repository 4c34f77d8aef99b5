using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>One change made to a model on purpose, and who must report it.</summary>
/// <param name="After">The changed model.</param>
/// <param name="Symbol">Symbol of the one cause that must be reported.</param>
/// <param name="Rules">Rules one of which must report it.</param>
internal sealed record Mutation(AbiModel After, string Symbol, params string[] Rules)
{
    // A copy made by "with" shares the original's index of names; a fresh model builds its own.
    internal AbiModel After { get; } = new(
        After.Set, After.Target, After.Records, After.Enums, After.Constants, After.Ioctls, After.Typedefs, After.Macros)
    {
        Derivations = After.Derivations,
        Inclusions = After.Inclusions,
    };

    /// <summary>What to compare with, where the change needs more than the model that was given.</summary>
    internal AbiModel? Before { get; init; }
}

/// <summary>Picks places for mutations and replaces parts of models.</summary>
internal static class Pick
{
    internal static T? One<T>(Random random, EquatableArray<T> items, Func<T, bool> isWanted)
        where T : class
    {
        T[] wanted = [.. ((IEnumerable<T>)items).Where(isWanted)];
        return wanted.Length == 0 ? null : wanted[random.Next(wanted.Length)];
    }

    internal static EquatableArray<T> Replace<T>(EquatableArray<T> items, T old, T now)
        where T : class => EquatableArray.From(((IEnumerable<T>)items).Select(item => ReferenceEquals(item, old) ? now : item));

    internal static EquatableArray<T> Without<T>(EquatableArray<T> items, T old)
        where T : class => EquatableArray.From(((IEnumerable<T>)items).Where(item => !ReferenceEquals(item, old)));

    internal static EquatableArray<T> With<T>(EquatableArray<T> items, T added) => EquatableArray.From([.. items, added]);
}
