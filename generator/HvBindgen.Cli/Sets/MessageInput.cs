using HvBindgen.Cli.Running;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Sets;

/// <summary>Reads a message from a file and finds the set and the machine it belongs to.</summary>
internal static class MessageInput
{
    /// <summary>Reads and explains the bytes of a file.</summary>
    /// <param name="file">The file, or <c>-</c> for standard input.</param>
    /// <param name="record">Record that the bytes are; null for a whole message.</param>
    /// <param name="sets">Sets to search.</param>
    internal static MessagePage Read(string file, string? record, IReadOnlyList<InspectedSet> sets)
    {
        string source = file == "-" ? "standard input" : CommandContext.Shorten(file);
        byte[] bytes = HexInput.Read(ReadBytes(file, source), source);
        if (record is not null)
        {
            return ReadRecord(bytes, record, sets);
        }

        IReadOnlyList<InspectedSet> speaking = [.. sets.Where(set => set.Options.Messages is not null)];
        if (speaking.Count != 1)
        {
            throw new InspectException(
                speaking.Count == 0
                    ? "no selected set says how its messages are read"
                    : $"several sets have messages: {string.Join(", ", speaking.Select(set => set.Name))}",
                speaking.Count == 0 ? "Add \"messages\" to a set; hvbindgen.schema.json describes it." : "Name one with --set.");
        }

        // Some types have a payload on one machine only, and that decides.
        IEnumerable<MessagePage> pages = speaking[0].Models.Select(model => MessagePage.OfMessage(bytes, speaking[0], model));
        return pages.FirstOrDefault(page => page.IsKnown) ?? pages.First();
    }

    private static MessagePage ReadRecord(byte[] bytes, string record, IReadOnlyList<InspectedSet> sets)
    {
        Declaration found = new Catalogue(sets).Find(record).FirstOrDefault(one => one is { Kind: DeclarationKind.Record, Member: "" })
            ?? throw new InspectException($"{record} is no record", "hvbindgen show NAME says what it is.");
        int side = ((IEnumerable<IAbiDeclaration?>)found.Sides).TakeWhile(one => one is null).Count();
        return MessagePage.OfRecord(bytes, found.Set, found.Set.Models[side], (AbiRecord)found.Sides[side]!);
    }

    private static byte[] ReadBytes(string file, string source)
    {
        try
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            byte[] buffer = new byte[HexInput.MaxBytes + 1];
            int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return count <= HexInput.MaxBytes
                ? buffer[..count]
                : throw new InspectException($"{source}: longer than {HexInput.MaxBytes} bytes", "Give the message alone.", isInput: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InspectException(
                $"{source}: cannot be read: {fault.Message}",
                "Name a file that is there and readable, or - for standard input.",
                isInput: true);
        }
    }
}
