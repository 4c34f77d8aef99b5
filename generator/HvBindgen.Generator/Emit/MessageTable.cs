using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Which record the payload of each type of message is, in one model.</summary>
internal sealed class MessageTable
{
    private readonly AbiModel model;
    private readonly MessageOptions options;
    private readonly AbiRecord? header;

    private MessageTable(AbiModel model, MessageOptions options)
    {
        (this.model, this.options) = (model, options);
        Types = model.Index.FindEnum(options.Types) ?? throw Missing(options.Types);
        List<string> missing = [];
        header = options.Headers.TryGetValue(model.Target.Name, out string? name) ? RecordNamed(name, missing) : null;
        List<(AbiEnumerator Type, AbiRecord Record)> payloads = [];
        foreach ((string key, string value) in options.Payloads.GetValueOrDefault(model.Target.Name, new Dictionary<string, string>()))
        {
            AbiEnumerator? type = TypeNamed(key, missing);
            AbiRecord? record = RecordNamed(value, missing);
            if (type is not null && record is not null)
            {
                payloads.Add((type, record));
            }
        }

        if (missing.Count > 0)
        {
            throw EmitException.Of([.. missing.Select(Missing)]);
        }

        Payloads = [.. payloads.OrderBy(payload => payload.Type.Value)];
        foreach (IGrouping<Int128, AbiEnumerator> same in Payloads.Select(payload => payload.Type).GroupBy(type => type.Value))
        {
            if (same.Count() > 1)
            {
                throw new EmitException(
                    $"{model.Set}: {string.Join(" and ", same.Select(type => type.Name))} are one type, and both have a payload on "
                        + $"{model.Target.Name}");
            }
        }
    }

    /// <summary>The types of messages.</summary>
    internal AbiEnum Types { get; }

    /// <summary>The types whose payload is known, by number.</summary>
    internal IReadOnlyList<(AbiEnumerator Type, AbiRecord Record)> Payloads { get; }

    /// <summary>Reads the configuration with the eyes of one model.</summary>
    /// <exception cref="EmitException">It names all that the headers do not have.</exception>
    internal static MessageTable Of(AbiModel model, MessageOptions options) => new(model, options);

    /// <summary>Every record that a message carries or that begins what it carries, with the types of those messages.</summary>
    internal IEnumerable<(AbiRecord Record, IReadOnlyList<AbiEnumerator> Types)> Contents()
    {
        foreach (IGrouping<string, (AbiEnumerator Type, AbiRecord Record)> group in Payloads.GroupBy(payload => payload.Record.CName))
        {
            yield return (group.First().Record, [.. group.Select(payload => payload.Type)]);
        }

        if (header is not null && !Payloads.Any(payload => payload.Record.CName == header.CName))
        {
            yield return (header, [.. Payloads.Where(payload => BeginsWith(payload.Record, header)).Select(payload => payload.Type)]);
        }
    }

    private bool BeginsWith(AbiRecord record, AbiRecord first) =>
        record.Fields.Count > 0 && model.Index.RecordOf(model.Index.Resolve(record.Fields[0].Type))?.CName == first.CName;

    private AbiEnumerator? TypeNamed(string name, List<string> missing)
    {
        AbiEnumerator? type = ((IEnumerable<AbiEnumerator>)Types.Enumerators).FirstOrDefault(type => type.Name == name);
        if (type is null)
        {
            missing.Add($"{name} in {options.Types}");
        }

        return type;
    }

    private AbiRecord? RecordNamed(string name, List<string> missing)
    {
        if (model.Index.FindRecord(name) is { SizeBytes: > 0 } record)
        {
            return record;
        }

        missing.Add(name);
        return null;
    }

    private EmitException Missing(string name) =>
        new($"\"messages\" of {model.Set} names {name}, which its headers for {model.Target.Name} do not have");
}
