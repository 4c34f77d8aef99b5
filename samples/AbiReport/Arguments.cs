namespace AbiReport;

/// <summary>What the user asked for.</summary>
/// <param name="Before">Folder of the old headers.</param>
/// <param name="After">Folder of the new headers.</param>
/// <param name="Page">File for the report as a page; null for none.</param>
internal sealed record Arguments(string Before, string After, string? Page)
{
    /// <summary>Reads the command line. Without folders, those of the sample are compared.</summary>
    /// <returns>Null when the line cannot be understood.</returns>
    public static Arguments? Parse(IReadOnlyList<string> words)
    {
        List<string> folders = [];
        string? page = null;
        for (int index = 0; index < words.Count; index++)
        {
            if (words[index] == "--page" && index + 1 < words.Count)
            {
                page = words[++index];
            }
            else if (words[index].StartsWith('-'))
            {
                return null;
            }
            else
            {
                folders.Add(words[index]);
            }
        }

        return folders.Count switch
        {
            0 => new Arguments(OfSample("before"), OfSample("after"), page),
            2 => new Arguments(folders[0], folders[1], page),
            _ => null,
        };
    }

    private static string OfSample(string folder) => Path.Combine(AppContext.BaseDirectory, folder);
}
