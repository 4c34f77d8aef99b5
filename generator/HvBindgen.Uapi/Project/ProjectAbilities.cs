using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HvBindgen.Uapi.Project;

/// <summary>What a project can compile; all that is asked of a compilation.</summary>
/// <param name="AllowsUnsafe">Whether pointers are allowed.</param>
/// <param name="HasCSharp12">Whether the language has collection expressions.</param>
/// <param name="HasInlineArrays">Whether the runtime has arrays in place: .NET 8 and later.</param>
internal sealed record ProjectAbilities(bool AllowsUnsafe, bool HasCSharp12, bool HasInlineArrays)
{
    /// <summary>What it sees in the namespace of what is made for it.</summary>
    internal EquatableArray<VisibleTypes> Visible { get; init; } = [];

    internal static ProjectAbilities Of(Compilation compilation, string @namespace) => new(
        compilation.Options is CSharpCompilationOptions { AllowUnsafe: true },
        compilation is CSharpCompilation { LanguageVersion: >= LanguageVersion.CSharp12 },
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.InlineArrayAttribute") is not null)
    {
        Visible = VisibleTypes.In(compilation, @namespace),
    };

    /// <summary>What is missing, with the way to it; null when nothing is.</summary>
    internal string? Missing =>
        !HasInlineArrays ? "Arrays in place need .NET 8 or later: set TargetFramework to net8.0 or above"
        : !HasCSharp12 ? "The code needs C# 12 or later: remove LangVersion, or raise it"
        : !AllowsUnsafe ? "Structs of the kernel have pointers: set AllowUnsafeBlocks to true"
        : null;
}
