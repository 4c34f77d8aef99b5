using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>A record that a request takes, or one that lies inside such a record. Behind a pointer begins another argument.</summary>
/// <param name="Name">Its name; for a record defined in place the record around it and the member.</param>
/// <param name="Record">Its layout.</param>
/// <param name="Model">The target's declarations.</param>
/// <param name="Location">Where it is defined, or what is around it.</param>
internal sealed record ArgumentRecord(string Name, AbiRecord Record, AbiModel Model, SourceLocation Location)
{
    private readonly List<string> requests = [];

    /// <summary>Names of the requests that it is part of.</summary>
    internal IReadOnlyList<string> Requests => requests;

    /// <summary>Whether it is the whole argument of a request.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>Members that C lets one name, in order of declaration.</summary>
    internal IReadOnlyList<AbiMember> Members { get; } = [.. Record.Members().Where(member => !member.Field.IsAnonymousRecord)];

    internal string SymbolOf(AbiMember member) => $"{Name}.{member.Field.Name}";

    /// <summary>The records of all arguments, each once.</summary>
    internal static IReadOnlyList<ArgumentRecord> Of(AbiModel model, IEnumerable<(AbiIoctl Ioctl, AbiType Type)> types)
    {
        Dictionary<string, ArgumentRecord> found = new(StringComparer.Ordinal);
        foreach ((AbiIoctl ioctl, AbiType type) in types)
        {
            if (Add(model, type, "", ioctl.Name, ioctl.Location, found) is { } whole)
            {
                whole.IsWhole = true;
            }
        }

        return [.. found.Values];
    }

    /// <summary>The type below arrays and typedefs.</summary>
    internal static AbiType ElementOf(AbiModel model, AbiType type)
    {
        type = model.Index.Resolve(type);
        while (type is AbiArray array)
        {
            type = model.Index.Resolve(array.Element);
        }

        return type;
    }

    private static ArgumentRecord? Add(
        AbiModel model, AbiType type, string label, string request, SourceLocation around, Dictionary<string, ArgumentRecord> found)
    {
        if (model.Index.RecordOf(ElementOf(model, type)) is not { } record)
        {
            return null;
        }

        bool isNamed = record.Name.Length > 0;
        string key = isNamed ? record.CName : label;
        if (!found.TryGetValue(key, out ArgumentRecord? argument))
        {
            argument = new ArgumentRecord(isNamed ? record.Name : label, record, model, isNamed ? record.Location : around);
            found.Add(key, argument);
        }

        if (!argument.requests.Contains(request))
        {
            argument.requests.Add(request);
            foreach (AbiMember member in argument.Members)
            {
                Add(model, member.Field.Type, argument.SymbolOf(member), request, argument.Location, found);
            }
        }

        return argument;
    }
}
