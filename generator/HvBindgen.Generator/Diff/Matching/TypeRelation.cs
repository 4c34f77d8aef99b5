namespace HvBindgen.Generator.Diff.Matching;

/// <summary>How two types of the same size relate, from the same to something else entirely.</summary>
internal enum TypeRelation
{
    /// <summary>The same type; a record or typedef it names may have changed by itself.</summary>
    Same,

    /// <summary>Another spelling of the same representation and meaning.</summary>
    Alias,

    /// <summary>
    /// The same bytes with the same meaning under other names: records whose members are named otherwise, an array of other bounds.
    /// </summary>
    SameBytes,

    /// <summary>The same integer, signed on one side only.</summary>
    Signedness,

    /// <summary>The same integer in another byte order, by the name of its typedef.</summary>
    ByteOrder,

    /// <summary>The same bits read as something else: an integer as an enum, an address as a pointer, bytes as a number.</summary>
    Reinterpreted,

    /// <summary>Nothing in common.</summary>
    Different,
}
