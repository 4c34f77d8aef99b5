namespace HvBindgen.Generator.Clang;

/// <summary>The libclang that this process uses.</summary>
/// <param name="Library">Path or shared-object name that the loader took.</param>
/// <param name="VersionText">What the library says about itself, such as "Debian clang version 14.0.6".</param>
/// <param name="Major">Major version, such as 14.</param>
public sealed record LoadedLibClang(string Library, string VersionText, int Major)
{
    /// <summary>Lowest major version that this project reads headers with.</summary>
    public const int OldestSupportedMajor = 14;

    /// <summary>Highest major version that this project was tested with; 24 as the snapshot that Debian has, before its release.</summary>
    public const int NewestTestedMajor = 24;

    /// <summary>True for a version newer than any that this project was tested with.</summary>
    public bool IsUntested => Major > NewestTestedMajor;
}
