namespace HvBindgen.Generator.Output;

/// <summary>The folders that files are written to and that are not there yet, of those around each other the outermost.</summary>
/// <param name="mark">What their names begin with until they are placed.</param>
internal sealed class NewFolders(string mark)
{
    private readonly List<NewFolder> made = [];
    private readonly Dictionary<string, NewFolder?> found = new(StringComparer.Ordinal);

    /// <summary>Looks for the outermost folder that is not there, and makes it beside its place.</summary>
    /// <param name="folder">Full path of a file's folder.</param>
    /// <returns>That folder; null where all are there, something else is in the way, or none can be made.</returns>
    internal NewFolder? Make(string folder)
    {
        if (found.TryGetValue(folder, out NewFolder? known))
        {
            return known;
        }

        if (!Path.Exists(folder) && !OutputPlan.IsLink(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            known = Make(parent);
            if (known is null && Directory.Exists(parent) && NewFolder.TryMake(folder, mark) is { } outermost)
            {
                known = outermost;
                made.Add(outermost);
            }
        }

        found.Add(folder, known);
        return known;
    }

    /// <summary>The new folder that a file is written to; null where its own folder was there.</summary>
    internal NewFolder? Around(string path) => found.GetValueOrDefault(Path.GetDirectoryName(path)!);

    /// <summary>Removes what this run made of them.</summary>
    /// <param name="alsoPlaced">Whether those too that are in their places.</param>
    internal void Remove(bool alsoPlaced)
    {
        foreach (NewFolder folder in made.Where(folder => alsoPlaced || !folder.IsPlaced))
        {
            folder.Remove();
        }
    }
}
