using System.Collections.Immutable;
using HvBindgen.Generator.Model;

namespace HvBindgen.Uapi.Names;

/// <summary>What one list asks for, or all of a project's.</summary>
/// <param name="Lines">The lines, in order.</param>
internal sealed record NameLines(EquatableArray<NameLine> Lines)
{
    /// <summary>The lists of a project as one.</summary>
    internal static NameLines Of(ImmutableArray<NameLines> lists) =>
        new(EquatableArray.From(lists.SelectMany(list => (IEnumerable<NameLine>)list.Lines)));
}
