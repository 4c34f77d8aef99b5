using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;

namespace HvBindgen.Generator.Emit;

/// <summary>C names as C# identifiers: the kernel's, letter for letter, escaped where C# has a keyword.</summary>
internal static class NamePolicy
{
    /// <summary>Methods that every C# type has, and that nothing may hide.</summary>
    internal static readonly HashSet<string> OfEveryType = new HashSet<string>(StringComparer.Ordinal)
    {
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    };

    // .NET has 1023 bytes for a name. Some are left for what is put before and behind it: get_, Check_, an underscore.
    private const int MaximumBytes = 1000;

    // Contextual keywords that C# refuses, or warns of, as the name of a type.
    private static readonly HashSet<string> TypeKeywords = new(StringComparer.Ordinal)
    {
        "record", "file", "required", "scoped", "var", "dynamic", "partial", "where", "await", "async", "yield", "nint", "nuint",
        "notnull", "unmanaged", "managed", "extension", "allows", "field", "nameof", "when", "global", "alias", "args", "init", "with",
        "closed", "union", "safe",
    };

    /// <summary>A C name with each letter replaced that no C# identifier holds: <c>$</c>, and some of Unicode.</summary>
    internal static string Identifier(string name)
    {
        if (IsPlain(name))
        {
            return name;
        }

        StringBuilder text = new(name.Length + 8);
        foreach (Rune letter in name.EnumerateRunes())
        {
            // Letters beyond 16 bits are letters to C and not to C#; formatting characters are dropped by C# when it compares.
            bool isPart = letter.IsBmp && SyntaxFacts.IsIdentifierPartCharacter((char)letter.Value)
                && Rune.GetUnicodeCategory(letter) != UnicodeCategory.Format;
            text.Append(isPart ? letter.ToString() : letter.Value == '$' ? "_" : $"u{letter.Value:X4}");
        }

        return text.Length > 0 && SyntaxFacts.IsIdentifierStartCharacter(text[0]) ? text.ToString() : $"_{text}";
    }

    /// <summary>A free name as C# spells it for a member.</summary>
    internal static string Member(string name) => IsReserved(name) || name == "field" ? "@" + name : name;

    /// <summary>A free name as C# spells it for a type.</summary>
    internal static string Type(string name) => IsReserved(name) || TypeKeywords.Contains(name) ? "@" + name : name;

    /// <summary>Name of a kind of descriptor.</summary>
    internal static string DescriptorKind(string descriptor) => $"{char.ToUpperInvariant(descriptor[0])}{descriptor[1..]}";

    /// <summary>Refuses a name that no assembly holds.</summary>
    /// <exception cref="EmitException">It is too long.</exception>
    internal static void RequireLength(string name, SourceLocation location)
    {
        if (name.Length > MaximumBytes / 3 && Encoding.UTF8.GetByteCount(name) is > MaximumBytes and var bytes)
        {
            throw new EmitException($"{location}: {name} is a name of {bytes} bytes, and no more than {MaximumBytes} are for C# to name");
        }
    }

    private static bool IsPlain(string name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }

    private static bool IsReserved(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
