namespace HvBindgen.Generator.Inspect.Text;

/// <summary>What a piece of text is; a terminal shows it as a colour.</summary>
internal enum Tone
{
    Plain,

    /// <summary>Name of what a page is about.</summary>
    Title,

    /// <summary>A name from the headers.</summary>
    Name,

    /// <summary>A C or C# type.</summary>
    Type,

    /// <summary>A number that was read or encoded.</summary>
    Value,

    /// <summary>What helps the eye and carries nothing.</summary>
    Faint,

    /// <summary>What differs, or is not as it should be.</summary>
    Warning,
}

/// <summary>Text of one tone, without line ends.</summary>
internal readonly record struct Piece(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Piece(string text) => new(text);
}

/// <summary>Several pieces on one line, as a cell of a table.</summary>
internal readonly record struct Cell(params Piece[] Pieces)
{
    internal int Width => Pieces is null ? 0 : Pieces.Sum(piece => piece.Text.Length);

    public static implicit operator Cell(string text) => new(new Piece(text));

    public static implicit operator Cell(Piece piece) => new(piece);

    /// <summary>Width of the longest word.</summary>
    internal int LongestWord => Pieces is null ? 0 : string.Concat(Pieces.Select(piece => piece.Text)).Split(' ').Max(word => word.Length);

    /// <summary>The cell in as many lines as it needs at a width; a word that is wider stands alone.</summary>
    internal Cell[] Fold(int width)
    {
        if (Width <= width)
        {
            return [this];
        }

        List<Cell> folded = [];
        List<Piece> line = [];
        int used = 0;
        foreach (Piece word in Words())
        {
            string text = used == 0 ? word.Text.TrimStart(' ') : word.Text;
            if (used > 0 && used + text.TrimEnd(' ').Length > width)
            {
                folded.Add(new Cell([.. line]));
                (line, used) = ([], 0);
                text = text.TrimStart(' ');
            }

            line.Add(word with { Text = text });
            used += text.Length;
        }

        folded.Add(new Cell([.. line]));
        return [.. folded];
    }

    // Each word with the spaces behind it.
    private IEnumerable<Piece> Words()
    {
        foreach (Piece piece in Pieces)
        {
            for (int at = 0; at < piece.Text.Length;)
            {
                int start = at;
                at = piece.Text.IndexOf(' ', at);
                at = at < 0 ? piece.Text.Length : at;
                while (at < piece.Text.Length && piece.Text[at] == ' ')
                {
                    at++;
                }

                yield return piece with { Text = piece.Text[start..at] };
            }
        }
    }
}
