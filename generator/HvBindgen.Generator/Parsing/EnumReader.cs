using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads enums with the integer type that clang chose for them.</summary>
internal sealed class EnumReader(ParseScope scope, TypeReader types)
{
    internal AbiEnum Read(ClangCursor declaration, TagName name, SourceLocation location)
    {
        PrimitiveKind underlying = types.UnderlyingOf(declaration);
        bool isUnsigned = !underlying.IsSigned(scope.Target);
        List<AbiEnumerator> enumerators = [];
        bool hasAttribute = false;
        foreach (ClangCursor child in declaration.Children())
        {
            hasAttribute |= child.Kind == CXCursorKind.CXCursor_UnexposedAttr;
            if (child.Kind == CXCursorKind.CXCursor_EnumConstantDecl)
            {
                string enumerator = child.Spelling;
                SourceLocation place = scope.Locate(child).Location;
                enumerators.Add(new AbiEnumerator(enumerator, child.EnumeratorValue(isUnsigned)) { Place = new SourcePlace(place) });
                scope.Derivations.ReadEnumerator(enumerator, place);
                scope.Derivations.ReadMaker($"{name.CName}.{enumerator}", enumerator, place);
            }
        }

        // Without __attribute__((mode(...))) both choose an unsigned type here.
        if (!isUnsigned && hasAttribute && enumerators.Count > 0 && enumerators.TrueForAll(enumerator => enumerator.Value >= 0))
        {
            scope.Fault(
                declaration,
                $"\"{name.CName}\" has a mode and nothing negative: clang makes it signed and gcc unsigned; packed is the "
                    + "same to both");
        }

        return new AbiEnum(name.Name, name.HasTag, underlying, EquatableArray.From(enumerators), location);
    }

    /// <summary>Appends to each enum those that continue it: <c>foo</c> takes the enumerators of <c>foo__more</c>.</summary>
    internal static List<AbiEnum> Continue(List<AbiEnum> enums, string ending)
    {
        List<AbiEnum> result = [];
        foreach (AbiEnum @enum in enums)
        {
            if (@enum.Name.EndsWith(ending, StringComparison.Ordinal)
                && enums.Exists(other => other.Name == @enum.Name[..^ending.Length]))
            {
                continue;
            }

            AbiEnum? more = enums.Find(other => @enum.Name.Length > 0 && other.Name == @enum.Name + ending);
            result.Add(more is null ? @enum : @enum with
            {
                Enumerators = EquatableArray.From([.. @enum.Enumerators, .. more.Enumerators]),
            });
        }

        return result;
    }
}
