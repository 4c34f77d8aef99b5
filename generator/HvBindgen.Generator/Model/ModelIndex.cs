namespace HvBindgen.Generator.Model;

/// <summary>Looks declarations of one model up by name and resolves typedefs.</summary>
internal sealed class ModelIndex
{
    private readonly Dictionary<string, AbiRecord> records;
    private readonly Dictionary<string, AbiEnum> enums;
    private readonly Dictionary<string, AbiTypedef> typedefs;
    private HashSet<string>? enumerators;
    private IReadOnlyList<FunctionRequest>? functionRequests;

    internal ModelIndex(AbiModel model)
    {
        Model = model;
        records = new Dictionary<string, AbiRecord>(model.Records.Count, StringComparer.Ordinal);
        foreach (AbiRecord record in model.Records)
        {
            records[record.CName] = record;
        }

        enums = new Dictionary<string, AbiEnum>(model.Enums.Count, StringComparer.Ordinal);
        foreach (AbiEnum @enum in model.Enums)
        {
            if (@enum.Name.Length > 0)
            {
                enums[@enum.CName] = @enum;
            }
        }

        typedefs = new Dictionary<string, AbiTypedef>(model.Typedefs.Count, StringComparer.Ordinal);
        foreach (AbiTypedef typedef in model.Typedefs)
        {
            typedefs[typedef.Name] = typedef;
        }
    }

    /// <summary>The model whose declarations these are.</summary>
    internal AbiModel Model { get; }

    /// <summary>Finds a record by its C spelling, for example <c>struct foo</c>.</summary>
    internal AbiRecord? FindRecord(string cName) => records.GetValueOrDefault(cName);

    /// <summary>Finds an enum by its C spelling, for example <c>enum foo</c>.</summary>
    internal AbiEnum? FindEnum(string cName) => enums.GetValueOrDefault(cName);

    /// <summary>
    /// The requests that function-like macros make of their arguments; none that shares an enumerator's name, and no macro that only
    /// helps others to define theirs.
    /// </summary>
    internal IReadOnlyList<FunctionRequest> FunctionRequests =>
        functionRequests ??=
        [
            .. Model.Macros.Where(macro => macro.Samples.Count > 0 && !IsEnumerator(macro.Name) && !IsHelper(macro.Name))
                .Select(macro => FunctionRequest.Of(macro, Model.Target)).OfType<FunctionRequest>(),
        ];

    /// <summary>Whether an enum has an enumerator of that name.</summary>
    internal bool IsEnumerator(string name) => (enumerators ??= NamesOfEnumerators()).Contains(name);

    /// <summary>Finds a typedef by its name.</summary>
    internal AbiTypedef? FindTypedef(string name) => typedefs.GetValueOrDefault(name);

    /// <summary>
    /// Follows typedefs until something else stands there. A name that is no typedef is a record or an enum without a tag.
    /// </summary>
    internal AbiType Resolve(AbiType type)
    {
        while (type is AbiTypedefRef reference && typedefs.TryGetValue(reference.Name, out AbiTypedef? typedef))
        {
            type = typedef.Type;
        }

        return type;
    }

    /// <summary>
    /// The record that a resolved type names, defined in place or elsewhere; null when it names none or an incomplete one.
    /// </summary>
    internal AbiRecord? RecordOf(AbiType resolved) => resolved switch
    {
        AbiInlineRecord inline => inline.Definition,
        AbiRecordRef reference => FindRecord($"{reference.Kind.ToC()} {reference.Name}"),
        AbiTypedefRef reference => FindRecord(reference.Name),
        _ => null,
    };

    /// <summary>The enum that a resolved type names; null when it names none.</summary>
    internal AbiEnum? EnumOf(AbiType resolved) => resolved switch
    {
        AbiEnumRef reference => FindEnum($"enum {reference.Name}"),
        AbiTypedefRef reference => FindEnum(reference.Name),
        _ => null,
    };

    /// <summary>Size by the model's own facts; null for functions, void, and types that the headers leave incomplete.</summary>
    internal long? SizeBytesOf(AbiType type) => Resolve(type) switch
    {
        AbiPointer => Model.Target.PointerBytes,
        AbiOpaque opaque => opaque.SizeBytes,
        AbiPrimitive { Kind: PrimitiveKind.Void } => null,
        AbiPrimitive primitive => primitive.Kind.SizeBytes(Model.Target),
        AbiArray { Count: { } count } array => SizeBytesOf(array.Element) * count,
        { } other when RecordOf(other) is { } record => record.SizeBytes,
        { } other when EnumOf(other) is { } @enum => @enum.Underlying.SizeBytes(Model.Target),
        _ => null,
    };

    // #define DEMO_IO(nr) _IO('d', nr), of which DEMO_RUN DEMO_IO(3) is made.
    private bool IsHelper(string macro) =>
        Model.Derivations.Any(derivation => derivation.Name != macro && derivation.Names.Contains(macro));

    private HashSet<string> NamesOfEnumerators() =>
        new(
            Model.Enums.SelectMany(@enum => (IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(enumerator => enumerator.Name),
            StringComparer.Ordinal);
}
