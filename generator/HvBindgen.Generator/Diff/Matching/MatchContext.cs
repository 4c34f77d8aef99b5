using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>What all pairs of one target's comparison share.</summary>
internal sealed class MatchContext
{
    private readonly DiffOptions options;
    private readonly Dictionary<string, DiffPolicy> policies = new(StringComparer.Ordinal);
    private Derivations? derivations;
    private ValueChanges? values;
    private InclusionGraph? inclusions;
    private BlastRadius? radius;

    internal MatchContext(AbiModel before, AbiModel after, DiffOptions options)
    {
        this.options = options;
        Before = before;
        After = after;
        Types = new TypeComparer(before, after);
        Reserved = new ReservedNames(options.ReservedWords);
        OwnBefore = new OwnHeaders(before);
        OwnAfter = new OwnHeaders(after);
    }

    internal AbiModel Before { get; }

    internal AbiModel After { get; }

    internal TypeComparer Types { get; }

    // Much of what changes asks for none of these three.
    internal Derivations Derivations => derivations ??= new Derivations(Before, After);

    internal ValueChanges Values => values ??= new ValueChanges(Before, After, Derivations, options.EndMarkers);

    /// <summary>Which header includes which, after.</summary>
    internal InclusionGraph Inclusions => inclusions ??= new InclusionGraph(After);

    internal ReservedNames Reserved { get; }

    internal OwnHeaders OwnBefore { get; }

    internal OwnHeaders OwnAfter { get; }

    /// <summary>Who uses a record; built when the first record is found to differ.</summary>
    internal BlastRadius Radius => radius ??= BlastRadius.Of(Before, After);

    internal DiffPolicy PolicyOf(string header)
    {
        if (!policies.TryGetValue(header, out DiffPolicy policy))
        {
            foreach (PolicyRule rule in options.Policies)
            {
                if (rule.Covers(header))
                {
                    policy = rule.Policy;
                    break;
                }
            }

            policies.Add(header, policy);
        }

        return policy;
    }
}
