namespace HvBindgen.Generator.Headers;

/// <summary>Which headers are wanted and where they come from: the content of <c>sources.json</c>.</summary>
/// <param name="Suites">Suites of the distribution, the preferred one first.</param>
/// <param name="Multiarch">Target folders that must have their own <c>asm</c> headers, such as <c>x86_64-linux-gnu</c>.</param>
/// <param name="Packages">Packages to take headers from; the first one gives the kernel version, the others follow its version.</param>
/// <param name="Roots">Tree paths of the headers that bindings are made from; they and all they include are pinned one by one.</param>
public sealed record HeaderSources(
    IReadOnlyList<string> Suites,
    IReadOnlyList<string> Multiarch,
    IReadOnlyList<HeaderPackage> Packages,
    IReadOnlyList<string> Roots)
{
    private const int Schema = 1;

    /// <summary>Reads <c>sources.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it asks for.</returns>
    /// <exception cref="HeaderSyncException">The file is missing, damaged or of a later version, or a name in it is none.</exception>
    public static HeaderSources Read(string path)
    {
        SourcesDocument document = HeaderJson.Read(path, HeaderJson.Context.SourcesDocument, Schema);
        if (document.Packages.Count == 0 || document.Suites.Count == 0 || document.Roots.Count == 0)
        {
            throw new HeaderSyncException(
                $"{path}: suites, packages and roots need at least one entry each", "Complete the file and run the command again.");
        }

        document.Suites.ForEach(suite => SourceNames.Require(path, "suite", suite, SourceNames.Suite()));
        document.Multiarch.ForEach(folder => SourceNames.Require(path, "multiarch folder", folder, SourceNames.Multiarch()));
        foreach (PackageWanted package in document.Packages)
        {
            SourceNames.Require(path, "package", package.Name, SourceNames.Package());
            TreePath.Require(path, package.Folder);
            TreePath.Require(path, package.Into);
            TreePath.Require(path, package.KernelFolder ?? package.Folder);
        }

        foreach (string root in document.Roots)
        {
            TreePath.Require(path, root);
        }

        return new HeaderSources(
            document.Suites,
            document.Multiarch,
            [.. document.Packages.Select(p => new HeaderPackage(p.Name, p.Folder, p.Into, p.KernelFolder, p.OnlyWhenMissing))],
            document.Roots);
    }
}

/// <summary>One distribution package and the part of it that is wanted.</summary>
/// <param name="NamePattern">Package name; a <c>*</c> stands for the part that changes with each kernel.</param>
/// <param name="PackageFolder">Folder inside the package; its <c>*</c> stands for what the name's <c>*</c> stood for.</param>
/// <param name="TreeFolder">Folder in the downloaded tree that receives it.</param>
/// <param name="KernelFolder">The same folder in a kernel source tree; null for the exported user-space headers.</param>
/// <param name="OnlyWhenMissing">Fetched only when the other packages leave <paramref name="TreeFolder"/> empty.</param>
public sealed record HeaderPackage(
    string NamePattern, string PackageFolder, string TreeFolder, string? KernelFolder, bool OnlyWhenMissing)
{
    /// <summary>Whether a package name fits the pattern; gives what the <c>*</c> stands for.</summary>
    internal bool Matches(string name, out string star)
    {
        star = "";
        int at = NamePattern.IndexOf('*', StringComparison.Ordinal);
        if (at < 0)
        {
            return name == NamePattern;
        }

        string head = NamePattern[..at];
        string tail = NamePattern[(at + 1)..];
        if (name.Length <= head.Length + tail.Length
            || !name.StartsWith(head, StringComparison.Ordinal) || !name.EndsWith(tail, StringComparison.Ordinal))
        {
            return false;
        }

        star = name[head.Length..^tail.Length];
        return true;
    }
}
