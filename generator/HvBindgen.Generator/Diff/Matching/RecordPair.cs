using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of a struct or union, member by member.</summary>
internal sealed class RecordPair : DeclarationPair<AbiRecord>
{
    private readonly SourceLocation location;
    private List<FieldChange>? fields;
    private IReadOnlyList<CauseKey>? dependencies;

    internal RecordPair(string key, string name, AbiRecord? before, AbiRecord? after, MatchContext context)
        : base(key, name, before, after, context)
    {
        location = Location;
        BeforeShape = before is null ? null : new RecordShape(before, context.Reserved);
        AfterShape = after is null ? null : new RecordShape(after, context.Reserved);
    }

    /// <summary>Whether the record is defined in place, as the type of a member of another one.</summary>
    internal bool IsNested => location.Header.Length == 0;

    internal RecordShape? BeforeShape { get; }

    internal RecordShape? AfterShape { get; }

    /// <summary>Fates of the members that differ; empty where one side lacks the record.</summary>
    internal IReadOnlyList<FieldChange> Fields => fields ??= BeforeShape is null || AfterShape is null
        ? []
        : FieldMatcher.Match(BeforeShape, AfterShape, Context.Types, Context.After.Target.IsLittleEndian);

    internal override IReadOnlyList<CauseKey> Dependencies => dependencies ??=
        AfterShape is null ? [] : [.. Matching.Dependencies.OfRecord(Context.After, Key, AfterShape), .. BoundSources(AfterShape)];

    /// <summary>
    /// What the bound of a member that is an array is made of and that changed. A name that was not there before did not: the bound names
    /// another one.
    /// </summary>
    internal List<CauseKey> BoundSources(Member member) =>
        Context.Derivations.ChangedSources($"{Key}.{member.Name}").FindAll(source => !Context.Derivations.IsNew(source));

    private IEnumerable<CauseKey> BoundSources(RecordShape shape)
    {
        foreach (Member member in shape.Members)
        {
            if (member.Type is AbiArray)
            {
                foreach (CauseKey source in BoundSources(member))
                {
                    yield return source;
                }
            }
        }
    }

    internal bool Has(FieldFate fate)
    {
        foreach (FieldChange change in Fields)
        {
            if (change.Fate == fate)
            {
                return true;
            }
        }

        return false;
    }
}
