using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>The declarations of one scope: the portable ones, or those that one target has for itself. In the headers' order.</summary>
internal sealed record ScopeContent(
    IReadOnlyList<AbiRecord> Records,
    IReadOnlyList<AbiEnum> Enums,
    IReadOnlyList<AbiConstant> Constants,
    IReadOnlyList<AbiIoctl> Ioctls)
{
    internal static ScopeContent Of(MergedModel merged, EmitScope scope)
    {
        AbiModel model = scope.Model;
        bool isShared = scope.IsShared;
        HashSet<string> enumerators = new(StringComparer.Ordinal);
        foreach (AbiEnum @enum in model.Enums)
        {
            if (@enum.Name.Length == 0)
            {
                enumerators.UnionWith(((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(enumerator => enumerator.Name));
            }
        }

        // "#define NAME NAME" beside an anonymous enumerator: one constant is enough.
        return new ScopeContent(
            InOrder(model.Records, record => merged.IsPortable(record) == isShared),
            InOrder(model.Enums, @enum => merged.IsPortable(@enum) == isShared),
            InOrder(model.Constants, constant => !enumerators.Contains(constant.Name) && merged.IsPortable(constant) == isShared),
            InOrder(model.Ioctls, ioctl => !enumerators.Contains(ioctl.Name) && merged.IsPortable(ioctl) == isShared));
    }

    private static List<T> InOrder<T>(EquatableArray<T> declarations, Func<T, bool> belongs)
        where T : IAbiDeclaration
    {
        List<T> result = [];
        foreach (T declaration in declarations)
        {
            if (belongs(declaration))
            {
                result.Add(declaration);
            }
        }

        return
        [
            .. result.OrderBy(
                item => item.Location.Header,
                StringComparer.Ordinal).ThenBy(item => item.Location.Line).ThenBy(item => item.Location.Column),
        ];
    }
}
