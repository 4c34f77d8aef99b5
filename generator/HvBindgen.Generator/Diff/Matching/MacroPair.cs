using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of a macro without a value.</summary>
internal sealed class MacroPair(AbiMacro? before, AbiMacro? after, MatchContext context)
    : DeclarationPair<AbiMacro>((after ?? before)!.Name, (after ?? before)!.Name, before, after, context)
{
    private IReadOnlyList<CauseKey>? dependencies;

    /// <summary>What the macro is made of and that changed.</summary>
    internal override IReadOnlyList<CauseKey> Dependencies => dependencies ??= Context.Derivations.ChangedSources(Name);

    /// <summary>
    /// Numbers of entries of a list that got further ones behind those that it had; null where it is no list, or changed otherwise.
    /// </summary>
    internal (int Before, int After)? Growth =>
        HasBoth(out AbiMacro old, out AbiMacro now) && old.Parameters == now.Parameters
        && now.Prefixes.AsSpan().IndexOf(old.Digest) is var entries and >= 0
            ? (entries + 1, now.Prefixes.Count + 1)
            : null;

    /// <summary>Whether both sides are function-like requests that take as many arguments, so that their numbers can be compared.</summary>
    internal bool AreRequests =>
        Before is { Samples.Count: > 0 } old && After is { Samples.Count: > 0 } now
        && RequestSamples.ParametersOf(old.Parameters) == RequestSamples.ParametersOf(now.Parameters);

    /// <summary>Arguments for which both sides give different numbers, with those; null where there are none.</summary>
    internal (int[] Arguments, uint Before, uint After)? OtherNumber =>
        AreRequests ? RequestSamples.Difference(Before!, After!, Context.After.Target) : null;

    /// <summary>How the arguments relate that two requests of the same numbers take; other numbers tell of another argument too.</summary>
    internal TypeRelation Argument => GivesSameNumbers && Before!.Argument is { } old && After!.Argument is { } now
        ? Context.Types.Compare(old, now)
        : TypeRelation.Same;

    /// <summary>Whether both sides give the same numbers for the same arguments.</summary>
    internal bool GivesSameNumbers => AreRequests && OtherNumber is null;
}
