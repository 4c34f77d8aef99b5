using System.Reflection;
using System.Runtime.InteropServices;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>Finds the libclang to use, loads it and gives it to the binding. One library serves the whole process.</summary>
/// <remarks>
/// Order: the option, the environment variable; each of them binds and is not followed by a search. A configuration names none: it
/// comes with a repository, and a library is code that runs.
/// Without any: beside this program; names that tell the version, newest first; LLVM's folders; names without a version; NuGet's folder
/// of downloaded packages.
/// </remarks>
public static class LibClangLocator
{
    /// <summary>Environment variable that names a file or a folder.</summary>
    public const string EnvironmentVariable = "HVBINDGEN_LIBCLANG";

    /// <summary>
    /// Leaves what clang holds of parsed headers to the end of the process. For a program that parses, writes and ends: giving
    /// each node back would take longer than the system takes for all memory at once.
    /// </summary>
    public static bool KeepsUntilExit { get; set; }

    private static readonly Lock Gate = new();
    private static LoadedLibClang? Loaded;
    private static string? LoadedFor;
    private static nint LoadedHandle;

    /// <summary>Loads libclang at the first call; later calls give the same one.</summary>
    /// <param name="option">File, folder or shared-object name from the command line; null when not given.</param>
    /// <exception cref="LibClangNotFoundException">None was found, or the named one cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Another library is named than the one this process has loaded.</exception>
    public static LoadedLibClang Load(string? option = null)
    {
        lock (Gate)
        {
            if (Loaded is null)
            {
                LibClangProbe probe = new(LibClangImage.TryLoad, LibClangPlaces.OfThisMachine());
                Loaded = Search(probe, option, Environment.GetEnvironmentVariable(EnvironmentVariable));
                LoadedFor = option;
                LoadedHandle = probe.Handle;
                clang.ResolveLibrary += Resolve;
            }
            else if (!string.IsNullOrEmpty(option) && option != LoadedFor && option != Loaded.Library)
            {
                throw new InvalidOperationException(
                    $"libclang \"{option}\" is asked for, but this process has loaded \"{Loaded.Library}\" and can use one only.");
            }

            return Loaded;
        }
    }

    /// <summary>Decides who names the library, and searches the machine when nobody does.</summary>
    internal static LoadedLibClang Search(LibClangProbe probe, string? option, string? environment) =>
        !string.IsNullOrEmpty(option) ? probe.FindNamed(option, "the libclang option")
        : !string.IsNullOrEmpty(environment) ? probe.FindNamed(environment, $"the environment variable {EnvironmentVariable}")
        : probe.FindInstalled();

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) =>
        libraryName == "libclang" ? LoadedHandle : 0;
}
