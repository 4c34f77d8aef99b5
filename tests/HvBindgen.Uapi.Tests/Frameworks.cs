using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace HvBindgen.Uapi.Tests;

/// <summary>What a project's code is compiled against.</summary>
internal static class Frameworks
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> OfThisProcess = new(() => In(
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))));

    private static readonly Lazy<ImmutableArray<MetadataReference>> Oldest = new(() => In(Directory.GetFiles(
        typeof(Frameworks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Net8References").Value!,
        "*.dll")));

    /// <summary>The assemblies of the runtime that runs the tests.</summary>
    internal static ImmutableArray<MetadataReference> Running => OfThisProcess.Value;

    /// <summary>The reference assemblies of .NET 8.</summary>
    internal static ImmutableArray<MetadataReference> Net8 => Oldest.Value;

    private static ImmutableArray<MetadataReference> In(IEnumerable<string> files) =>
        [.. files.Select(file => MetadataReference.CreateFromFile(file))];
}
