using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Knows what each name is worth on both sides and which names it is made of, so that a cause is found by derivation and never
/// guessed from equal numbers.
/// </summary>
internal sealed class Derivations
{
    private readonly Side before;
    private readonly Side after;

    internal Derivations(AbiModel before, AbiModel after)
    {
        this.before = new Side(before);
        this.after = new Side(after);
    }

    /// <summary>Names that the definition before names directly.</summary>
    internal IReadOnlyList<string> Before(string name) => before.Names(name);

    /// <summary>Names that the definition after names directly.</summary>
    internal IReadOnlyList<string> After(string name) => after.Names(name);

    /// <summary>
    /// Whether the text of a definition, on either side, adds, multiplies or the like, and combines no bits. A sum on one side that is a
    /// combination on the other was one all along: <c>(A + B)</c> becomes <c>(A | B | C)</c>.
    /// </summary>
    internal bool IsArithmetic(string name) =>
        (before.IsArithmetic(name) && !after.IsCombined(name)) || (after.IsArithmetic(name) && !before.IsCombined(name));

    /// <summary>Whether both definitions combine bits and do nothing else.</summary>
    internal bool IsCombined(string name) => before.IsCombined(name) && after.IsCombined(name);

    /// <summary>Whether the text of a definition shifts or combines bits, or leaves it to a macro such as <c>BIT</c>.</summary>
    internal bool IsOfBits(string name) => before.IsOfBits(name) || after.IsOfBits(name);

    /// <summary>What a macro or enumerator was worth; null when it had no number or was not there.</summary>
    internal Int128? ValueBefore(string name) => before.Value(name);

    /// <summary>What a macro or enumerator is worth; null when it has no number or is not there.</summary>
    internal Int128? ValueAfter(string name) => after.Value(name);

    /// <summary>What a name is made of and that itself changed; empty when nothing did or nothing is known.</summary>
    /// <param name="name">A macro, an enumerator, or an array's bound as <see cref="AbiDerivation.Name"/> spells it.</param>
    internal List<CauseKey> ChangedSources(string name)
    {
        List<CauseKey> keys = [];
        HashSet<string> seen = new(StringComparer.Ordinal) { name };
        Queue<string> waiting = new([.. after.Names(name), .. before.Names(name)]);

        // A macro of an enumerator's own name is another declaration of the same value.
        if (after.Names(name).Contains(name))
        {
            seen.Remove(name);
        }

        while (waiting.TryDequeue(out string? source))
        {
            if (!seen.Add(source))
            {
                continue;
            }

            if (before.Measure(source) is not { } old || after.Measure(source) is not { } now)
            {
                if (before.MacroOf(source) is { } macro && after.MacroOf(source) is { } other && AreDifferent(macro, other))
                {
                    keys.Add(CauseKey.OfDeclaration(source));
                }

                if (before.TextOf(source) is { } text && after.TextOf(source) is { } newText && !text.Equals(newText))
                {
                    keys.Add(CauseKey.OfDeclaration(source));
                }

                if (before.IsValueless(source) || after.IsValueless(source))
                {
                    // A function-like macro is worth what it is made of.
                    foreach (string next in (IEnumerable<string>)[.. after.Names(source), .. before.Names(source)])
                    {
                        waiting.Enqueue(next);
                    }
                }
                else if (after.Measure(source) is not null && before.Names(name).Count > 0 && after.IsEnumerator(source) is false)
                {
                    keys.Add(CauseKey.OfDeclaration(source));
                }
            }
            else if (old != now)
            {
                keys.Add(new CauseKey(source, after.IsEnumerator(source)));
            }
        }

        return keys;
    }

    /// <summary>
    /// What a value follows from: what it is made of and that changed. Empty where it is a sum that moved by another step than what it is
    /// made of, for then a number of its own changed as well.
    /// </summary>
    /// <param name="name">A macro or an enumerator.</param>
    internal List<CauseKey> CausesOf(string name)
    {
        List<CauseKey> sources = ChangedSources(name);
        return sources.Count > 0 && before.IsSum(name) && after.IsSum(name) && before.Names(name).SequenceEqual(after.Names(name))
            && ValueBefore(name) is { } old && ValueAfter(name) is { } now && !IsStep(now - old, sources)
            ? []
            : sources;
    }

    /// <summary>What the definition after is made of and that was not there before, as a request is of its command.</summary>
    /// <param name="name">A macro.</param>
    internal IEnumerable<CauseKey> NewSources(string name) =>
        from source in after.Names(name)
        where before.Measure(source) is null && after.Value(source) is not null
        select new CauseKey(source, after.IsEnumerator(source));

    // BASE + 1, LAST - FIRST: each name counts once, with one sign or the other.
    private bool IsStep(Int128 step, List<CauseKey> sources)
    {
        const int MostSources = 8;
        if (sources.Count > MostSources)
        {
            return true;
        }

        HashSet<Int128> steps = [0];
        foreach (CauseKey source in sources)
        {
            if (before.Measure(source.Name) is not { } old || after.Measure(source.Name) is not { } now)
            {
                return true;
            }

            steps = [.. steps.Select(sum => sum + now - old), .. steps.Select(sum => sum - now + old)];
        }

        return steps.Contains(step);
    }

    /// <summary>Macros that changed and that made a record, or one member of it, or an enumerator.</summary>
    /// <param name="record">The record, or the enum around the enumerator, in C's spelling.</param>
    /// <param name="member">The member or enumerator; empty for the record as a whole.</param>
    internal IEnumerable<string> ChangedMakersOf(string record, string member)
    {
        foreach (string key in member.Length > 0 ? (string[])[record, $"{record}.{member}"] : [record])
        {
            foreach (string name in before.Names(key).Union(after.Names(key)))
            {
                if (before.MacroOf(name) is { } old && after.MacroOf(name) is { } now && AreDifferent(old, now))
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>Whether the side before has nothing of a source's name.</summary>
    internal bool IsNew(CauseKey source) =>
        before.Measure(source.Name) is null && before.TextOf(source.Name) is null && !before.IsValueless(source.Name);

    /// <summary>Whether a source is a record, by its tag or by its typedef: what is made of it takes its size.</summary>
    internal bool IsRecord(CauseKey source) => before.IsRecord(source.Name) || after.IsRecord(source.Name);

    /// <summary>Whether a name is another name of the other, on the side after.</summary>
    internal bool IsAlias(string name, string of) => after.Names(name) is [var only] && only == of;

    /// <summary>Whether a macro of the side after puts one name in place of another: <c>#define OLD NEW</c>, a tag or a type.</summary>
    internal bool IsMacroFor(string name, string of) =>
        after.MacroOf(name) is { Parameters: "" } macro && macro.Digest == MacroDigest.Of(of);

    private static bool AreDifferent(AbiMacro old, AbiMacro now) =>
        (old.Digest != now.Digest || old.Parameters != now.Parameters) && (old.Samples.Count == 0 || old.Samples != now.Samples);

    private sealed class Side
    {
        private readonly Dictionary<string, IReadOnlyList<string>> names = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> operators = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Int128> values;
        private readonly Dictionary<string, ConstantValue> texts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> sizes = new(StringComparer.Ordinal);
        private readonly HashSet<string> enumerators = new(StringComparer.Ordinal);
        private readonly HashSet<string> valueless = new(StringComparer.Ordinal);
        private readonly Dictionary<string, AbiMacro> macros = new(StringComparer.Ordinal);

        internal Side(AbiModel model)
        {
            foreach (AbiDerivation derivation in model.Derivations)
            {
                names[derivation.Name] = [.. derivation.Names];
                operators[derivation.Name] = derivation.Operators;
            }

            values = new NamedNumbers(model).Values;
            foreach (AbiConstant constant in model.Constants)
            {
                if (constant.Value is not IntegerValue)
                {
                    texts[constant.Name] = constant.Value;
                }
            }

            foreach (AbiEnum @enum in model.Enums)
            {
                enumerators.UnionWith(@enum.Enumerators.Select(enumerator => enumerator.Name));
            }

            foreach (AbiIoctl ioctl in model.Ioctls)
            {
                values.TryAdd(ioctl.Name, ioctl.Request);
            }

            foreach (AbiRecord record in model.Records)
            {
                sizes[record.CName] = record.SizeBytes;
            }

            foreach (AbiMacro macro in model.Macros)
            {
                valueless.Add(macro.Name);
                macros[macro.Name] = macro;
            }

            // A typedef is worth what the record is that it names.
            foreach (AbiTypedef typedef in model.Typedefs)
            {
                if (model.Index.RecordOf(model.Index.Resolve(typedef.Type)) is { } record && record.CName != typedef.Name)
                {
                    valueless.Add(typedef.Name);
                    names[typedef.Name] = [record.CName];
                }
            }
        }

        internal IReadOnlyList<string> Names(string name) => names.GetValueOrDefault(name, []);

        internal bool IsArithmetic(string name) =>
            operators.GetValueOrDefault(name, "") is var all && !all.Contains('|', StringComparison.Ordinal)
            && all.AsSpan().IndexOfAny("+-*/%") >= 0;

        internal bool IsSum(string name) =>
            operators.GetValueOrDefault(name, "") is { Length: > 0 } all && all.AsSpan().TrimStart("+- ").IsEmpty
            && !Names(name).Any(valueless.Contains);

        internal bool IsCombined(string name) =>
            names.ContainsKey(name) && operators.GetValueOrDefault(name, "") == "|" && !Names(name).Any(valueless.Contains);

        internal bool IsOfBits(string name) =>
            operators.GetValueOrDefault(name, "") is var all
            && (all.Contains("<<", StringComparison.Ordinal) || all.Contains('|', StringComparison.Ordinal)
                || Names(name).Any(valueless.Contains));

        internal Int128? Value(string name) => values.TryGetValue(name, out Int128 value) ? value : null;

        /// <summary>What a constant is that is no integer: a string, or a number with a point.</summary>
        internal ConstantValue? TextOf(string name) => texts.GetValueOrDefault(name);

        /// <summary>The value of a name, or the size of a record.</summary>
        internal Int128? Measure(string name) => Value(name) ?? (sizes.TryGetValue(name, out long size) ? size : null);

        internal bool IsEnumerator(string name) => enumerators.Contains(name);

        internal bool IsRecord(string name) => sizes.ContainsKey(name);

        internal AbiMacro? MacroOf(string name) => macros.GetValueOrDefault(name);

        internal bool IsValueless(string name) => valueless.Contains(name);
    }
}
