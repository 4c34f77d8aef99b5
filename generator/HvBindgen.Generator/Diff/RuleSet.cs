using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Diff.Rules;

namespace HvBindgen.Generator.Diff;

/// <summary>All rules. A rule that is not listed here does not run; a test compares the list with the folder.</summary>
public static class RuleSet
{
    private static readonly IRule[] Rules =
    [
        new RecordRemoved(), new RecordAdded(), new RecordRenamed(), new FieldOffsetChanged(), new FieldInserted(), new FieldRemoved(),
        new FieldRenamed(), new FieldRetyped(), new FieldResized(), new RecordGrew(), new RecordShrank(), new AlignmentChanged(),
        new PackingChanged(), new ReservedConsumed(), new FieldRetired(), new HoleFilled(), new TailPaddingFilled(),
        new FlexibleArrayAdded(),
        new FlexibleArrayRemoved(), new FlexibleArrayRespelled(), new FieldsRegrouped(), new FieldSplit(), new FieldsJoined(),
        new AlternativeAdded(), new AlternativeRemoved(), new SignednessChanged(), new ByteOrderChanged(), new TypeRespelled(),
        new FieldAppended(), new FieldsReordered(), new FieldTruncated(), new FieldReplaced(), new ReservedRelabelled(), new PaddingNamed(),
        new PaddingUnnamed(), new AnonymousMemberChanged(), new AnonymousRecordNamed(),
        new EnumRemoved(), new EnumAdded(), new EnumRenamed(), new EnumeratorAdded(), new EnumeratorRemoved(), new EnumeratorValueChanged(),
        new EnumeratorRenamed(), new EnumTypeChanged(), new SentinelMoved(), new EnumeratorsReordered(),
        new ConstantRemoved(), new ConstantAdded(), new ConstantValueChanged(), new MaskWidened(), new MaskNarrowed(),
        new ConstantTypeChanged(),
        new EndMarkerMoved(), new VersionRaised(), new ConstantRenamed(), new MacroRemoved(), new MacroAdded(), new MacroChanged(),
        new MacroListAppended(),
        new IoctlRemoved(), new IoctlAdded(), new IoctlNumberChanged(), new IoctlDirectionChanged(), new IoctlArgumentChanged(),
        new IoctlSizeChanged(), new IoctlRenamed(), new IoctlDescriptorChanged(), new IoctlNumberReused(), new IoctlArgumentRespelled(),
        new FunctionRequestChanged(),
        new TypedefRemoved(), new TypedefAdded(), new TypedefChanged(), new TypedefRespelled(),
        new TypedefAlignmentChanged(),
        new DeclarationMoved(), new DeclaredOtherwise(),
    ];

    /// <summary>What every rule says of itself, in the order of ids.</summary>
    public static IReadOnlyList<RuleInfo> All { get; } = Array.ConvertAll(Rules, static rule => rule.Info);

    internal static IReadOnlyList<IRule> Registered => Rules;

    internal static void Run(DeclarationMatcher pairs, Findings findings)
    {
        foreach (IRule rule in Rules)
        {
            Run(rule, pairs.Records, findings);
            Run(rule, pairs.Enums, findings);
            Run(rule, pairs.Constants, findings);
            Run(rule, pairs.Macros, findings);
            Run(rule, pairs.Ioctls, findings);
            Run(rule, pairs.Typedefs, findings);
        }
    }

    private static void Run<TPair>(IRule rule, IReadOnlyList<TPair> pairs, Findings findings)
        where TPair : DeclarationPair
    {
        if (rule is not IRule<TPair> matching)
        {
            return;
        }

        foreach (TPair pair in pairs)
        {
            matching.Compare(pair, findings);
        }
    }
}
