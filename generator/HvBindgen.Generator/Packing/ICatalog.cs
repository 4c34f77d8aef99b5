using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>Declarations of several targets, found by name. Several threads may use one.</summary>
public interface ICatalog
{
    /// <summary>The machines, in the order of the entries' bits.</summary>
    IReadOnlyList<TargetInfo> Targets { get; }

    /// <summary>Where the headers come from, for example <c>Linux 7.3.4</c>.</summary>
    string Origin { get; }

    /// <summary>The releases of the kernel that were compared for the entries' <see cref="PackedEntry.FirstRelease"/>, in order.</summary>
    IReadOnlyList<string> Releases { get; }

    /// <summary>Number of entries: the ordinals are those below it.</summary>
    int Count { get; }

    /// <summary>The names of all headers, sorted.</summary>
    IEnumerable<string> Headers { get; }

    /// <summary>Finds what a name stands for.</summary>
    /// <param name="name">The name, letter for letter.</param>
    /// <returns>An entry for each kind of declaration, and for each target where they differ; none for an unknown name.</returns>
    IReadOnlyList<PackedEntry> Find(string name);

    /// <summary>Finds the names that begin in some way.</summary>
    /// <param name="prefix">The beginning; empty for all names.</param>
    /// <returns>Their entries, sorted by name; enums without a name are not among them.</returns>
    IEnumerable<PackedEntry> StartingWith(string prefix);

    /// <summary>What a header declares.</summary>
    /// <param name="header">The header as an <c>#include</c> names it.</param>
    /// <returns>Its entries; none for an unknown header.</returns>
    IReadOnlyList<PackedEntry> In(string header);

    /// <summary>Decodes a declaration.</summary>
    /// <param name="entry">An entry of this catalog that is no enumerator.</param>
    /// <returns>The declaration; for a request also what the kernel does with its argument where its macro says something else.</returns>
    (IAbiDeclaration Declaration, IoctlUse? Use) Read(PackedEntry entry);

    /// <summary>The enum that an enumerator belongs to.</summary>
    /// <param name="enumerator">An entry of an enumerator.</param>
    /// <returns>The entry of its enum.</returns>
    PackedEntry EnumOf(PackedEntry enumerator);
}
