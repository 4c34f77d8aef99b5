namespace HvBindgen.Generator.Headers;

/// <summary>Where apt fetches packages from, as its configuration says: one-line files and deb822 files.</summary>
internal static class AptSources
{
    /// <summary>Reads <c>sources.list</c> and a folder's <c>*.list</c> and <c>*.sources</c>; what is missing is passed over.</summary>
    internal static List<AptSource> ReadAll(string listFile, string partsFolder)
    {
        List<AptSource> found = [];
        if (File.Exists(listFile))
        {
            found.AddRange(ParseList(File.ReadAllText(listFile)));
        }

        if (Directory.Exists(partsFolder))
        {
            foreach (string file in Directory.EnumerateFiles(partsFolder).Order(StringComparer.Ordinal))
            {
                found.AddRange(Path.GetExtension(file) switch
                {
                    ".list" => ParseList(File.ReadAllText(file)),
                    ".sources" => ParseDeb822(File.ReadAllText(file)),
                    _ => [],
                });
            }
        }

        return found;
    }

    /// <summary>Reads lines of the form <c>deb [options] uri suite component...</c>.</summary>
    internal static IEnumerable<AptSource> ParseList(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string content = line.Split('#')[0].Replace('\t', ' ').Trim();
            if (!content.StartsWith("deb ", StringComparison.Ordinal))
            {
                continue;
            }

            string rest = content[4..].TrimStart();
            string? signedBy = null;
            if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and int end)
            {
                signedBy = Words(rest[1..end])
                    .Where(option => option.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase))
                    .Select(option => option["signed-by=".Length..])
                    .FirstOrDefault();
                rest = rest[(end + 1)..];
            }

            if (Words(rest) is [string uri, string suite, .. string[] components] && !IsMedium(uri))
            {
                yield return new AptSource(uri, [suite], components, signedBy);
            }
        }
    }

    /// <summary>Reads stanzas of <c>Types</c>, <c>URIs</c>, <c>Suites</c>, <c>Components</c>, <c>Signed-By</c>, <c>Enabled</c>.</summary>
    internal static IEnumerable<AptSource> ParseDeb822(string text)
    {
        foreach (Dictionary<string, string> stanza in Stanzas(text))
        {
            string Field(string name) => stanza.GetValueOrDefault(name, "");
            if (!Words(Field("types")).Contains("deb") || Field("enabled").Trim().ToLowerInvariant() is "no" or "false" or "0" or "off")
            {
                continue;
            }

            string signedBy = Field("signed-by").Trim();
            foreach (string uri in Words(Field("uris")).Where(uri => !IsMedium(uri)))
            {
                yield return new AptSource(
                    uri, Words(Field("suites")), Words(Field("components")), signedBy.Length == 0 ? null : signedBy);
            }
        }
    }

    // Field names are case-insensitive; a line that starts with a blank continues the field before it.
    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        Dictionary<string, string> stanza = new(StringComparer.OrdinalIgnoreCase);
        string field = "";
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Length == 0)
            {
                if (stanza.Count > 0)
                {
                    yield return stanza;
                }

                stanza = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                field = "";
            }
            else if (line[0] is ' ' or '\t')
            {
                if (field.Length > 0)
                {
                    stanza[field] += "\n" + line;
                }
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon)
            {
                field = line[..colon].Trim();
                stanza[field] = line[(colon + 1)..].Trim();
            }
        }

        if (stanza.Count > 0)
        {
            yield return stanza;
        }
    }

    private static bool IsMedium(string uri) => uri.StartsWith("cdrom:", StringComparison.OrdinalIgnoreCase);

    private static string[] Words(string text) =>
        text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>One enabled source of binary packages.</summary>
/// <param name="Uri">Where the archive is.</param>
/// <param name="Suites">Suites taken from it.</param>
/// <param name="Components">Components taken from it.</param>
/// <param name="SignedBy">Keyring file or key that must have signed it; null to leave it to apt's trusted keys.</param>
internal sealed record AptSource(string Uri, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string? SignedBy);
