using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>A rule about values that changed in one way, of constants and of enumerators.</summary>
internal abstract class ValueRule : IRule<ConstantPair>, IRule<EnumPair>
{
    public abstract RuleInfo Info { get; }

    /// <summary>Whether constants are its subject.</summary>
    protected virtual bool IsForConstants => true;

    /// <summary>Whether enumerators are its subject.</summary>
    protected virtual bool IsForEnumerators => true;

    public void Compare(ConstantPair pair, Findings findings)
    {
        bool isHigher = pair is { Before.Value: IntegerValue old, After.Value: IntegerValue now } && now.Value > old.Value;
        if (IsForConstants && Judge(pair.Change, pair.Name, isHigher) is { } judgement)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!), judgement,
                ChangeRole.Consequence);
        }
    }

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in IsForEnumerators ? pair.Enumerators : [])
        {
            if (enumerator is { Before: { } old, After: { } now }
                && Judge(pair.Context.Values.Of(enumerator), enumerator.Name, now.Value > old.Value) is { } judgement)
            {
                findings.Add(Info, pair, enumerator, $"{old.Value}", $"{now.Value}", judgement);
            }
        }
    }

    /// <summary>The verdict on a value that is compiled into programs; null where another rule tells of it.</summary>
    /// <param name="change">How it changed.</param>
    /// <param name="name">The macro or enumerator.</param>
    /// <param name="isHigher">Whether the new value is the greater number.</param>
    protected abstract Judgement? Judge(ValueChange change, string name, bool isHigher);
}
