using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>A static class whose methods all begin with the same type is that type's missing part.</summary>
/// <remarks>
/// Asked of types of the same folder alone. With one of another stage the class is what this stage makes of it, and an enum, an interface
/// or a type of the framework has no place for it. What a library offers its users has the form that they know.
/// </remarks>
public sealed class MissingPartTests
{
    public static TheoryData<string> Projects => [.. ProjectSources.WrittenProjects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_static_class_is_the_missing_part_of_a_type_beside_it(string project) =>
        Assert.Empty(MissingPartsIn(ProjectSources.Compile(project)));

    [Fact]
    public void A_missing_part_is_seen()
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "demo",
            [
                CSharpSyntaxTree.ParseText(
                    """
                    namespace Near
                    {
                        internal sealed class Whole { }
                        internal interface IWhole { }
                        internal static class Part
                        {
                            internal static void Read(Whole whole) { }
                            internal static void Write(in Whole whole, int value) { Check(value); }
                            private static void Check(int value) { }
                        }
                        internal static class Extension
                        {
                            internal static void Read(this Whole whole) { }
                            internal static void Write(this Whole whole) { }
                        }
                        internal static class OneCall { internal static void Read(Whole whole) { } }
                        internal static class Several
                        {
                            internal static void Read(Whole whole) { }
                            internal static void Write(int value, Whole whole) { }
                        }
                        internal static class OfContract
                        {
                            internal static void Read(IWhole whole) { }
                            internal static void Write(IWhole whole) { }
                        }
                        public static class Offered
                        {
                            public static void Read(object whole) { }
                            internal static void Write(Whole whole) { }
                        }
                    }
                    namespace Far
                    {
                        internal static class Stage
                        {
                            internal static void Read(Near.Whole whole) { }
                            internal static void Write(Near.Whole whole) { }
                        }
                    }
                    """,
                    cancellationToken: TestContext.Current.CancellationToken),
            ],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

        Assert.Equal(["Near.Part of Near.Whole"], MissingPartsIn(compilation));
    }

    private static string[] MissingPartsIn(CSharpCompilation compilation) =>
    [
        .. from type in ProjectSources.TypesIn(compilation)
           where type is { IsStatic: true, DeclaredAccessibility: not Accessibility.Public }
           let offered = type.GetMembers().OfType<IMethodSymbol>()
               .Where(method => method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: not Accessibility.Private }).ToArray()
           where offered.Length > 1 && !offered.Any(method => method.IsExtensionMethod || method.Parameters.IsEmpty)
           let first = offered.Select(method => method.Parameters[0].Type).Distinct(SymbolEqualityComparer.Default).ToArray()
           where first is [INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsStatic: false }]
               && SymbolEqualityComparer.Default.Equals(first[0]!.ContainingAssembly, compilation.Assembly)
               && SymbolEqualityComparer.Default.Equals(first[0]!.ContainingNamespace, type.ContainingNamespace)
           select $"{type.ToDisplayString()} of {first[0]!.ToDisplayString()}",
    ];
}
