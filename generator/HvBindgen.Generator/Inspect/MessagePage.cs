using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Inspect.Layout;
using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Inspect.Values;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Inspect;

/// <summary>Explains the bytes of a message: its header, and its payload as the record that the header's type stands for.</summary>
/// <remarks>The bytes come from anywhere. What lies outside of them is said to be missing; nothing in them is believed.</remarks>
public sealed class MessagePage
{
    private const int MaxElements = 64;
    private readonly InspectedSet set;
    private readonly AbiModel model;
    private readonly byte[] bytes;
    private readonly ValueReader values;
    private readonly List<(string Title, IReadOnlyList<ValueNode> Values)> parts = [];
    private readonly List<string> notes = [];
    private ReadOnlyMemory<byte> rest;
    private long restStart;

    private MessagePage(InspectedSet set, AbiModel model, byte[] bytes)
    {
        (this.set, this.model, this.bytes) = (set, model, bytes);
        values = new ValueReader(model, set.Options.Values, bytes);
    }

    /// <summary>Whether the record of all bytes is known.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Reads a whole message.</summary>
    /// <param name="bytes">The message, possibly with something behind it.</param>
    /// <param name="set">Set that has messages.</param>
    /// <param name="model">Its model of the machine that the message was for.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InspectException">There are too few bytes, or the configuration names what the headers do not have.</exception>
    public static MessagePage OfMessage(byte[] bytes, InspectedSet set, AbiModel model)
    {
        MessagePage page = new(set, model, bytes);
        page.ReadMessage(set.Options.Messages ?? throw new InspectException(
            $"the configuration does not say how to read messages of {set.Name}",
            "Add \"messages\" to the set; hvbindgen.schema.json describes it."));
        return page;
    }

    /// <summary>Reads bytes as one record.</summary>
    /// <param name="bytes">The bytes, possibly with something behind the record.</param>
    /// <param name="set">The set.</param>
    /// <param name="model">Its model of the machine that wrote the bytes.</param>
    /// <param name="record">A record of the model.</param>
    /// <returns>The page.</returns>
    public static MessagePage OfRecord(byte[] bytes, InspectedSet set, AbiModel model, AbiRecord record)
    {
        MessagePage page = new(set, model, bytes) { IsKnown = true };
        page.AddPart(record, 0);
        page.Rest(record.SizeBytes);
        return page;
    }

    /// <summary>Draws the page.</summary>
    /// <param name="width">Columns of the terminal, or <see cref="Page.Unlimited"/>.</param>
    /// <returns>The page.</returns>
    public Page Draw(int width)
    {
        Page page = new();
        foreach ((string title, IReadOnlyList<ValueNode> part) in parts)
        {
            page.Space();
            page.Add(new Piece(title, Tone.Title), new Piece($"  set {set.Name}, {model.Target.Name}", Tone.Faint));
            ValueTable.DrawOn(page, part, width);
        }

        if (notes.Count > 0)
        {
            page.Space();
            notes.ForEach(note => page.Add(new Piece("! ", Tone.Warning), note));
        }

        if (!rest.IsEmpty)
        {
            page.Space();
            HexDump.DrawOn(page, rest.Span, restStart, width);
        }

        return page;
    }

    /// <summary>Writes the same for programs.</summary>
    /// <returns>JSON ending in a line feed.</returns>
    public string Write() => JsonText.Write(
        new MessageDocument(
            set.Name,
            model.Target.Name,
            IsKnown,
            [.. parts.Select(part => new MessageRecordDocument(part.Title, ValueTable.DocumentsOf(part.Values)))],
            notes,
            Convert.ToHexStringLower(rest.Span)),
        InspectJsonContext.Text.MessageDocument);

    private void ReadMessage(MessageOptions options)
    {
        AbiRecord whole = Require(options.Record);
        IReadOnlyList<MemberNode> members = Members(whole, 0);
        MemberNode type = RequireMember(whole, members, options.Type);
        MemberNode size = RequireMember(whole, members, options.Size);
        MemberNode payload = RequireMember(whole, members, options.Payload);
        long headerBytes = payload.OffsetBits / 8;
        if (bytes.Length < headerBytes)
        {
            throw new InspectException(
                $"{IoctlText.Bytes(bytes.Length)} are no message: the header of a {whole.CName} alone has {headerBytes}",
                "Give all bytes that the kernel wrote.", isInput: true);
        }

        // The header is every member that ends before the payload starts.
        parts.Add((whole.CName, values.Read([.. members.Where(member => member.EndBits <= payload.OffsetBits)])));
        long room = payload.WidthBits / 8;
        Int128 told = values.Number(size) ?? 0;
        Int128 number = values.Number(type) ?? 0;
        string name = NameOf(options, number);
        if (told > room)
        {
            notes.Add($"{options.Size} is {told}, and there is room for {room} bytes");
        }

        if (name.Length > 0 && PayloadOf(options, name) is { } record)
        {
            IsKnown = true;
            AddPart(record, headerBytes);
            if (told < record.SizeBytes)
            {
                notes.Add(
                    $"{options.Size} is {told}, less than the {record.SizeBytes} bytes of {record.CName}: what lies behind may be old");
            }

            Rest(whole.SizeBytes);
            return;
        }

        notes.Add(name.Length > 0
            ? $"{name} on {model.Target.Name} has no payload record in the configuration; its bytes:"
            : $"unknown type {Numbers.Hexadecimal(number)}, which {options.Types} does not have; its bytes:");
        long end = headerBytes + (long)Int128.Min(told > 0 ? Int128.Min(told, room) : room, bytes.Length - headerBytes);
        (rest, restStart) = (bytes.AsMemory((int)headerBytes..(int)end), headerBytes);
    }

    private void AddPart(AbiRecord record, long startBytes)
    {
        parts.Add((record.CName, values.Read(Members(record, startBytes * 8))));
        long missing = startBytes + record.SizeBytes - bytes.Length;
        if (missing > 0)
        {
            notes.Add($"the input ends {IoctlText.Bytes(missing)} before {record.CName} does");
        }
    }

    private void Rest(long end)
    {
        if (bytes.Length > end)
        {
            notes.Add($"{IoctlText.Bytes(bytes.Length - end)} of the input lie behind the end and are not shown");
        }
    }

    private IReadOnlyList<MemberNode> Members(AbiRecord record, long baseBits) =>
        new MemberTree(set.TypesOf(model), MaxElements, unfoldsAll: true).Of(record, baseBits);

    private string NameOf(MessageOptions options, Int128 number)
    {
        AbiEnum types = model.Index.FindEnum(options.Types) ?? throw Unconfigured(options.Types);
        AbiEnumerator[] named = [.. ((IEnumerable<AbiEnumerator>)types.Enumerators).Where(one => one.Value == number)];

        // Two names may share a number; the one whose payload is known says more.
        return (named.FirstOrDefault(one => PayloadOf(options, one.Name) is not null) ?? named.FirstOrDefault())?.Name ?? "";
    }

    private AbiRecord? PayloadOf(MessageOptions options, string name) =>
        options.Payloads.TryGetValue(model.Target.Name, out IReadOnlyDictionary<string, string>? payloads)
            && payloads.TryGetValue(name, out string? record)
            ? Require(record)
            : null;

    private AbiRecord Require(string name) => model.Index.FindRecord(name) ?? throw Unconfigured(name);

    private MemberNode RequireMember(AbiRecord record, IReadOnlyList<MemberNode> members, string path)
    {
        MemberNode? found = null;
        foreach (string name in path.Split('.'))
        {
            found = MemberNode.Hoisted(found?.Children ?? members).FirstOrDefault(
                member => member.Name == name) ?? throw Unconfigured($"{record.CName}.{path}");
        }

        return found!;
    }

    private InspectException Unconfigured(string name) => new(
        $"\"messages\" of {set.Name} names {name}, which its headers for {model.Target.Name} do not have",
        "Correct the configuration, or write the snapshots again with: hvbindgen snapshot");
}
