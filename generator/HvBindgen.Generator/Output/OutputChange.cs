namespace HvBindgen.Generator.Output;

/// <summary>A file on disk that is not what the generator would write.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="Before">Content on disk; empty for a new file.</param>
/// <param name="After">Content to write; empty for a file that is no longer generated.</param>
public sealed record OutputChange(string Path, OutputChangeKind Kind, ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After)
{
    /// <summary>The difference line by line, in the form of <c>diff -u</c>.</summary>
    /// <param name="name">Name of the file for the two title lines.</param>
    /// <param name="maxLines">How many lines are shown at most.</param>
    /// <returns>Text with LF line ends; it says so when it is cut.</returns>
    public string ToDiff(string name, int maxLines = 200) => LineDiff.Between(name, Before.Span, After.Span, maxLines);
}

/// <summary>How a file differs from what the generator would write.</summary>
public enum OutputChangeKind
{
    /// <summary>It is not there.</summary>
    New,

    /// <summary>It has other content.</summary>
    Changed,

    /// <summary>It was generated once and is not any more.</summary>
    Stale,
}
