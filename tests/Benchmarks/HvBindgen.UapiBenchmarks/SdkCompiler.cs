using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace HvBindgen.UapiBenchmarks;

/// <summary>The compiler that <c>dotnet build</c> runs.</summary>
internal static class SdkCompiler
{
    /// <summary>Where it lies: in the newest SDK beside the runtime that runs this.</summary>
    internal static string Folder { get; } = Directory
        .GetDirectories(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../sdk")))
        .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore")).Where(Directory.Exists)
        .OrderBy(folder => folder, StringComparer.Ordinal).Last();

    /// <summary>Has its assemblies found from now on.</summary>
    internal static void Load() => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        string file = Path.Combine(Folder, name.Name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    };
}
