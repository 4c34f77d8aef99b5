using System.Collections.Immutable;
using HvBindgen.Generator.Model;

namespace HvBindgen.Uapi.Snapshots;

/// <summary>The ABI snapshots that a project brings.</summary>
/// <param name="Files">Each of them, by its path.</param>
internal sealed record OwnSnapshots(EquatableArray<OwnSnapshot> Files)
{
    /// <summary>The snapshots in an order that is the same whatever the project's is.</summary>
    internal static OwnSnapshots Of(ImmutableArray<OwnSnapshot> files) =>
        new(EquatableArray.From(files.OrderBy(file => file.Path, StringComparer.Ordinal)));
}
