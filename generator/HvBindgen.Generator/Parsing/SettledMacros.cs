using System.Globalization;
using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// The macros in force, with answers about each: the compiler has been asked again about the few that the first probe could not settle.
/// </summary>
internal sealed class SettledMacros
{
    private readonly ProbeSession session;
    private readonly MacroCandidates candidates;
    private readonly MacroReader macros;
    private readonly OwnDeclarations own;

    // A definition that the text scan does not see may make anything of a macro.
    private readonly bool isAllSeen;

    private readonly Dictionary<string, string> faults;
    private readonly HashSet<string> undefined;

    private SettledMacros(ProbeSession session, ProbedUnit first, MacroCandidates candidates, OwnDeclarations own)
    {
        (this.session, this.candidates, this.own) = (session, candidates, own);
        (faults, undefined) = (new(first.MacroFaults, StringComparer.Ordinal), new(first.Undefined, StringComparer.Ordinal));
        macros = own.Answers;
        isAllSeen = !own.Definitions.Exists(
            definition => definition.Header != ProbeSession.FileName && candidates.IsOverlooked(definition));
    }

    /// <summary>What is known of them.</summary>
    internal MacroReader Answers => macros;

    /// <summary>Macros that the compiler refused as values, with its words.</summary>
    internal IReadOnlyDictionary<string, string> Faults => faults;

    /// <summary>Those of them that C gives no value, and each compiler one of its own.</summary>
    internal IReadOnlySet<string> Undefined => undefined;

    /// <summary>Macros in force at the end, by name.</summary>
    internal IReadOnlyDictionary<string, (SourceLocation Location, bool IsFunctionLike)> InForce => own.Macros;

    /// <summary>Asks until nothing is left to ask.</summary>
    /// <param name="session">Where to ask.</param>
    /// <param name="first">What the compiler said to the first probe.</param>
    /// <param name="candidates">What the text of the headers says.</param>
    /// <param name="own">The macros, as far as the first probe answered.</param>
    /// <param name="declarations">The set's declarations and those that they refer to.</param>
    internal static SettledMacros Ask(
        ProbeSession session, ProbedUnit first, MacroCandidates candidates, OwnDeclarations own, DeclarationsSoFar declarations)
    {
        SettledMacros settled = new(session, first, candidates, own);
        if (!settled.isAllSeen)
        {
            settled.Answers.ForgetSpellings();
        }

        settled.AskMissed();
        settled.AskSetAside();
        settled.AskBranches();
        settled.AskMadeTexts();
        settled.AskWithEnumeratorsAsInts(declarations.Enums);
        settled.AskCutTexts();
        settled.AskNumbersAgain();
        return settled;
    }

    // A macro that expands to an opening brace swallows the probes after it, and the text scan does not see every definition.
    // Those macros are asked about again, by halves, until each that C accepts has been seen.
    private void AskMissed()
    {
        string[] missed =
        [
            .. own.Macros.Where(
                macro => !macro.Value.IsFunctionLike && !macros.WasProbed(macro.Key) && !candidates.Undefined.Contains(macro.Key)
                && !candidates.TwoColons.Contains(macro.Key)
                && candidates.At(macro.Value.Location, macro.Key)?.IsSelfContained() != false).Select(macro => macro.Key),
        ];
        if (missed.Length > 0)
        {
            AskByHalves(missed);
        }
    }

    // By way of a definition that was overlooked each of those that were set aside may come to a request.
    private void AskSetAside()
    {
        if (candidates.NoIoctls.Count > 0 && !isAllSeen)
        {
            Read(session.Parse(new ProbeQuestions { Requests = candidates.NoIoctls }));
        }
    }

    // A request that takes other arguments in another branch: which of them is in force only the compiler knew.
    private void AskBranches()
    {
        Dictionary<string, IReadOnlyList<string>> samples = candidates.SamplesOf(own.Macros);
        if (samples.Count > 0)
        {
            Read(session.Parse(new ProbeQuestions { Samples = samples }));
        }
    }

    // #define VERSION __stringify(RELEASE): the text of the definition shows no string literal, its type does.
    private void AskMadeTexts()
    {
        string[] made = [.. macros.CharAddresses.Where(macro => !candidates.Texts.Contains(macro))];
        if (made.Length > 0)
        {
            Read(session.Parse(new ProbeQuestions { Texts = made }));
        }
    }

    private void AskByHalves(ReadOnlySpan<string> names)
    {
        string[] asked = names.ToArray();
        Read(session.Parse(new ProbeQuestions { Values = asked, Texts = asked, Requests = asked, Choosing = candidates.Choosing }));
        if (names.Length > 1 && !asked.All(macros.WasProbed))
        {
            int half = names.Length / 2;
            AskByHalves(names[..half]);
            AskByHalves(names[half..]);
        }
    }

    // C11, 6.7.2.2: an enumerator is an int. Where one of its enum does not fit an int, clang from 20 and gcc from 13 on give all
    // of them the enum's type, as C23 does, and so to every expression that names one; older ones do not. A macro may bear an
    // enumerator's name: one that only says it again, for #ifdef, is asked about like the others; another one stands for something else,
    // and for it the enumerator is no longer reachable.
    private void AskWithEnumeratorsAsInts(IReadOnlyList<AbiEnum> enums)
    {
        Dictionary<string, int> ints = new(StringComparer.Ordinal);
        foreach (AbiEnum @enum in enums)
        {
            IEnumerable<AbiEnumerator> enumerators = @enum.Enumerators;
            if (enumerators.All(FitsInt))
            {
                continue;
            }

            foreach (AbiEnumerator enumerator in enumerators.Where(FitsInt).Where(one => !candidates.Hides(one.Name)))
            {
                ints[enumerator.Name] = (int)enumerator.Value;
            }
        }

        string[] naming = ints.Count > 0 ? [.. candidates.Naming(ints.Keys)] : [];
        if (naming.Length > 0)
        {
            Read(session.Parse(new ProbeQuestions { Values = naming, Enumerators = ints, Choosing = candidates.Choosing }));
        }
    }

    private void AskCutTexts()
    {
        if (macros.CutTexts.Count == 0)
        {
            return;
        }

        Dictionary<string, byte[]> texts =
            macros.CutTexts.ToDictionary(cut => cut.Key, cut => new byte[cut.Value - 1], StringComparer.Ordinal);
        ProbedUnit probed = session.Parse(new ProbeQuestions { Characters = macros.CutTexts });
        foreach (ClangCursor variable in VariablesOf(probed))
        {
            string[] parts = variable.Spelling.StartsWith(MacroProbe.CharacterPrefix, StringComparison.Ordinal)
                ? variable.Spelling[MacroProbe.CharacterPrefix.Length..].Split('_', 2)
                : [];
            if (parts.Length == 2 && texts.TryGetValue(parts[1], out byte[]? bytes)
                && int.Parse(parts[0], CultureInfo.InvariantCulture) is int index && index < bytes.Length
                    && variable.Evaluate()?.Integer is { } value)
            {
                bytes[index] = (byte)(value & 0xFF);
            }
        }

        foreach ((string macro, byte[] bytes) in texts)
        {
            macros.SetText(macro, ClangString.FromUtf8OrLatin1(bytes), bytes.Length, bytes.Length + 1);
        }
    }

    // libclang gives numbers of 64 bits and doubles: what has more bits is asked for by halves, what came out as zero whether it is.
    private void AskNumbersAgain()
    {
        if (macros.WideIntegers.Count + macros.Zeros.Count > 0)
        {
            Read(session.Parse(new ProbeQuestions { Halves = macros.WideIntegers.Keys, Zeros = macros.Zeros }));
        }
    }

    private void Read(ProbedUnit probed)
    {
        undefined.UnionWith(probed.Undefined);
        foreach ((string macro, string words) in probed.MacroFaults)
        {
            faults.TryAdd(macro, words);
        }

        foreach (ClangCursor variable in VariablesOf(probed))
        {
            macros.ReadVariable(variable, probed.FaultyLines.GetValueOrDefault(probed.Unit.PlaceOf(variable).Line));
        }
    }

    private static IEnumerable<ClangCursor> VariablesOf(ProbedUnit probed) =>
        probed.Unit.Root.Children().Where(cursor =>
            cursor.Kind == CXCursorKind.CXCursor_VarDecl && probed.Unit.PlaceOf(cursor).File == ProbeSession.FileName);

    private static bool FitsInt(AbiEnumerator enumerator) => enumerator.Value >= int.MinValue && enumerator.Value <= int.MaxValue;
}
