using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace HvBindgen.Uapi.Project;

/// <summary>Types of a referenced assembly that the project can name and that are in the namespace of what is made for it.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Names">The types with their namespaces, sorted.</param>
internal sealed record VisibleTypes(string Assembly, EquatableArray<string> Names)
{
    /// <summary>Those of all assemblies that a project references and that have any.</summary>
    /// <param name="compilation">The project.</param>
    /// <param name="namespace">The namespace; those within it count too.</param>
    internal static EquatableArray<VisibleTypes> In(Compilation compilation, string @namespace) => EquatableArray.From(
        compilation.SourceModule.ReferencedAssemblySymbols
            .Select(assembly => new VisibleTypes(assembly.Name, NamesOf(assembly, compilation, @namespace)))
            .Where(types => types.Names.Count > 0));

    private static EquatableArray<string> NamesOf(IAssemblySymbol assembly, Compilation compilation, string @namespace)
    {
        INamespaceSymbol? space = assembly.GlobalNamespace;
        foreach (string part in @namespace.Split('.'))
        {
            space = space?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        }

        return space is null ? []
            : EquatableArray.From(NamesOf(space, @namespace, compilation).OrderBy(name => name, StringComparer.Ordinal));
    }

    private static IEnumerable<string> NamesOf(INamespaceSymbol space, string name, Compilation compilation) =>
        space.GetTypeMembers().Where(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
            .Select(type => $"{name}.{type.Name}")
            .Concat(space.GetNamespaceMembers().SelectMany(inner => NamesOf(inner, $"{name}.{inner.Name}", compilation)));
}
