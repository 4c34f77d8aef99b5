using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Names;

namespace HvBindgen.Uapi.Selection;

/// <summary>An entry that was asked for.</summary>
/// <param name="Entry">The entry of the catalog.</param>
/// <param name="Line">The line that asked for it.</param>
internal sealed record SelectedName(PackedEntry Entry, NameLine Line);
