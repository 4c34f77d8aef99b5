namespace HvBindgen.Abi;

/// <summary>What the kernel does with memory that the argument of a request points to.</summary>
public enum MemoryUse
{
    /// <summary>It reads it while the request lasts.</summary>
    Read,

    /// <summary>It writes it while the request lasts.</summary>
    Write,

    /// <summary>It reads and writes it while the request lasts.</summary>
    ReadWrite,

    /// <summary>It goes on using it after the request.</summary>
    Keep,
}

/// <summary>An integer within the argument of a request.</summary>
/// <param name="OffsetBytes">Distance from the start of the argument.</param>
/// <param name="SizeBytes">1, 2, 4 or 8; 0 where there is no such member.</param>
public readonly record struct ArgumentMember(int OffsetBytes, int SizeBytes);

/// <summary>Memory that the argument of a request points to.</summary>
/// <param name="Pointer">The address. Zero: there is no such memory.</param>
/// <param name="Count">How much memory, in units; one where there is no such member.</param>
/// <param name="UnitBits">Bits of one unit; what is left of a byte is counted as a byte.</param>
/// <param name="Use">What the kernel does with it.</param>
public readonly record struct PointedMemory(ArgumentMember Pointer, ArgumentMember Count, int UnitBits, MemoryUse Use);

/// <summary>Elements that follow the fixed part of an argument.</summary>
/// <param name="Count">How many.</param>
/// <param name="ElementBytes">Bytes of each.</param>
public readonly record struct TrailingElements(ArgumentMember Count, int ElementBytes);

/// <summary>A longer record that a request takes in place of the one in its number.</summary>
/// <param name="SizeBytes">Size of the record.</param>
/// <param name="Flags">Flags that say so.</param>
/// <param name="Bit">Number of the bit in them that does.</param>
/// <param name="KnownFlags">All flags that there are: with any other the kernel reads no further.</param>
public readonly record struct LongerArgument(int SizeBytes, ArgumentMember Flags, int Bit, ulong KnownFlags);

/// <summary>A request, and what it does beyond its own argument.</summary>
/// <typeparam name="TKind">Enum of the kinds of descriptor.</typeparam>
/// <param name="descriptor">Kind of descriptor that takes it; the same number may mean something else on another kind.</param>
/// <param name="name">Name of its macro.</param>
/// <param name="number">Number, as passed to <c>ioctl</c>.</param>
/// <param name="argumentBytes">Size of its argument; 0 for none, or an integer in place of a pointer.</param>
public sealed class RequestInfo<TKind>(TKind descriptor, string name, uint number, int argumentBytes)
    where TKind : struct, Enum
{
    /// <summary>Kind of descriptor that takes the request.</summary>
    public TKind Descriptor { get; } = descriptor;

    /// <summary>Name of the macro.</summary>
    public string Name { get; } = name;

    /// <summary>Number, as passed to <c>ioctl</c>.</summary>
    public uint Number { get; } = number;

    /// <summary>Size of the argument; 0 for none.</summary>
    public int ArgumentBytes { get; } = argumentBytes;

    /// <summary>Kind of the descriptor that the request gives when it succeeds; null for none.</summary>
    public TKind? Creates { get; init; }

    /// <summary>Memory that the argument points to.</summary>
    public IReadOnlyList<PointedMemory> Memory { get; init; } = [];

    /// <summary>Descriptors of the caller in the argument.</summary>
    public IReadOnlyList<ArgumentMember> Descriptors { get; init; } = [];

    /// <summary>Elements that follow the argument; null for none.</summary>
    public TrailingElements? Elements { get; init; }

    /// <summary>A longer argument; null for none.</summary>
    public LongerArgument? Longer { get; init; }

    /// <summary>Whether the kernel writes into the argument.</summary>
    public bool WritesArgument { get; init; }

    /// <summary>Whether an argument of ones, without memory to point to, is refused before anything is done.</summary>
    public bool RefusesOnes { get; init; }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}

/// <summary>All requests of a set of headers.</summary>
/// <typeparam name="TKind">Enum of the kinds of descriptor.</typeparam>
/// <param name="rows">One for each request and kind of descriptor.</param>
public sealed class RequestTable<TKind>(IReadOnlyList<RequestInfo<TKind>> rows)
    where TKind : struct, Enum
{
    /// <summary>A row for each request and kind of descriptor that takes it.</summary>
    public IReadOnlyList<RequestInfo<TKind>> Rows { get; } = rows;

    /// <summary>Finds a request.</summary>
    /// <param name="descriptor">Kind of descriptor that it is made on.</param>
    /// <param name="number">Its number.</param>
    /// <returns>Null for a number that the kind does not take.</returns>
    public RequestInfo<TKind>? Find(TKind descriptor, uint number)
    {
        // By index: the enumerator of a list behind its interface is an object.
        for (int index = 0; index < Rows.Count; index++)
        {
            RequestInfo<TKind> row = Rows[index];
            if (row.Number == number && EqualityComparer<TKind>.Default.Equals(row.Descriptor, descriptor))
            {
                return row;
            }
        }

        return null;
    }
}
