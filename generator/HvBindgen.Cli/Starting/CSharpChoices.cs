using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;

namespace HvBindgen.Cli.Starting;

/// <summary>What <c>init</c> is told about the C# of a set, as keys of <c>csharp</c>.</summary>
internal sealed record CSharpChoices
{
    /// <summary>Whether the types are for their own assembly alone.</summary>
    internal bool IsInternal { get; init; }

    /// <summary>Whether all declarations are in one file.</summary>
    internal bool IsOneFile { get; init; }

    /// <summary>Version of C#; null for the configuration's own default.</summary>
    internal int? Language { get; init; }

    /// <summary>What the classes made for the set begin with.</summary>
    internal string? ClassPrefix { get; init; }

    /// <summary>Namespace, in an assembly that the project references, of the types that callers of any set see.</summary>
    internal string? SharedTypes { get; init; }

    /// <summary>Prefixes that names lose.</summary>
    internal IReadOnlyList<string> StripPrefixes { get; init; } = [];

    /// <summary>C# names by those of the headers.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Renames { get; init; } = [];

    /// <summary>Attributes by names of the headers; a name may stand several times.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    private IEnumerable<(string Key, string Json)> Single =>
    [
        .. IsInternal ? [("visibility", Quoted("internal"))] : None,
        .. IsOneFile ? [("files", Quoted("set"))] : None,
        .. ClassPrefix is { } prefix ? [("classPrefix", Quoted(prefix))] : None,
        .. SharedTypes is { } shared ? [("sharedTypes", Quoted(shared))] : None,
        .. Language is { } version ? [("language", $"{version}")] : None,
    ];

    private static (string, string)[] None => [];

    /// <summary>The same for a set beside another one of the project, in whose language it is and whose shared types it has.</summary>
    internal CSharpChoices Beside(BindingSet first) => this with
    {
        Language = Language ?? (first.Language == CSharpLanguage.CSharp14 ? null : (int)first.Language),
        SharedTypes = SharedTypes ?? first.SharedNamespace,
    };

    /// <summary>Takes a name and what it gets from one word of the command line.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="words">Words like <c>NAME=TEXT</c>.</param>
    /// <exception cref="ConfigurationException">A word has no <c>=</c>, or nothing on one of its sides.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string>> Pairs(string option, IEnumerable<string> words) =>
    [
        .. words.Select(word => word.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && at < word.Length - 1
            ? KeyValuePair.Create(word[..at], word[(at + 1)..])
            : throw new ConfigurationException(
                $"{option} {word}: there is no name with something behind a '='", $"Write it as: {option} 'struct name=Text'")),
    ];

    /// <summary>Writes the keys of a new set.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        foreach ((string key, string json) in Single)
        {
            writer.WritePropertyName(key);
            writer.WriteRawValue(json);
        }

        if (StripPrefixes.Count > 0)
        {
            writer.WriteStartArray("stripPrefixes");
            foreach (string prefix in StripPrefixes)
            {
                writer.WriteStringValue(prefix);
            }

            writer.WriteEndArray();
        }

        if (Renames.Count > 0)
        {
            writer.WriteStartObject("renames");
            foreach ((string name, string text) in Renames)
            {
                writer.WriteString(name, text);
            }

            writer.WriteEndObject();
        }

        if (Attributes.Count > 0)
        {
            writer.WriteStartObject("attributes");
            foreach (IGrouping<string, string> of in Attributes.GroupBy(pair => pair.Key, pair => pair.Value))
            {
                writer.WriteStartArray(of.Key);
                foreach (string text in of)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>Adds the keys to a set that is there.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="at">JSON path of the set's <c>csharp</c>.</param>
    /// <returns>The longer text.</returns>
    /// <exception cref="ConfigurationException">The set says something else already: nothing that a person wrote is replaced.</exception>
    internal ConfigurationText AddTo(ConfigurationText text, string at)
    {
        bool isEmpty = !Single.Any() && StripPrefixes.Count + Renames.Count + Attributes.Count == 0;
        if (!isEmpty && !text.Has(at))
        {
            throw new ConfigurationException($"{at} is not there: no C# is made of the set", "Add it, with \"namespace\" and \"output\".");
        }

        foreach ((string key, string json) in Single)
        {
            text = Added(text, at, key, json);
        }

        foreach (string prefix in StripPrefixes)
        {
            text = text.AppendOrAdd(at, "stripPrefixes", Quoted(prefix));
        }

        foreach ((string name, string renamed) in Renames)
        {
            text = text.Has($"{at}.renames") ? text : text.AddKey(at, "renames", "{}");
            text = Added(text, $"{at}.renames", name, Quoted(renamed));
        }

        foreach ((string name, string attribute) in Attributes)
        {
            text = text.Has($"{at}.attributes") ? text : text.AddKey(at, "attributes", "{}");
            text = text.AppendOrAdd($"{at}.attributes", name, Quoted(attribute));
        }

        return text;
    }

    private static ConfigurationText Added(ConfigurationText text, string at, string key, string json) =>
        !text.Has($"{at}.{key}") ? text.AddKey(at, key, json)
        : text.JsonOf($"{at}.{key}") == json ? text
        : throw new ConfigurationException(
            $"{at}.{key} is {text.JsonOf($"{at}.{key}")} already", "Change it in the file: init adds, and replaces nothing.");

    private static string Quoted(string text) => ConfigurationText.Quoted(text);
}
