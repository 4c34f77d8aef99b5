namespace HvBindgen.Generator.Lint;

/// <summary>Recognises one kind of declaration that will be regretted.</summary>
internal interface ILintRule
{
    LintRuleInfo Info { get; }

    /// <summary>Reports what goes against the rule.</summary>
    void Check(LintedSet set, LintFindings findings);
}
