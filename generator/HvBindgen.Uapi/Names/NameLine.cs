using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HvBindgen.Uapi.Names;

/// <summary>A line of <c>uapi.txt</c> that asks for something.</summary>
/// <param name="Text">What it asks for, without marks and comment.</param>
/// <param name="IsLeftOut">Whether it takes away instead: it began with <c>-</c>.</param>
/// <param name="IsPublic">Whether what it asks for is for other assemblies too: it began with <c>public</c>.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record NameLine(string Text, bool IsLeftOut, bool IsPublic, NamePlace Place);

/// <summary>A part of a line of a file. Equal where all numbers are, so that a step that got the same line is not done again.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">Characters before it in the file.</param>
/// <param name="Length">Its own characters.</param>
/// <param name="Line">Its line, from 0.</param>
/// <param name="Column">Its column, from 0.</param>
internal readonly record struct NamePlace(string Path, int Start, int Length, int Line, int Column)
{
    internal Location ToLocation() => Location.Create(
        Path,
        new TextSpan(Start, Length),
        new LinePositionSpan(new LinePosition(Line, Column), new LinePosition(Line, Column + Length)));
}
