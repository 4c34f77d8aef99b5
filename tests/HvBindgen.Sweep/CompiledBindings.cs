using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using HvBindgen.Layout.Tests;

namespace HvBindgen.Sweep;

/// <summary>The C# of all headers, compiled into one assembly and loaded.</summary>
internal sealed class CompiledBindings : IDisposable
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <RunAnalyzers>false</RunAnalyzers>
          </PropertyGroup>
        </Project>
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("hvbindgen-sweep-").FullName;
    private Assembly? assembly;

    internal List<string> Faults { get; } = [];

    internal static async Task<CompiledBindings> BuildAsync(IEnumerable<HeaderResult> results, CancellationToken cancellation)
    {
        CompiledBindings bindings = new();
        bool hasAssemblyAttributes = false;
        foreach (HeaderResult result in results)
        {
            foreach (Generator.Emit.EmittedFile file in result.Files)
            {
                // Attributes of the assembly may stand there once only.
                bool isAssembly = file.Path == "Support/AssemblySupport.g.cs";
                if (isAssembly && hasAssemblyAttributes)
                {
                    continue;
                }

                hasAssemblyAttributes |= isAssembly;
                string path = Path.Combine(bindings.folder, result.Namespace, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, file.Text, cancellation);
            }
        }

        await bindings.CompileAsync(cancellation);
        return bindings;
    }

    /// <summary>Compares C# with the model: sizes, offsets and bits by the emitted table, values of constants and enumerators here.</summary>
    /// <returns>Number of facts compared.</returns>
    internal int Check(HeaderResult result, List<string> faults)
    {
        if (assembly is null || result.Model is not { } model)
        {
            return 0;
        }

        BindingsCheck check = new(assembly, result.Namespace, result.Namespace);
        faults.AddRange(check.Layouts().Concat(check.Values(model)).Select(fault => $"{result.Header}: {fault}"));
        return check.Compared;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task CompileAsync(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "Sweep.csproj"), Project, cancellation);
        ProcessStartInfo start = new("dotnet", ["build", "-c", "Release", "-nologo", "-v", "quiet", "-o", Path.Combine(folder, "out")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string words = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            Faults.AddRange(words.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(50));
            return;
        }

        assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "out", "Sweep.dll"));
    }
}
