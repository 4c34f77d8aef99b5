using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff;

/// <summary>Recognises one kind of change and gives the verdict on it.</summary>
internal interface IRule
{
    RuleInfo Info { get; }
}

/// <summary>A rule about one kind of declaration.</summary>
/// <typeparam name="TPair">Pair that it looks at; a rule for <see cref="DeclarationPair"/> looks at all.</typeparam>
internal interface IRule<in TPair> : IRule
    where TPair : DeclarationPair
{
    /// <summary>Reports the pair if it shows the rule's kind of change. It is called for pairs that differ only.</summary>
    void Compare(TPair pair, Findings findings);
}
