using Microsoft.CodeAnalysis.CSharp;

namespace HvBindgen.Generator.Emit;

/// <summary>C names as C# identifiers: the kernel's, letter for letter, escaped where C# has a keyword.</summary>
internal static class NamePolicy
{
    // Contextual keywords that C# refuses, or warns of, as the name of a type.
    private static readonly HashSet<string> TypeKeywords = new(StringComparer.Ordinal)
    {
        "record", "file", "required", "scoped", "var", "dynamic", "partial", "where", "await", "async", "yield", "nint", "nuint",
        "notnull", "unmanaged", "managed", "extension", "allows", "field", "nameof", "when", "global", "alias", "args", "init", "with",
    };

    /// <summary>Name of a member; <paramref name="owner"/> is the C# name of the type that holds it.</summary>
    internal static string Member(string name, string owner)
    {
        // C# gives a member of its type's own name to constructors; object's methods may not be hidden by fields.
        string free = name == owner.TrimStart('@')
            || name is "Equals" or "GetHashCode" or "GetType" or "ToString" or "MemberwiseClone" or "Finalize"
            ? name + "_"
            : name;
        return IsReserved(free) || free == "field" ? "@" + free : free;
    }

    /// <summary>Name of a type.</summary>
    internal static string Type(string name) => IsReserved(name) || TypeKeywords.Contains(name) ? "@" + name : name;

    /// <summary>Name of the class with the requests of a kind of descriptor.</summary>
    internal static string IoctlClass(string descriptor) => $"{DescriptorKind(descriptor)}Ioctls";

    /// <summary>Name of a kind of descriptor.</summary>
    internal static string DescriptorKind(string descriptor) => $"{char.ToUpperInvariant(descriptor[0])}{descriptor[1..]}";

    private static bool IsReserved(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
