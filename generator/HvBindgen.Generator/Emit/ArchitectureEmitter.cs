using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Emits, for constants that every target has and that differ between them, properties in the shared class that pick by the machine
/// that the process runs on.
/// </summary>
/// <param name="scopes">The shared scope, then one for each target.</param>
/// <param name="merged">The set's models, in the order of those scopes.</param>
/// <param name="options">Names.</param>
internal sealed class ArchitectureEmitter(IReadOnlyList<EmitScope> scopes, MergedModel merged, EmitOptions options)
{
    private const string Path = "Support/ByArchitecture.g.cs";

    private static readonly CSharpParseOptions Language = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.None);

    /// <summary>The file; none where no constant differs.</summary>
    internal IEnumerable<SourcePart> Emit()
    {
        EmitScope[] machines = [.. scopes.Where(scope => !scope.IsShared)];
        if (machines.Length == 0)
        {
            return [];
        }

        Dictionary<string, (string CName, TypeSyntax Type)>[] types = [.. machines.Select(TypesOf)];
        MemberDeclarationSyntax[] properties =
        [
            .. types[0].Where(entry => types.All(other =>
                    other.TryGetValue(entry.Key, out (string CName, TypeSyntax Type) own) && own.Type.IsEquivalentTo(entry.Value.Type)))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => Shown(entry.Value.CName, Property(entry.Key, entry.Value.Type, machines))),
        ];
        return properties.Length == 0 ? [] : [new SourcePart(Path, options.Namespace, [ClassOf(properties)])];
    }

    // The constants that a target has for itself, by their names in C#.
    private Dictionary<string, (string CName, TypeSyntax Type)> TypesOf(EmitScope scope)
    {
        ConstantEmitter emitter = new(scope, options);
        ScopeContent content = ScopeContent.Of(merged, scope);
        IEnumerable<(string Name, MemberDeclarationSyntax Member)> members =
        [
            .. content.Constants.Select(constant => (constant.Name, emitter.Emit(constant))),
            .. content.Ioctls.Select(ioctl => (ioctl.Name, emitter.Emit(ioctl))),
            .. content.Enums.Where(@enum => @enum.Name.Length == 0).SelectMany(@enum =>
                ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(
                    enumerator => (enumerator.Name, emitter.Emit(@enum, enumerator)))),
        ];
        Dictionary<string, (string CName, TypeSyntax Type)> types = new(StringComparer.Ordinal);
        foreach ((string name, MemberDeclarationSyntax member) in members)
        {
            types[scope.Names.OfConstant(name)] = (name, member switch
            {
                FieldDeclarationSyntax field => field.Declaration.Type,
                PropertyDeclarationSyntax property => property.Type,
                _ => throw new EmitException($"constant \"{name}\" has a form that no property can pass on"),
            });
        }

        return types;
    }

    private MemberDeclarationSyntax Shown(string name, MemberDeclarationSyntax property)
    {
        MemberDeclarationSyntax attributed = new AttributeText(options.Attributes).On(property, name);
        return options.Hides(name) ? SourceFile.Hidden(attributed) : attributed;
    }

    private ClassDeclarationSyntax ClassOf(MemberDeclarationSyntax[] properties) => Code.Class(
        Tokens.Modifiers(
            new XmlDoc($"Constants of {options.Namespace}.").Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword,
            SyntaxKind.PartialKeyword),
        options.ConstantsClass,
        properties);

    // public static uint O_DIRECT => RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => X64.Constants.O_DIRECT, ... };
    private MemberDeclarationSyntax Property(string name, TypeSyntax type, EmitScope[] machines)
    {
        const string machine = "System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture";
        string cases = string.Join("\n", machines.Select(scope =>
        {
            string target = scope.Model.Target.CSharpName;
            return $"{ArchitectureOf(target)} => {target}.{options.ConstantsClass}.{name},";
        }));
        return ParseMemberDeclaration(
            $$"""
            /// <summary><c>{{name}}</c> of the machine that the process runs on: it differs between {{TargetNames(machines)}}.</summary>
            /// <exception cref="System.PlatformNotSupportedException">The process runs on neither.</exception>
            public static {{type.ToString().Trim()}} {{name}} => {{machine}} switch
            {
            {{cases}}
            _ => throw new System.PlatformNotSupportedException("{{name.TrimStart('@')}} is known of {{TargetNames(machines)}}."),
            };

            """.Replace("\r\n", "\n", StringComparison.Ordinal),
            options: Language)!;
    }

    // .NET 8 has no name for it.
    private static string ArchitectureOf(string target) => target == "RiscV64"
        ? "(System.Runtime.InteropServices.Architecture)9"
        : $"System.Runtime.InteropServices.Architecture.{target}";

    private static string TargetNames(EmitScope[] machines) => string.Join(" and ", machines.Select(machine => machine.TargetNames));
}
