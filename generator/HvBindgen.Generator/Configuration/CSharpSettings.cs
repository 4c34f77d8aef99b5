using HvBindgen.Generator.Emit;
using Microsoft.CodeAnalysis.CSharp;

namespace HvBindgen.Generator.Configuration;

/// <summary>What a set says about its C#, checked.</summary>
internal sealed record CSharpSettings
{
    private const string Letters = "Use letters, digits and '_'.";
    private const string Dots = "Use identifiers with dots between them, none of them a keyword.";

    internal required string Namespace { get; init; }

    internal required string ConstantsClass { get; init; }

    internal required string ClassPrefix { get; init; }

    internal required string SupportNamespace { get; init; }

    internal required string? SharedNamespace { get; init; }

    internal required bool IsInternal { get; init; }

    internal required bool IsOneFile { get; init; }

    internal required CSharpLanguage Language { get; init; }

    internal required NameRules Names { get; init; }

    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; }

    /// <summary>Reads the key <c>csharp</c> of a set.</summary>
    /// <param name="source">The file, for the place of a fault.</param>
    /// <param name="csharp">What the key holds.</param>
    /// <param name="at">Its path in the file.</param>
    /// <exception cref="ConfigurationException">It says something that C# does not allow.</exception>
    internal static CSharpSettings Read(ConfigurationSource source, CSharpDocument csharp, string at)
    {
        void Require(bool condition, string key, string message, string remedy)
        {
            if (!condition)
            {
                throw source.FaultAt($"{at}.{key}", message, remedy);
            }
        }

        string prefix = csharp.ClassPrefix ?? "";
        string constants = csharp.ConstantsClass ?? $"{prefix}Constants";
        string support = csharp.Support ?? csharp.Namespace;
        string visibility = csharp.Visibility ?? "public";
        string files = csharp.Files ?? "header";
        Require(IsNamespace(csharp.Namespace), "namespace", $"\"{csharp.Namespace}\" is no C# namespace", Dots);
        Require(IsIdentifier(constants), "constantsClass", $"\"{constants}\" is no C# identifier", Letters);
        Require(prefix.Length == 0 || IsIdentifier(prefix), "classPrefix", $"\"{prefix}\" does not begin a C# identifier", Letters);
        Require(IsNamespace(support), "support", $"\"{support}\" is no C# namespace", Dots);
        Require(
            csharp.SharedTypes is not { } shared || IsNamespace(shared), "sharedTypes", $"\"{csharp.SharedTypes}\" is no C# namespace",
            Dots);
        Require(
            visibility is "public" or "internal", "visibility", $"\"{visibility}\" is no visibility",
            "It is \"public\" or \"internal\".");
        Require(
            files is "header" or "set", "files", $"\"{files}\" is no way to cut a set into files",
            "It is \"header\", files for each header, or \"set\", one for all declarations.");
        CSharpLanguage language = (CSharpLanguage)(csharp.Language ?? (int)CSharpLanguage.CSharp14);
        Require(
            Enum.IsDefined(language), "language", $"{csharp.Language} is no version of C# that is written",
            "It is 14, or 15 with its feature updated-memory-safety-rules.");
        for (int index = 0; index < csharp.StripPrefixes?.Count; index++)
        {
            string strip = csharp.StripPrefixes[index];
            Require(IsIdentifier(strip), $"stripPrefixes[{index}]", $"\"{strip}\" does not begin a C# identifier", Letters);
        }

        foreach ((string name, string text) in csharp.Renames ?? [])
        {
            Require(IsIdentifier(text), $"renames.{name}", $"\"{text}\" is no C# identifier", Letters);
        }

        foreach ((string name, List<string> attributes) in csharp.Attributes ?? [])
        {
            for (int index = 0; index < attributes.Count; index++)
            {
                string? fault = AttributeText.FaultOf(attributes[index]);
                Require(
                    fault is null, $"attributes.{name}[{index}]", $"\"{attributes[index]}\" is no C# attribute: {fault}",
                    "Write it as between brackets, with its namespace: System.Obsolete(\"text\")");
            }
        }

        return new CSharpSettings
        {
            Namespace = csharp.Namespace,
            ConstantsClass = constants,
            ClassPrefix = prefix,
            SupportNamespace = support,
            SharedNamespace = csharp.SharedTypes,
            IsInternal = visibility == "internal",
            IsOneFile = files == "set",
            Language = language,
            Names = new NameRules
            {
                StripPrefixes = csharp.StripPrefixes ?? [],
                Renames = (csharp.Renames ?? []).ToDictionary(
                    rename => rename.Key, rename => new NewName(rename.Value, source.PlaceOf($"{at}.renames.{rename.Key}"))),
            },
            Attributes = (csharp.Attributes ?? []).ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value),
        };
    }

    /// <summary>Whether a text is an identifier of C#; keywords are.</summary>
    internal static bool IsIdentifier(string name) => SyntaxFacts.IsValidIdentifier(name);

    // Whoever uses a namespace would have to escape its keywords too.
    private static bool IsNamespace(string name) => name.Split('.').All(part => IsIdentifier(part) && !IsKeyword(part));

    /// <summary>Whether C# keeps a name for itself wherever it stands.</summary>
    internal static bool IsKeyword(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
