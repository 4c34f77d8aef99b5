using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

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
                Table table = new(
                    new Column("number"),
                    new Column("nr", Rank: 1),
                    new Column("direction", Folds: true, Rank: 2),
                    new Column("size", IsRight: true, Rank: 3),
                    new Column("name"),
                    new Column("argument", Folds: true, Rank: 4),
                    new Column("", Folds: true));
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

    /// <summary>Writes the list for programs.</summary>
    /// <param name="sets">Sets to list.</param>
    /// <returns>JSON ending in a line feed: an object whose member <c>ioctls</c> is the list.</returns>
    public static string Write(IReadOnlyList<InspectedSet> sets) => JsonText.Write(
        new RequestsDocument([.. sets.SelectMany(set => RowsOf(set).Select(row => DocumentOf(set, row)))]),
        InspectJsonContext.Text.RequestsDocument);

    /// <summary>What is known of one request; <paramref name="differs"/> says why it is not the one that was asked for.</summary>
    internal static RequestDocument DocumentOf(InspectedSet set, IoctlRow row, string? differs = null) => new(
        row.Descriptor,
        set.Name,
        row.Ioctl.Name,
        $"0x{row.Ioctl.Request:x8}",
        IoctlText.Word(row.Ioctl.Direction),
        row.Ioctl.Type,
        row.Ioctl.Number,
        row.Ioctl.SizeBytes,
        [.. IoctlText.ArgumentsOf(set, row.Ioctl).Select(type => type.ToString())],
        row.Targets,
        row.Ioctl.Location.Header,
        differs);

    /// <summary>
    /// The requests of a set, one row for each kind of descriptor; one that targets have in different forms has a row for each.
    /// </summary>
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
                    descriptor, one.Ioctl, one.Targets, one.Targets.Count < set.Models.Count
                        ? $"{string.Join(", ", one.Targets)} only"
                        : "")))
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
