using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>What a type that nobody outside sees has for others is internal as well: public says that a contract asks for it.</summary>
public sealed class InternalMemberTests
{
    public static TheoryData<string> Projects => [.. ProjectSources.WrittenProjects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Members_of_internal_types_are_internal_but_for_interfaces(string project) =>
        Assert.Empty(MembersWithoutReason(ProjectSources.Compile(project)));

    [Fact]
    public void A_public_member_without_a_reason_is_seen()
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "demo",
            [
                CSharpSyntaxTree.ParseText(
                    """
                    using System;
                    internal sealed record Demo(int Given) : IDisposable, IEquatable<string>
                    {
                        public void Dispose() { }
                        public bool Equals(string? other) => false;
                        public override string ToString() => "";
                        public static implicit operator int(Demo demo) => 0;
                        public int Seen => 1;
                        internal struct Inner { public int Field; }
                    }
                    public class Open { public int Fine; }
                    """,
                    cancellationToken: TestContext.Current.CancellationToken),
            ],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

        Assert.Equal(["Demo.Seen", "Demo.Inner.Field"], MembersWithoutReason(compilation));
    }

    private static string[] MembersWithoutReason(CSharpCompilation compilation)
    {
        HashSet<ITypeSymbol> documents = DocumentsOf(compilation);
        return
        [
            .. from type in ProjectSources.TypesIn(compilation)
               where !IsSeen(type) && !documents.Contains(type) && !IsBinding(type)
               from member in type.GetMembers()
               where member.DeclaredAccessibility == Accessibility.Public && IsWritten(member) && !HasReason(type, member)
               select member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
        ];
    }

    private static bool IsSeen(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && (type.ContainingType is null || IsSeen(type.ContainingType));

    private static bool IsBinding(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() == "ClangSharp.Interop";

    // Not what the compiler makes, nor a record's parameter; constructors and enumerators have no other choice worth a word.
    private static bool IsWritten(ISymbol member) =>
        !member.IsImplicitlyDeclared
        && member is IFieldSymbol or IPropertySymbol or IMethodSymbol { AssociatedSymbol: null } or IEventSymbol
        && member.ContainingType.TypeKind is TypeKind.Class or TypeKind.Struct
        && member.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() is not ParameterSyntax);

    private static bool HasReason(INamedTypeSymbol type, ISymbol member) =>
        member.IsOverride
        || member is IMethodSymbol { MethodKind: not MethodKind.Ordinary }
        || type.AllInterfaces.SelectMany(contract => contract.GetMembers())
            .Any(asked => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(asked), member));

    // What a serializer reads and writes has to be public.
    private static HashSet<ITypeSymbol> DocumentsOf(CSharpCompilation compilation)
    {
        HashSet<ITypeSymbol> found = new(SymbolEqualityComparer.Default);
        Queue<ITypeSymbol> open = new(
            from tree in compilation.SyntaxTrees
            from attribute in tree.GetRoot().DescendantNodes().OfType<AttributeSyntax>()
            where attribute.Name.ToString() == "JsonSerializable"
            from named in attribute.DescendantNodes().OfType<TypeOfExpressionSyntax>()
            let type = compilation.GetSemanticModel(tree).GetTypeInfo(named.Type).Type
            where type is not null
            select type);
        while (open.TryDequeue(out ITypeSymbol? type))
        {
            IEnumerable<ITypeSymbol> parts = type is INamedTypeSymbol named ? named.TypeArguments
                : type is IArrayTypeSymbol array ? [array.ElementType]
                : [];
            foreach (ITypeSymbol part in parts)
            {
                open.Enqueue(part);
            }

            if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) && found.Add(type))
            {
                foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
                {
                    open.Enqueue(property.Type);
                }
            }
        }

        return found;
    }
}
