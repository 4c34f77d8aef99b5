using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of a constant.</summary>
internal sealed class ConstantPair(AbiConstant? before, AbiConstant? after, MatchContext context)
    : DeclarationPair<AbiConstant>((after ?? before)!.Name, (after ?? before)!.Name, before, after, context)
{
    private IReadOnlyList<CauseKey>? dependencies;

    /// <summary>What the value is made of and that changed.</summary>
    internal override IReadOnlyList<CauseKey> Dependencies => dependencies ??= Context.Derivations.CausesOf(Name);

    /// <summary>How the value changed.</summary>
    internal ValueChange Change => Context.Values.Of(this);
}
