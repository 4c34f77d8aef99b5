using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits named enums, and a flags enum for each enum of bit positions.</summary>
internal sealed class EnumEmitter(EmitScope scope)
{
    // public enum name : uint { A = 0, ... }
    internal MemberDeclarationSyntax Emit(AbiEnum @enum)
    {
        EnumNames names = scope.Names.EnumeratorsOf(@enum);
        XmlDoc doc = new XmlDoc(
            $"{XmlDoc.C(@enum.CName)}, a C {XmlDoc.C(@enum.Underlying.ToC())}.{scope.Names.NoteOf(@enum.CName)}").Remarks(Place(@enum));
        EnumDeclarationSyntax declaration = Emit(
            scope.Names.Of(@enum),
            @enum.Underlying,
            @enum.Enumerators,
            enumerator => (names.Of(enumerator.Name), names.NoteOf(enumerator.Name) + LaterThan(@enum, enumerator)),
            value => value,
            doc,
            attribute: null);
        IEnumerable<EnumMemberDeclarationSyntax> members = declaration.Members.Zip(@enum.Enumerators, (member, enumerator) =>
            (EnumMemberDeclarationSyntax)scope.Attributes.On(member, $"{@enum.CName}.{enumerator.Name}", enumerator.Name));
        return scope.Attributes.IsEmpty
            ? declaration
            : scope.Attributes.On(
                declaration.WithMembers(SeparatedList(members, declaration.Members.GetSeparators())),
                @enum.CName,
                @enum.CName == @enum.Name ? "" : @enum.Name);
    }

    // [Flags] public enum MSHV_PT_FLAGS : uint { LAPIC = 1 << 0, ... }
    internal EnumDeclarationSyntax? EmitFlags(AbiEnum @enum)
    {
        if (BitPositions.Of(@enum) is not { } bits)
        {
            return null;
        }

        XmlDoc doc = new XmlDoc($"The flags whose bit positions are {XmlDoc.C($"{bits.Prefix}*")}.").Remarks(Place(@enum));
        PrimitiveKind underlying = bits.Highest < 32 ? PrimitiveKind.UInt : PrimitiveKind.ULongLong;
        return Emit(
            scope.Names.FlagsOf(@enum),
            underlying,
            EquatableArray.From(bits.Positions),
            enumerator => (NamePolicy.Member(bits.FlagOf(enumerator)), ""),
            position => Int128.One << (int)position,
            doc,
            "System.Flags");
    }

    private static EnumDeclarationSyntax Emit(
        string name,
        PrimitiveKind underlying,
        EquatableArray<AbiEnumerator> enumerators,
        Func<AbiEnumerator, (string Name, string Note)> nameOf,
        Func<Int128, Int128> valueOf,
        XmlDoc doc,
        string? attribute)
    {
        List<EnumMemberDeclarationSyntax> members = [];
        foreach (AbiEnumerator enumerator in enumerators)
        {
            Int128 value = valueOf(enumerator.Value);
            (string memberName, string note) = nameOf(enumerator);
            XmlDoc memberDoc = new($"{XmlDoc.C(enumerator.Name)}, {Literals.Decimal(value)}.{note}");
            members.Add(EnumMemberDeclaration(
                default,
                default,
                Identifier(memberDoc.Above(), memberName, default),
                Code.EqualsValue(Literals.Integer(value))));
        }

        SyntaxToken type = Token(default, SyntaxFacts.GetKeywordKind(UnderlyingName(underlying)), Tokens.LineEnd);
        SyntaxTriviaList lead = doc.Above();
        return EnumDeclaration(
            attribute is null ? default : SingletonList(Code.Attribute(lead, Code.AttributeOf(attribute))),
            attribute is null ? Tokens.Modifiers(lead, SyntaxKind.PublicKeyword) : Tokens.Modifiers(SyntaxKind.PublicKeyword),
            Tokens.Spaced(SyntaxKind.EnumKeyword),
            Tokens.Word(name),
            BaseList(Tokens.Infix(SyntaxKind.ColonToken), SingletonSeparatedList<BaseTypeSyntax>(SimpleBaseType(PredefinedType(type)))),
            Code.OpenBrace(members.FirstOrDefault()),
            SeparatedList(members, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), members.Count)),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    // Every underlying type of a C enum has the same size on all targets of a set, or the enum is not shared.
    private static string UnderlyingName(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.Char or PrimitiveKind.UChar or PrimitiveKind.Bool => "byte",
        PrimitiveKind.SChar => "sbyte",
        PrimitiveKind.Short => "short",
        PrimitiveKind.UShort => "ushort",
        PrimitiveKind.Int => "int",
        PrimitiveKind.UInt => "uint",
        PrimitiveKind.Long or PrimitiveKind.LongLong => "long",
        _ => "ulong",
    };

    // Most enumerators are as old as their enum.
    private string LaterThan(AbiEnum @enum, AbiEnumerator enumerator)
    {
        string own = scope.AvailabilityOf(enumerator.Name);
        return own.Length == 0 || own == scope.AvailabilityOf(@enum.Name) ? "" : $" {own}.";
    }

    private string Place(AbiEnum @enum) => $"{scope.Place(@enum.Location, @enum.Name)}.";
}
