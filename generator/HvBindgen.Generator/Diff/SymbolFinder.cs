using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>
/// Tells whether a model declares what a person names: a declaration, <c>record.field</c>, an enumerator with or without its enum.
/// </summary>
internal static class SymbolFinder
{
    internal static bool Declares(AbiModel model, string symbol)
    {
        int dot = symbol.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? model.Declarations.Any(declaration => declaration.Name == symbol) || HasEnumerator(model, null, symbol)
            : HasField(model, symbol[..dot], symbol[(dot + 1)..]) || HasEnumerator(model, symbol[..dot], symbol[(dot + 1)..]);
    }

    private static bool HasField(AbiModel model, string record, string path)
    {
        foreach (AbiRecord candidate in model.Records)
        {
            if (candidate.Name == record)
            {
                return HasField(candidate, path);
            }
        }

        return false;
    }

    // Members of a record that is defined in place go on behind a dot: the path follows them.
    private static bool HasField(AbiRecord record, string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string name = dot < 0 ? path : path[..dot];
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.Name == name)
            {
                return dot < 0 || (field.Type.InlineRecord(behindPointers: true) is { } inline && HasField(inline, path[(dot + 1)..]));
            }
        }

        return false;
    }

    private static bool HasEnumerator(AbiModel model, string? @enum, string name)
    {
        foreach (AbiEnum candidate in model.Enums)
        {
            foreach (AbiEnumerator enumerator in candidate.Enumerators)
            {
                if (enumerator.Name == name && (@enum is null || candidate.Name == @enum))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
