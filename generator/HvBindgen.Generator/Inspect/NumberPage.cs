using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Inspect;

/// <summary>Explains a request number: its parts, every request that has it, and the nearest ones where none has.</summary>
public sealed class NumberPage
{
    private const int MaxNear = 8;
    private readonly IoctlNumber number;
    private readonly TargetInfo target;
    private readonly List<(InspectedSet Set, IoctlRow Row)> exact = [];
    private readonly List<(InspectedSet Set, IoctlRow Row, string Why)> near = [];

    /// <summary>Looks a number up.</summary>
    /// <param name="request">The number.</param>
    /// <param name="target">The machine that packed it.</param>
    /// <param name="sets">Sets to search.</param>
    public NumberPage(uint request, TargetInfo target, IReadOnlyList<InspectedSet> sets)
    {
        (this.target, number) = (target, IoctlNumber.Decode(request, target));
        foreach (InspectedSet set in sets)
        {
            foreach (IoctlRow row in IoctlTable.RowsOf(set))
            {
                if (row.Ioctl.Request == request)
                {
                    exact.Add((set, row));
                }
                else if (WhyNear(set, row.Ioctl) is { } why)
                {
                    near.Add((set, row, why));
                }
            }
        }

        // A request that several kinds of descriptor take is one candidate.
        IEnumerable<(InspectedSet Set, IoctlRow Row, string Why)> joined = near.GroupBy(one => (one.Set, one.Row.Ioctl))
            .Select(same => (same.Key.Set, Joined([.. same.Select(one => one.Row)]), same.First().Why));
        near =
        [
            .. joined.OrderBy(one => one.Row.Ioctl.Number == number.Number ? 0 : 1).ThenBy(
                one => Math.Abs(one.Row.Ioctl.Number - number.Number)).Take(MaxNear),
        ];
    }

    /// <summary>Whether a request has the number.</summary>
    public bool IsKnown => exact.Count > 0;

    /// <summary>Draws the explanation.</summary>
    /// <param name="width">Columns of the terminal, or <see cref="Page.Unlimited"/>.</param>
    /// <returns>The page.</returns>
    public Page Draw(int width)
    {
        Page page = new();
        page.Add(new Piece($"0x{number.Request:x8}", Tone.Title), "  ", IoctlText.Macro(number));
        page.Space();
        IoctlText.DrawOn(page, number, target, width);
        page.Space();
        Table table = new(
            new Column("set"),
            new Column("descriptor", Folds: true),
            new Column("name"),
            new Column("argument", Folds: true),
            new Column("", Folds: true));
        foreach ((InspectedSet set, IoctlRow row) in exact)
        {
            bool isFirst = true;
            foreach (string argument in ArgumentsOf(set, row))
            {
                table.Add(
                    isFirst
                        ? set.Name
                        : "", isFirst
                            ? row.Descriptor
                            : "", isFirst ? new Piece(row.Ioctl.Name, Tone.Name) : new Piece("or with", Tone.Faint),
                    new Piece(argument, Tone.Type), isFirst ? new Piece(row.Only, Tone.Warning) : "");
                isFirst = false;
            }
        }

        if (!IsKnown)
        {
            page.Add(
                new Piece("No known request has this number.", Tone.Warning),
                near.Count > 0 ? " The nearest of its type:" : $" None of type 0x{number.Type:x2} is known.");
            page.Space();
            foreach ((InspectedSet set, IoctlRow row, string why) in near)
            {
                table.Add(
                    set.Name,
                    row.Descriptor,
                    new Piece(row.Ioctl.Name, Tone.Name),
                    new Piece($"0x{row.Ioctl.Request:x8}", Tone.Value),
                    why);
            }
        }

        table.DrawOn(page, width, "  ");
        return page;
    }

    /// <summary>Writes the same for programs.</summary>
    /// <returns>JSON ending in a line feed.</returns>
    public string Write() => JsonText.Write(
        new NumberDocument(
            $"0x{number.Request:x8}",
            IoctlText.Word(number.Direction),
            number.Type,
            number.Number,
            number.SizeBytes,
            [.. exact.Select(one => IoctlTable.DocumentOf(one.Set, one.Row))],
            IsKnown ? [] : [.. near.Select(one => IoctlTable.DocumentOf(one.Set, one.Row, one.Why))]),
        InspectJsonContext.Text.NumberDocument);

    private static IoctlRow Joined(IReadOnlyList<IoctlRow> rows) =>
        rows[0] with { Descriptor = string.Join(", ", rows.Select(row => row.Descriptor)) };

    private static string[] ArgumentsOf(InspectedSet set, IoctlRow row)
    {
        AbiModel model = set.Models.First(one => one.Target.Name == row.Targets[0]);
        string[] arguments = [.. IoctlText.ArgumentsOf(set, row.Ioctl).Select(type => Sized(model, type))];
        return arguments.Length > 0 ? arguments : [""];
    }

    private static string Sized(AbiModel model, AbiType type) =>
        model.Index.SizeBytesOf(type) is { } size ? $"{type}, {IoctlText.Bytes(size)}" : type.ToString();

    // The same request in another generation of the headers has another size; a neighbour has another number.
    private string? WhyNear(InspectedSet set, AbiIoctl ioctl)
    {
        if (ioctl.Type != number.Type)
        {
            return null;
        }

        if (ioctl.Number != number.Number)
        {
            return $"nr 0x{ioctl.Number:x2}";
        }

        IEnumerable<AbiType> alternates = IoctlText.ArgumentsOf(set, ioctl).Skip(ioctl.Argument is null ? 0 : 1);
        IEnumerable<(AbiType Type, long? SizeBytes)> sized =
            set.Models.SelectMany(model => alternates.Select(type => (type, model.Index.SizeBytesOf(type))));
        if (sized.FirstOrDefault(one => one.SizeBytes == number.SizeBytes) is { Type: { } alternate })
        {
            return $"would have this size with {alternate}";
        }

        List<string> differences = [];
        if (ioctl.SizeBytes != number.SizeBytes)
        {
            differences.Add($"size {ioctl.SizeBytes}");
        }

        if (ioctl.Direction != number.Direction)
        {
            differences.Add($"direction {IoctlText.Word(ioctl.Direction)}");
        }

        return $"same nr, {string.Join(", ", differences)}";
    }
}
