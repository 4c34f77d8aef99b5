using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Looks up in one model what the configuration says about its requests.</summary>
internal sealed class RequestRows(AbiModel model, RequestOptions options)
{
    /// <summary>A row for each request and kind of descriptor that takes it, in the order of the headers.</summary>
    /// <exception cref="EmitException">A request is not spoken of, or the configuration names what the headers do not have.</exception>
    internal EquatableArray<RequestRow> Read() => EquatableArray.From(Refusals.Each(
        ((IEnumerable<AbiIoctl>)model.Ioctls).OrderBy(
            ioctl => ioctl.Location.Header, StringComparer.Ordinal).ThenBy(ioctl => ioctl.Location.Line),
        RowsOf).SelectMany(rows => rows));

    private IEnumerable<RequestRow> RowsOf(AbiIoctl ioctl)
    {
        if (!options.Arguments.TryGetValue(ioctl.Name, out RequestFacts? facts))
        {
            throw new EmitException(
                $"\"requests\" of {model.Set} does not speak of {ioctl.Name}: say what its argument points to, or {{}} for nothing");
        }

        AbiRecord? argument = ioctl.Argument is { } type ? model.Index.RecordOf(model.Index.Resolve(type)) : null;
        ArgumentMember Member(string name) => MemberOf(ioctl, argument, name);
        EquatableArray<PointedMemory> memory = EquatableArray.From(facts.Memory.Select(
            each => each.Size is { } size
                ? new PointedMemory(Member(each.Pointer), Member(size), UnitBits(each.Unit), each.Use)
                : new PointedMemory(Member(each.Pointer), default, PointedBits(ioctl, argument, each.Pointer), each.Use)));
        EquatableArray<ArgumentMember> descriptors = EquatableArray.From(facts.Descriptors.Select(Member));
        (ArgumentMember, long)? elements = facts.Elements is { } tail
            ? (Member(tail.Count), ElementBytes(ioctl, argument, tail.Array))
            : null;
        LongerArgument? longer = facts.Longer is { } record
            ? new LongerArgument(
                Require(record.Record).SizeBytes, Member(record.Flags), (int)ValueOf(record.Bit), (ulong)ValueOf(record.Known))
            : null;
        return ioctl.Descriptors.Select(descriptor => new RequestRow(
            descriptor, ioctl.Name, ioctl.Request, ioctl.SizeBytes, facts.Creates, memory, descriptors, elements, longer,
            ioctl.Direction.HasFlag(IoctlDirection.Read), facts.RefusesOnes));
    }

    private long PointedBits(AbiIoctl ioctl, AbiRecord? argument, string name) =>
        argument?.HoistedFields().FirstOrDefault(field => field.Name == name)?.Type is AbiPointer { Target: { } pointed }
            && model.Index.SizeBytesOf(pointed) is long sizeBytes
            ? sizeBytes * 8
            : throw new EmitException(
                $"\"requests\" of {model.Set}: give the size of what {name} of the argument of {ioctl.Name} points to; "
                    + "its type does not say");

    private ArgumentMember MemberOf(AbiIoctl ioctl, AbiRecord? argument, string name)
    {
        AbiField field = argument?.HoistedFields().FirstOrDefault(field => field.Name == name)
            ?? throw Missing($"member {name} of the argument of {ioctl.Name}");
        return field is { IsBitField: false, WidthBits: 8 or 16 or 32 or 64 }
            ? new ArgumentMember(field.OffsetBits / 8, field.WidthBits / 8)
            : throw new EmitException($"\"requests\" of {model.Set}: member {name} of the argument of {ioctl.Name} is no integer");
    }

    private long ElementBytes(AbiIoctl ioctl, AbiRecord? argument, string name)
    {
        AbiField? array = argument?.HoistedFields().FirstOrDefault(field => field.Name == name && field.IsFlexibleArray);
        return array?.Type is AbiArray { Element: var element } && model.Index.RecordOf(model.Index.Resolve(element)) is { } record
            ? record.SizeBytes
            : throw Missing($"flexible array {name} of records in the argument of {ioctl.Name}");
    }

    private long UnitBits(string unit) => unit switch
    {
        "bit" => 1,
        "byte" => 8,
        _ => Require(unit).SizeBytes * 8,
    };

    private AbiRecord Require(string name) => model.Index.FindRecord(name) is { SizeBytes: > 0 } record ? record : throw Missing(name);

    private Int128 ValueOf(string name) =>
        ((IEnumerable<AbiConstant>)model.Constants).FirstOrDefault(
            constant => constant.Name == name)?.Value is IntegerValue { Value: var value }
            ? value
            : ((IEnumerable<AbiEnum>)model.Enums).SelectMany(@enum => (IEnumerable<AbiEnumerator>)@enum.Enumerators)
                .FirstOrDefault(enumerator => enumerator.Name == name)?.Value ?? throw Missing(name);

    private EmitException Missing(string name) =>
        new($"\"requests\" of {model.Set} names {name}, which its headers for {model.Target.Name} do not have");
}
