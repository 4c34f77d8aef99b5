namespace HvBindgen.Generator.Lint;

/// <summary>A rule about records that are arguments of requests or parts of one, on each target by itself.</summary>
internal abstract class ArgumentRule : ILintRule
{
    public abstract LintRuleInfo Info { get; }

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            foreach (ArgumentRecord argument in target.Arguments)
            {
                Check(argument, findings);
            }
        }
    }

    protected abstract void Check(ArgumentRecord argument, LintFindings findings);
}
