using System.Text.Json;
using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Lists the ioctl requests of sets by the kind of descriptor that takes them.</summary>
public static class IoctlTable
{
    /// <summary>Draws the list.</summary>
    /// <param name="sets">Sets to list.</param>
    /// <param name="width">Columns of the terminal, or <see cref="Page.Unlimited"/>.</param>
    /// <returns>The page.</returns>
    public static Page Draw(IReadOnlyList<InspectedSet> sets, int width)
    {
        Page page = new();
        foreach (InspectedSet set in sets)
        {
            List<IoctlRow> rows = RowsOf(set);
            foreach (IGrouping<string, IoctlRow> descriptor in rows.GroupBy(row => row.Descriptor))
            {
                page.Space();
                page.Add(new Piece($"{set.Name} {descriptor.Key}", Tone.Title), new Piece($"  {Requests(descriptor.Count())}", Tone.Faint));
                Table table = new(new Column("number"), new Column("nr"), new Column("direction"), new Column("size", IsRight: true), new Column("name", 20), new Column("argument", 16), new Column(""));
                foreach (IoctlRow row in descriptor)
                {
                    AbiIoctl ioctl = row.Ioctl;
                    table.Add(
                        new Piece($"0x{ioctl.Request:x8}", Tone.Value), $"0x{ioctl.Number:x2}", IoctlText.Word(ioctl.Direction),
                        ioctl.SizeBytes > 0 ? $"{ioctl.SizeBytes}" : "", new Piece(ioctl.Name, Tone.Name),
                        new Piece(string.Join(" or ", IoctlText.ArgumentsOf(set, ioctl)), Tone.Type), new Piece(row.Only, Tone.Warning));
                }

                table.DrawOn(page, width, "  ");
            }
        }

        return page;
    }

    /// <summary>Writes the list as the member <c>ioctls</c> of an object that is open.</summary>
    /// <param name="json">Receives the list.</param>
    /// <param name="sets">Sets to list.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<InspectedSet> sets)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray("ioctls");
        foreach (InspectedSet set in sets)
        {
            foreach (IoctlRow row in RowsOf(set))
            {
                json.WriteStartObject();
                json.WriteString("descriptor", row.Descriptor);
                WriteMembers(json, set, row.Ioctl, row.Targets);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what is known of one request as members of an object that is open.</summary>
    internal static void WriteMembers(Utf8JsonWriter json, InspectedSet set, AbiIoctl ioctl, IReadOnlyList<string> targets)
    {
        json.WriteString("set", set.Name);
        json.WriteString("name", ioctl.Name);
        json.WriteString("request", $"0x{ioctl.Request:x8}");
        json.WriteString("direction", IoctlText.Word(ioctl.Direction));
        json.WriteNumber("type", ioctl.Type);
        json.WriteNumber("nr", ioctl.Number);
        json.WriteNumber("size", ioctl.SizeBytes);
        Strings(json, "arguments", IoctlText.ArgumentsOf(set, ioctl).Select(type => type.ToString()));
        Strings(json, "targets", targets);
        json.WriteString("header", ioctl.Location.Header);
    }

    internal static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>The requests of a set, one row for each kind of descriptor; one that targets have in different forms has a row for each.</summary>
    internal static List<IoctlRow> RowsOf(InspectedSet set)
    {
        List<(AbiIoctl Ioctl, List<string> Targets)> found = [];
        foreach (AbiModel model in set.Models)
        {
            foreach (AbiIoctl ioctl in model.Ioctls)
            {
                int known = found.FindIndex(one => one.Ioctl.Equals(ioctl));
                if (known < 0)
                {
                    found.Add((ioctl, []));
                    known = found.Count - 1;
                }

                found[known].Targets.Add(model.Target.Name);
            }
        }

        return
        [
            .. found.SelectMany(one => ((IEnumerable<string>)one.Ioctl.Descriptors).Select(descriptor => new IoctlRow(
                    descriptor, one.Ioctl, one.Targets, one.Targets.Count < set.Models.Count ? $"{string.Join(", ", one.Targets)} only" : "")))
                .OrderBy(row => row.Descriptor, StringComparer.Ordinal).ThenBy(row => row.Ioctl.Type).ThenBy(row => row.Ioctl.Number)
                .ThenBy(row => row.Ioctl.Name, StringComparer.Ordinal),
        ];
    }

    private static string Requests(int count) => count == 1 ? "1 request" : $"{count} requests";
}

/// <summary>A request on one kind of descriptor.</summary>
/// <param name="Descriptor">Kind of descriptor.</param>
/// <param name="Ioctl">The request.</param>
/// <param name="Targets">Targets that have it in this form.</param>
/// <param name="Only">Says so where these are not all; empty otherwise.</param>
internal sealed record IoctlRow(string Descriptor, AbiIoctl Ioctl, IReadOnlyList<string> Targets, string Only);
