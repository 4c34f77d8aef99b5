using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.Uapi.Snapshots;

/// <summary>A name of a project's own snapshot.</summary>
/// <param name="set">The snapshot's set.</param>
/// <param name="declaration">What declares the name: for an enumerator its enum.</param>
/// <param name="name">The name; empty for an enum without one.</param>
/// <param name="ordinal">Its place in the catalog.</param>
internal sealed class OwnDeclaration(string set, IAbiDeclaration declaration, string name, int ordinal)
{
    private OwnDeclaration? owner;
    private int targets;

    internal string Set => set;

    internal IAbiDeclaration Declaration => declaration;

    internal string Name => name;

    internal string Header => declaration.Location.Header;

    internal bool IsEnumerator => owner is not null;

    /// <summary>Bits of the machines whose snapshots have it like this; an enumerator has its enum's.</summary>
    internal int Targets
    {
        get => owner?.Targets ?? targets;
        set => targets = value;
    }

    /// <summary>For an enumerator its enum, for all else itself.</summary>
    internal OwnDeclaration Owner
    {
        get => owner ?? this;
        init => owner = value;
    }

    internal PackedEntry Entry =>
        new(ordinal, name, IsEnumerator ? PackedKind.Enumerator : PackedDeclarations.KindOf(declaration), Targets);
}
