using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV6002: a name that was a macro is an enumerator, a request a plain number, or the other way round.</summary>
internal sealed class DeclaredOtherwise : IRule<ConstantPair>, IRule<IoctlPair>, IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV6002",
        "declared in another way",
        Verdict.Break,
        "The name goes on as another kind of declaration: an enumerator for a macro, a number for a request. With the same value no "
        + "program notices; only preprocessor conditions that ask for the macro do.",
        "Keep the value. Where programs ask for the name by #ifdef, define a macro of the enumerator's own name.");

    public void Compare(ConstantPair pair, Findings findings)
    {
        // #define X X beside an enumerator X is no declaration of its own.
        if (pair.IsRemoved && pair.Before!.Value is IntegerValue old && !pair.Context.Derivations.Before(pair.Name).Contains(pair.Name))
        {
            Compare(pair, pair.Name, pair.Name, old.Value, null, findings);
        }
    }

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            Compare(pair, pair.Name, pair.Name, pair.Before!.Request, null, findings);
        }
    }

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            foreach (AbiEnumerator old in pair.Before!.Enumerators)
            {
                Compare(pair, old.Name, pair.SymbolOf(old.Name), old.Value, old.Place, findings);
            }

            return;
        }

        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator.Before is { } old && old.Name != enumerator.After?.Name)
            {
                Compare(pair, old.Name, pair.SymbolOf(old.Name), old.Value, old.Place, findings);
            }
        }
    }

    private void Compare(DeclarationPair pair, string name, string symbol, Int128 old, SourcePlace? place, Findings findings)
    {
        if (pair.Context.Derivations.ValueAfter(name) is { } now)
        {
            findings.Add(
                Info, pair, symbol, $"{old}", $"{now}",
                old == now ? Judgement.Harmless(CSharpEffects.Both)
                    : pair.Context.Values.IsStillMarker(name) ? EndMarkerMoved.JudgementOf(ValueChange.EndMarker, now > old)!
                    : Judgement.Broken(),
                place: place is { } known ? new DraftPlace(known, IsGone: true) : null);
        }
    }
}
