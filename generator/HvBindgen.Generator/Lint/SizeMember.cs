using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>
/// Finds the member that tells how large the caller's record is: a __u32 that stands first and is called so, as VFIO's argsz. A
/// __u64 there is the size of something else.
/// </summary>
internal static class SizeMember
{
    private static readonly string[] Names = ["size", "argsz", "struct_size"];

    internal static AbiMember? Of(ArgumentRecord argument) =>
        argument.Members is [var first, ..] && first.OffsetBits == 0 && Names.Contains(first.Field.Name)
            && argument.Model.Index.Resolve(first.Field.Type) is AbiPrimitive { Kind: PrimitiveKind.UInt }
            ? first
            : null;
}
