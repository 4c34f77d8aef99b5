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

    /// <summary>The cell cut to a width; a sign stands for what is missing, at its end or at its start.</summary>
    internal Cell Cut(int width, bool keepsEnd)
    {
        if (Width <= width)
        {
            return this;
        }

        List<Piece> kept = [];
        int room = width - 1;
        foreach (Piece piece in keepsEnd ? Pieces.Reverse() : Pieces)
        {
            int taken = Math.Min(room, piece.Text.Length);
            kept.Add(piece with { Text = keepsEnd ? piece.Text[^taken..] : piece.Text[..taken] });
            room -= taken;
        }

        kept.Add(new Piece("…", Tone.Faint));
        if (keepsEnd)
        {
            kept.Reverse();
        }

        return new Cell([.. kept]);
    }
}
