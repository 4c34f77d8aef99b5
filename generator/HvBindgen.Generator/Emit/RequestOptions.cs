namespace HvBindgen.Generator.Emit;

/// <summary>What requests do beyond their own argument, for a table of them in C#.</summary>
/// <param name="Class">Name of the static class.</param>
public sealed record RequestOptions(string Class)
{
    /// <summary>Kinds of descriptor that opening a device node gives, by its path.</summary>
    public IReadOnlyDictionary<string, string> Nodes { get; init; } = new Dictionary<string, string>();

    /// <summary>Every request of the set, by the name of its macro.</summary>
    public IReadOnlyDictionary<string, RequestFacts> Arguments { get; init; } = new Dictionary<string, RequestFacts>();
}

/// <summary>What one request does beyond its own argument. Members are those of the argument's record, as C names them.</summary>
public sealed record RequestFacts
{
    /// <summary>Kind of the descriptor that the request gives when it succeeds; null for none.</summary>
    public string? Creates { get; init; }

    /// <summary>Memory that the argument points to.</summary>
    public IReadOnlyList<MemoryFacts> Memory { get; init; } = [];

    /// <summary>Members that are descriptors of the caller.</summary>
    public IReadOnlyList<string> Descriptors { get; init; } = [];

    /// <summary>Flexible array that ends the argument, and the member with the number of its elements; null for none.</summary>
    public (string Array, string Count)? Elements { get; init; }

    /// <summary>A longer record that the kernel reads when a flag is set; null for none.</summary>
    public LongerFacts? Longer { get; init; }

    /// <summary>Whether an argument whose bits are all ones, without memory to point to, is refused before anything is done.</summary>
    public bool RefusesOnes { get; init; }
}

/// <summary>Memory that an argument points to.</summary>
/// <param name="Pointer">Member with the address.</param>
/// <param name="Size">Member with the size, in units; null: it is one of what the pointer points to.</param>
/// <param name="Use">What the kernel does with it: <c>read</c>, <c>write</c>, <c>readwrite</c>, or <c>keep</c> to use it after the
/// request.</param>
/// <param name="Unit">Unit of the size: <c>byte</c>, <c>bit</c>, or a record as C spells it.</param>
public sealed record MemoryFacts(string Pointer, string? Size, string Use, string Unit);

/// <summary>A record that a request reads in place of the one its macro names.</summary>
/// <param name="Record">The record, as C spells it; it begins as the other one does.</param>
/// <param name="Flags">Member with flags.</param>
/// <param name="Bit">Constant with the number of the bit that says so.</param>
/// <param name="Known">Constant with all flags that there are: with others the kernel reads no further.</param>
public sealed record LongerFacts(string Record, string Flags, string Bit, string Known);
