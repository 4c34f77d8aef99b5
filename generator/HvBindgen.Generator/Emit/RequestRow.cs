using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>An integer member of an argument: where it lies, in bytes.</summary>
internal readonly record struct ArgumentMember(long OffsetBytes, long SizeBytes);

/// <summary>Memory behind an argument, as numbers; a count of no size is one.</summary>
internal sealed record PointedMemory(ArgumentMember Pointer, ArgumentMember Count, long UnitBits, string Use);

/// <summary>A longer argument, as numbers.</summary>
internal readonly record struct LongerArgument(long SizeBytes, ArgumentMember Flags, int Bit, ulong Known);

/// <summary>What is known of a request on one kind of descriptor, as the numbers of one target.</summary>
internal sealed record RequestRow(
    string Descriptor,
    string Name,
    uint Number,
    int ArgumentBytes,
    string? Creates,
    EquatableArray<PointedMemory> Memory,
    EquatableArray<ArgumentMember> Descriptors,
    (ArgumentMember Count, long ElementBytes)? Elements,
    LongerArgument? Longer,
    bool WritesArgument,
    bool RefusesOnes);
