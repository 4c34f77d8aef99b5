namespace HvBindgen.Generator.Output;

/// <summary>
/// A folder that is not there yet: it is filled beside its place and then given its name, so that all in it appears in one step.
/// </summary>
internal sealed class NewFolder
{
    private readonly string place;
    private readonly string beside;

    // What this run made in it, by the ends of the paths; a folder stands before those in it, and the empty end is the folder itself.
    private readonly List<string> folders = [""];
    private readonly List<string> files = [];
    private bool? isPlaced;

    private NewFolder(string place, string beside)
    {
        this.place = place;
        this.beside = beside;
    }

    /// <summary>Whether it has its name.</summary>
    internal bool IsPlaced => isPlaced == true;

    /// <summary>Makes the folder beside its place.</summary>
    /// <param name="place">Full path that it is to have; the folder around it is there.</param>
    /// <param name="mark">What its name begins with until then: a dot, so that builds and later runs take nothing in it for source.</param>
    /// <returns>The folder; null where none can be made, which making it in its place tells.</returns>
    internal static NewFolder? TryMake(string place, string mark)
    {
        // Nobody can guess the name: nothing has it, neither a link nor what another run is about to place.
        string beside = Path.Combine(Path.GetDirectoryName(place)!, $"{mark}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(beside);
            return new NewFolder(place, beside);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes room for a file.</summary>
    /// <param name="path">Full path that the file is to have.</param>
    /// <returns>Where to write it until the folder is placed.</returns>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    internal string MakeRoom(string path)
    {
        string end = path[place.Length..];
        MakeFolder(end[..end.LastIndexOf('/')]);
        files.Add(end);
        return beside + end;
    }

    /// <summary>Gives the folder its name, when that is asked for the first time.</summary>
    /// <returns>Whether it has it. If not, its files are where they were written; mostly another run has made such a folder.</returns>
    internal bool TryPlace() => isPlaced ??= TryMove();

    /// <summary>Removes what this run made and is still there, wherever the folder is; what others put into it stays.</summary>
    internal void Remove()
    {
        string root = IsPlaced ? place : beside;
        foreach (string end in files)
        {
            OutputTransaction.Quietly(() => File.Delete(root + end));
        }

        foreach (string end in Enumerable.Reverse(folders))
        {
            OutputTransaction.Quietly(() => Directory.Delete(root + end));
        }
    }

    private void MakeFolder(string end)
    {
        if (!folders.Contains(end))
        {
            MakeFolder(end[..end.LastIndexOf('/')]);
            Directory.CreateDirectory(beside + end);
            folders.Add(end);
        }
    }

    private bool TryMove()
    {
        try
        {
            // Refuses what has the name. What gets it behind that look the system refuses, except for an empty folder: that one is
            // replaced, and who made it finds this one in its place.
            Directory.Move(beside, place);
            return true;
        }
        catch (IOException)
        {
            // Whatever it is, the files are placed one by one then, and it is told if that fails as well.
            return false;
        }
    }
}
