using System.Globalization;
using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Turns the probe's variables back into constants and ioctl requests.</summary>
internal sealed class MacroReader(TypeReader types, ParseRequest request)
{
    // What clang says of a static const in a constant, which gcc takes. After any other error a value is what it made of a part of the
    // text: "3 ... 7" begins with a 3.
    private const string NotFolded = "not a compile-time constant";

    private readonly Dictionary<string, uint> encodingMacros = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (AbiType Type, ConstantValue Value)> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> probed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, uint?>> samples = new(StringComparer.Ordinal);
    private readonly HashSet<string> unheld = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Int128?> lowHalves = new(StringComparer.Ordinal);
    private readonly HashSet<string> addresses = new(StringComparer.Ordinal);

    // Lengths of string literals in C, with the closing zero.
    private readonly Dictionary<string, long> textSizes = new(StringComparer.Ordinal);

    // Up to two readings of each argument's type with their sizes; the request's own size tells which one C means.
    private readonly Dictionary<string, List<ArgumentReading>> arguments = new(StringComparer.Ordinal);
    private IoctlEncoding? encoding;

    /// <summary>Macros of which what they are replaced by was asked for, in the order of the question.</summary>
    internal IReadOnlyCollection<string> Arithmetic { get; init; } = [];

    /// <summary>Strings that hold a zero before their end, which libclang cuts off there, with their length in C.</summary>
    internal Dictionary<string, long> CutTexts { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros that are the address of a character: some of them are a text, which macros in their text have made.</summary>
    internal HashSet<string> CharAddresses { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the macro's value is a pointer.</summary>
    internal bool IsAddress(string macro) => addresses.Contains(macro);

    /// <summary>Macros of 128-bit types, whose values are asked for by halves.</summary>
    internal Dictionary<string, PrimitiveKind> WideIntegers { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros of type long double that came out as zero.</summary>
    internal HashSet<string> Zeros { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros of clang's type __float128, which to gcc is long double where that has as many bits.</summary>
    internal HashSet<string> Quads { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the macro is a number that no double holds.</summary>
    internal bool IsUnheld(string macro) => unheld.Contains(macro);

    /// <summary>Whether the compiler saw a variable for the macro, whatever came of it.</summary>
    internal bool WasProbed(string macro) => probed.Contains(macro);

    /// <summary>Takes one of the probe's variables in.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="fault">What the compiler says of an error on its line; null where there is none.</param>
    internal void ReadVariable(ClangCursor variable, string? fault)
    {
        string name = variable.Spelling;
        bool isFaulty = fault is not null;
        if (Strip(name, MacroProbe.ValuePrefix) is { } valueOf)
        {
            probed.Add(valueOf);
            if (!isFaulty && WideKindOf(variable) is { } wide)
            {
                WideIntegers[valueOf] = wide;
            }
            else if ((fault is null || fault.Contains(NotFolded, StringComparison.Ordinal)) && Evaluate(variable) is { } value)
            {
                values[valueOf] = value;
                if (value.Value is FloatingValue { Value: 0 } && value.Type is AbiPrimitive { Kind: PrimitiveKind.LongDouble })
                {
                    Zeros.Add(valueOf);
                }
            }
            else if (variable.Type.Canonical is { Kind: CXTypeKind.CXType_Pointer } pointer)
            {
                addresses.Add(valueOf);
                if (pointer.Pointee.Canonical.Kind is CXTypeKind.CXType_Char_S or CXTypeKind.CXType_Char_U)
                {
                    CharAddresses.Add(valueOf);
                }
            }
            else if (variable.Type.Canonical.Kind == CXTypeKind.CXType_Float128)
            {
                Quads.Add(valueOf);
            }
            else if (variable.Evaluate()?.Floating is not null)
            {
                unheld.Add(valueOf);
            }
        }
        else if (Strip(name, MacroProbe.TextPrefix) is { } textOf)
        {
            if (!isFaulty)
            {
                textSizes[textOf] = variable.Type.SizeBytes;
            }
        }
        else if (Strip(name, MacroProbe.LiteralPrefix) is { } literalOf)
        {
            if (!isFaulty && textSizes.TryGetValue(literalOf, out long sizeBytes))
            {
                // libclang has no answer for a literal in parentheses; it is then asked for as one that was cut.
                ClangValue literal = variable.Evaluate() ?? default;
                SetText(literalOf, literal.Text ?? "", literal.TextBytes, sizeBytes);
            }
        }
        else if ((Strip(name, MacroProbe.ArgumentPrefix) ?? Strip(name, MacroProbe.ArrayArgumentPrefix)) is { } argumentOf)
        {
            if (ArgumentOf(variable) is { } argument)
            {
                if (!arguments.TryGetValue(argumentOf, out List<ArgumentReading>? readings))
                {
                    readings = [];
                    arguments.Add(argumentOf, readings);
                }

                readings.Add(argument);
            }
        }
        else if (Strip(name, MacroProbe.SamplePrefix)?.Split('_', 2) is [string index, string sampleOf])
        {
            Int128? number = isFaulty ? null : variable.Evaluate()?.Integer;
            (samples.TryGetValue(sampleOf, out SortedDictionary<int, uint?>? known) ? known : samples[sampleOf] = [])
                .Add(
                    int.Parse(index, CultureInfo.InvariantCulture),
                    number is { } value && value >= 0 && value <= uint.MaxValue ? (uint)value : null);
        }
        else if (Strip(name, MacroProbe.LowPrefix) is { } lowOf)
        {
            lowHalves[lowOf] = variable.Evaluate()?.Integer;
        }
        else if (Strip(name, MacroProbe.HighPrefix) is { } highOf)
        {
            SetHalves(highOf, lowHalves.GetValueOrDefault(highOf), variable.Evaluate()?.Integer);
        }
        else if (Strip(name, MacroProbe.ZeroPrefix) is { } zeroOf)
        {
            if ((variable.Evaluate()?.Integer ?? 0) == 0)
            {
                values.Remove(zeroOf);
                unheld.Add(zeroOf);
            }
        }
        else if (name == MacroProbe.Spellings)
        {
            ReadSpellings(isFaulty ? [] : (variable.Evaluate()?.Text ?? "").Split(','));
        }
        else if (Strip(name, MacroProbe.EncodingPrefix) is { } field && variable.Evaluate()?.Integer is { } bits)
        {
            encodingMacros[field] = (uint)bits;
        }
    }

    // What a definition behind the text made anything else, or undefined, has no answer here, and is asked about as what was missed. One
    // that holds a comma or does not close what it opens leaves all without one.
    private void ReadSpellings(string[] spellings)
    {
        foreach ((string macro, string spelling) in spellings.Length == Arithmetic.Count ? Arithmetic.Zip(spellings) : [])
        {
            if (IntegerExpression.Read(spelling, request.Target.PointerBytes) is { } number)
            {
                probed.Add(macro);
                values[macro] = (new AbiPrimitive(number.Kind), new IntegerValue(number.Value));
            }
        }
    }

    /// <summary>
    /// Forgets the answers that were read out of text. Where a definition was overlooked tokens may have met in it that are none in C.
    /// </summary>
    internal void ForgetSpellings()
    {
        foreach (string macro in Arithmetic)
        {
            probed.Remove(macro);
            values.Remove(macro);
        }
    }

    private static PrimitiveKind? WideKindOf(ClangCursor variable) =>
        TypeReader.PrimitiveOf(variable.Type.Canonical.Kind) is { } kind && kind is PrimitiveKind.Int128 or PrimitiveKind.UInt128
            ? kind
            : null;

    private void SetHalves(string macro, Int128? low, Int128? high)
    {
        if (low is { } lower && high is { } upper)
        {
            UInt128 bits = new((ulong)upper, (ulong)lower);
            PrimitiveKind kind = WideIntegers[macro];
            values[macro] = (
                new AbiPrimitive(kind),
                kind == PrimitiveKind.UInt128 && bits > (UInt128)Int128.MaxValue ? new WideValue(bits) : new IntegerValue((Int128)bits));
        }
    }

    /// <summary>What a function-like request gives for so many lists of arguments; nothing for one that was not asked.</summary>
    internal IReadOnlyList<uint?> SamplesOf(string macro, int lists) =>
        samples.TryGetValue(macro, out SortedDictionary<int, uint?>? found)
            ? [.. Enumerable.Range(0, lists).Select(index => found.GetValueOrDefault(index))]
            : [];

    /// <summary>The argument's type of a function-like request, for its first sample; null where it names none.</summary>
    internal AbiType? ArgumentOfFunction(string macro, uint sample, SourceLocation location) =>
        ArgumentOf(macro, EncodingFor(macro, location).SizeOf(sample))?.Type;

    /// <summary>Sets a string's text, made of so many bytes; it was cut where the string has more.</summary>
    internal void SetText(string macro, string text, int textBytes, long sizeBytes)
    {
        values[macro] = (new AbiArray(new AbiPrimitive(PrimitiveKind.Char), sizeBytes), new TextValue(text));
        if (textBytes + 1 < sizeBytes)
        {
            CutTexts[macro] = sizeBytes;
        }
    }

    /// <summary>The constant that a macro stands for; null when it has no value or is an ioctl request.</summary>
    internal AbiConstant? ConstantOf(string macro, SourceLocation location) =>
        !arguments.ContainsKey(macro) && values.TryGetValue(macro, out (AbiType Type, ConstantValue Value) found)
            ? new AbiConstant(macro, found.Type, found.Value, location)
            : null;

    /// <summary>The ioctl request that a macro stands for; null when it is none.</summary>
    internal AbiIoctl? IoctlOf(string macro, SourceLocation location)
    {
        if (!arguments.ContainsKey(macro)
            || !values.TryGetValue(macro, out (AbiType Type, ConstantValue Value) found)
            || found.Value is not IntegerValue integer)
        {
            return null;
        }

        uint number = (uint)(ulong)(UInt128)integer.Value;
        return Decode(macro, number, ArgumentOf(macro, EncodingFor(macro, location).SizeOf(number)), location);
    }

    /// <summary>The request that a plain number is by the configuration; null when it is none.</summary>
    internal AbiIoctl? NumberAsIoctl(string name, Int128 value, SourceLocation location) =>
        value > 0 && value <= uint.MaxValue && Glob.MatchesAny(request.NumberRequests, name)
            ? Decode(name, (uint)value, null, location)
            : null;

    private ArgumentReading? ArgumentOf(string macro, int sizeBytes) =>
        arguments.GetValueOrDefault(macro)?.Find(reading => reading.Type is not null && reading.SizeBytes == sizeBytes);

    private AbiIoctl Decode(string name, uint number, ArgumentReading? argument, SourceLocation location)
    {
        IoctlEncoding fields = EncodingFor(name, location);
        return new AbiIoctl(
            name,
            DescriptorsOf(name),
            fields.DirectionOf(number),
            fields.TypeOf(number),
            fields.NumberOf(number),
            fields.SizeOf(number),
            argument?.Type,
            number,
            location)
        {
            IsArgumentConst = argument is { IsConst: true },
        };
    }

    private IoctlEncoding EncodingFor(string macro, SourceLocation location) =>
        encoding ??= IoctlEncoding.From(encodingMacros)
            ?? throw new HeaderParseException(request.Set, request.Target.Name, [new HeaderFault(
                location.Header, location.Line, location.Column,
                $"{macro} is an ioctl request, but not all _IOC_* macros that decode it are defined")]);

    private static (AbiType Type, ConstantValue Value)? Evaluate(ClangCursor variable)
    {
        if (variable.Evaluate() is not { } value)
        {
            return null;
        }

        ClangType type = variable.Type.Canonical;
        if (value.Floating is { } floating)
        {
            return double.IsFinite(floating) && TypeReader.PrimitiveOf(type.Kind) is { } kind
                ? (new AbiPrimitive(kind), new FloatingValue(floating))
                : null;
        }

        if (value.Integer is not { } number)
        {
            return null;
        }

        // A cast to an enum has the enum's own type.
        PrimitiveKind? integer = type.Kind == CXTypeKind.CXType_Enum
            ? TypeReader.PrimitiveOf(type.Declaration.EnumIntegerType.Canonical.Kind)
            : TypeReader.PrimitiveOf(type.Kind);
        return integer is { } found && found.IsInteger() ? (new AbiPrimitive(found), new IntegerValue(number)) : null;
    }

    // void (*)(struct marker *, T *); without T for a request that names no type.
    private ArgumentReading? ArgumentOf(ClangCursor variable)
    {
        if (variable.Type.Canonical.Kind != CXTypeKind.CXType_Pointer)
        {
            return null;
        }

        ClangType function = DeclaredFunctionOf(variable) ?? variable.Type.Canonical.Pointee;
        if (function.ParameterCount is not (1 or 2)
            || !function.Parameter(0).Canonical.Spelling.Contains(MacroProbe.Marker, StringComparison.Ordinal))
        {
            return null;
        }

        ClangType argument = function.ParameterCount == 2 ? function.Parameter(1).Pointee : default;
        return argument.Kind == CXTypeKind.CXType_Invalid
            ? new ArgumentReading(null, 0, false)
            : new ArgumentReading(
                Named(types.Read(argument, variable), argument.Canonical), argument.SizeBytes, argument.Canonical.IsConst);
    }

    // A record that only the macro defines has no name that a program could make one by.
    private AbiType Named(AbiType type, ClangType canonical) => type switch
    {
        AbiInlineRecord => types.Nameless(canonical),
        AbiArray array when array.InlineRecord(behindPointers: true) is not null =>
            array with { Element = Named(array.Element, canonical.Element.Canonical) },
        AbiPointer pointer when pointer.InlineRecord(behindPointers: true) is not null =>
            pointer with { Target = Named(pointer.Target, canonical.Pointee.Canonical) },
        _ => type,
    };

    // The canonical type has lost the typedef names; the declared one still has them below auto and parentheses.
    private static ClangType? DeclaredFunctionOf(ClangCursor variable)
    {
        ClangType pointee = variable.Type.Pointee;
        return pointee.ParameterCount > 0 ? pointee : null;
    }

    /// <summary>Kinds of descriptor that take a request.</summary>
    internal EquatableArray<string> DescriptorsOf(string macro)
    {
        List<string> kinds = [];
        foreach ((string kind, IReadOnlyList<string> patterns) in request.Descriptors)
        {
            if (Glob.MatchesAny(patterns, macro))
            {
                kinds.Add(kind);
            }
        }

        return kinds.Count > 0 ? EquatableArray.From(kinds) : [request.DefaultDescriptor];
    }

    private static string? Strip(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    /// <summary>What a request macro names as its argument.</summary>
    /// <param name="Type">The type; null where there is none.</param>
    /// <param name="SizeBytes">Its size.</param>
    /// <param name="IsConst">Whether it is qualified so.</param>
    private sealed record ArgumentReading(AbiType? Type, long SizeBytes, bool IsConst);
}
