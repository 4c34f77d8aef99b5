namespace HvBindgen.Generator.Model;

/// <summary>The models of one set for all its targets, side by side: what is the same everywhere and what is not.</summary>
/// <remarks>
/// A declaration is portable when every target has it, all have it with the same layout and values, and all types it names are
/// portable too. Only then can one C# declaration stand for it on all targets.
/// </remarks>
public sealed class MergedModel
{
    private readonly HashSet<string> portable = new(StringComparer.Ordinal);
    private readonly HashSet<string> portableConstants = new(StringComparer.Ordinal);
    private readonly HashSet<string> portableRequests = new(StringComparer.Ordinal);
    private readonly HashSet<PrimitiveKind> sizedUnlike = [];

    private MergedModel(IReadOnlyList<AbiModel> models) => Models = models;

    /// <summary>The models, in the order of the set's targets.</summary>
    public IReadOnlyList<AbiModel> Models { get; }

    /// <summary>Puts the models of one set side by side.</summary>
    /// <param name="models">One model for each target, at least one.</param>
    /// <returns>The merged view.</returns>
    public static MergedModel Merge(IReadOnlyList<AbiModel> models)
    {
        ArgumentOutOfRangeException.ThrowIfZero(models.Count);
        MergedModel merged = new(models);
        merged.FindKindsOfOtherSizes();
        merged.FindPortableTypes();
        merged.FindPortableNumbers();
        return merged;
    }

    /// <summary>Whether all targets have the record with the same layout down to its last field.</summary>
    /// <param name="record">A record of one of the models.</param>
    /// <returns>True when one C# type serves all targets.</returns>
    public bool IsPortable(AbiRecord record) => portable.Contains(record.CName);

    /// <summary>Whether all targets have the enum with the same type, names and values.</summary>
    /// <param name="enum">An enum of one of the models.</param>
    /// <returns>True when one C# type serves all targets.</returns>
    public bool IsPortable(AbiEnum @enum) => portable.Contains(@enum.CName);

    /// <summary>Whether all targets have the constant with the same value, in a type of the same size.</summary>
    /// <param name="constant">A constant of one of the models.</param>
    /// <returns>True when one C# constant serves all targets.</returns>
    public bool IsPortable(AbiConstant constant) => portableConstants.Contains(constant.Name);

    /// <summary>Whether all targets have the request with the same number and argument.</summary>
    /// <param name="ioctl">A request of one of the models.</param>
    /// <returns>True when one C# method serves all targets.</returns>
    public bool IsPortable(AbiIoctl ioctl) => portableRequests.Contains(ioctl.Name);

    /// <summary>Whether all targets have the function-like request with the same numbers and argument.</summary>
    /// <param name="request">A request of one of the models.</param>
    /// <returns>True when one C# method serves all targets.</returns>
    public bool IsPortable(FunctionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SameEverywhere(model => model.Macros, request.Macro)
            && (request.Macro.Argument is not { } argument || IsPortable(argument));
    }

    /// <summary>Whether a type names only declarations that all targets have alike.</summary>
    /// <param name="type">A type in the words of the headers.</param>
    /// <returns>True when one C# type serves all targets.</returns>
    public bool IsPortable(AbiType type) => Models.All(model => NamesOnlyPortable(model, type));

    private bool SameEverywhere<T>(Func<AbiModel, EquatableArray<T>> declarations, T declaration)
        where T : IAbiDeclaration =>
        Models.All(model => FindByName(declarations(model), declaration.Name) is { } other && other.Equals(declaration));

    // Lists of constants and requests are sorted by name.
    private static T? FindByName<T>(EquatableArray<T> sorted, string name)
        where T : IAbiDeclaration
    {
        ReadOnlySpan<T> items = sorted.AsSpan();
        int low = 0;
        int high = items.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(items[middle].Name, name);
            if (order == 0)
            {
                return items[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return default;
    }

    private bool IsSizedAlike(AbiType type) => type is not AbiPrimitive primitive || !sizedUnlike.Contains(primitive.Kind);

    private void FindKindsOfOtherSizes()
    {
        foreach (AbiModel model in Models.Skip(1))
        {
            foreach (PrimitiveKind kind in PrimitiveKinds.All)
            {
                if (kind.SizeBytes(model.Target) != kind.SizeBytes(Models[0].Target))
                {
                    sizedUnlike.Add(kind);
                }
            }
        }
    }

    // What is the same everywhere is in the first model too, so a name says it of all of them.
    private void FindPortableNumbers()
    {
        foreach (AbiConstant constant in Models[0].Constants)
        {
            if ((IsSizedAlike(constant.Type) || constant.Value is not IntegerValue) && SameEverywhere(model => model.Constants, constant))
            {
                portableConstants.Add(constant.Name);
            }
        }

        foreach (AbiIoctl ioctl in Models[0].Ioctls)
        {
            if ((ioctl.Argument is not { } argument || IsPortable(argument)) && SameEverywhere(model => model.Ioctls, ioctl))
            {
                portableRequests.Add(ioctl.Name);
            }
        }
    }

    // Starts from all declarations that are equal everywhere and takes back those that name one that is not: a model alone has none.
    private void FindPortableTypes()
    {
        bool isOneByteOrder = Models.All(model => model.Target.IsLittleEndian == Models[0].Target.IsLittleEndian);
        foreach (AbiRecord record in Models[0].Records)
        {
            if (Models.All(model => record.Equals(model.Index.FindRecord(record.CName))) && (isOneByteOrder || !HasBitFields(record)))
            {
                portable.Add(record.CName);
            }
        }

        foreach (AbiEnum @enum in Models[0].Enums)
        {
            if (Models.All(model => ((IEnumerable<AbiEnum>)model.Enums).Contains(@enum)))
            {
                portable.Add(@enum.CName);
            }
        }

        int before = Models.Count == 1 ? portable.Count : int.MaxValue;
        while (portable.Count < before)
        {
            before = portable.Count;
            foreach (AbiModel model in Models)
            {
                foreach (AbiRecord record in model.Records)
                {
                    if (portable.Contains(record.CName) && !NamesOnlyPortable(model, record))
                    {
                        portable.Remove(record.CName);
                    }
                }
            }
        }
    }

    // The same bit numbers mean other bits of the integer where bytes are counted from the other end.
    private static bool HasBitFields(AbiRecord record) => record.Fields.Any(field =>
        field.IsBitField || (RecordIn(field.Type) is { } inline && HasBitFields(inline)));

    private static AbiRecord? RecordIn(AbiType type) => type switch
    {
        AbiInlineRecord inline => inline.Definition,
        AbiArray array => RecordIn(array.Element),
        _ => null,
    };

    private bool NamesOnlyPortable(AbiModel model, AbiRecord record)
    {
        foreach (AbiField field in record.Fields)
        {
            if (!NamesOnlyPortable(model, field.Type))
            {
                return false;
            }
        }

        return true;
    }

    private bool NamesOnlyPortable(AbiModel model, AbiType type)
    {
        AbiType named = type;
        type = model.Index.Resolve(type);
        return type switch
        {
            AbiPrimitive => IsSizedAlike(type),
            AbiOpaque opaque => Models.All(other => other.Index.SizeBytesOf(named) == opaque.SizeBytes),
            AbiInlineRecord => AreOnlyPortable(type.Parts),
            _ when model.Index.RecordOf(type) is { } record => portable.Contains(record.CName),
            _ when model.Index.EnumOf(type) is { } @enum => portable.Contains(@enum.CName),
            _ => AreOnlyPortable(type.Parts),
        };

        bool AreOnlyPortable(IEnumerable<AbiType> types) => types.All(part => NamesOnlyPortable(model, part));
    }
}
