namespace HvBindgen.Generator.Clang;

/// <summary>Where a libclang may lie, apart from the names that the system's loader knows.</summary>
/// <param name="BesideTool">Folders of this program, which need not exist.</param>
/// <param name="SystemFolders">Folder patterns of distributions.</param>
/// <param name="Package">NuGet's package; null where none is built for this kind of machine.</param>
internal sealed record LibClangPlaces(IReadOnlyList<string> BesideTool, IReadOnlyList<string> SystemFolders, LibClangPackage? Package)
{
    /// <summary>The places of the running program on this machine.</summary>
    internal static LibClangPlaces OfThisMachine()
    {
        LibClangPackage? package = LibClangPackage.OfThisMachine();
        string program = AppContext.BaseDirectory;
        IReadOnlyList<string> beside = package is null ? [program] : [program, Path.Combine(program, package.NativeFolder)];
        return new LibClangPlaces(beside, LibClangNames.SystemFolders, package);
    }
}
