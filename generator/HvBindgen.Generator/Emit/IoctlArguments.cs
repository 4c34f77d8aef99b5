using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>What C# can make of the arguments of requests.</summary>
internal sealed class IoctlArguments(EmitScope scope)
{
    /// <summary>What the macro's direction says about the argument.</summary>
    internal static IoctlPassing Declared(IoctlDirection direction) => direction switch
    {
        IoctlDirection.Write => IoctlPassing.In,
        IoctlDirection.Read => IoctlPassing.Out,
        _ => IoctlPassing.Ref,
    };

    /// <summary>The C# type of an argument; null for a type without a size, for a record without a name, and for one
    /// that these headers do not declare.</summary>
    internal MappedType? TypeOf(AbiType type)
    {
        AbiType resolved = scope.Model.Index.Resolve(type);
        while (resolved is AbiArray array)
        {
            resolved = scope.Model.Index.Resolve(array.Element);
        }

        bool isIncomplete = resolved is AbiPrimitive { Kind: PrimitiveKind.Void } or AbiInlineRecord or AbiFunction
            || (resolved is AbiRecordRef or AbiEnumRef or AbiTypedefRef
                && scope.Model.Index.RecordOf(resolved) is null && scope.Model.Index.EnumOf(resolved) is null);
        if (isIncomplete)
        {
            return null;
        }

        MappedType mapped = scope.Types.Map(type);
        return mapped.SizeBytes > 0 ? mapped : null;
    }
}
