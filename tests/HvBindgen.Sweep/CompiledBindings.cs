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

    private readonly TemporaryFolder folder = new();
    private Assembly? assembly;

    internal List<string> Faults { get; } = [];

    internal static async Task<CompiledBindings> BuildAsync(IEnumerable<SetResult> results, CancellationToken cancellation)
    {
        CompiledBindings bindings = new();
        bool hasAssemblyAttributes = false;
        foreach (SetResult result in results)
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
                bindings.folder.With(Path.Combine(result.Namespace, file.Path), file.Text);
            }
        }

        await bindings.CompileAsync(cancellation);
        return bindings;
    }

    /// <summary>
    /// Compares C# with the model: sizes, offsets and bits by the emitted table, values of constants and enumerators here.
    /// </summary>
    /// <returns>Number of facts compared.</returns>
    internal int Check(SetResult result, List<string> faults)
    {
        if (assembly is null || result.Model is not { } model)
        {
            return 0;
        }

        BindingsCheck check = new(
            assembly.GetType($"{result.Namespace}.AbiLayout", throwOnError: true)!, "Constants", result.Namespace, result.Namespace);
        faults.AddRange(check.Layouts().Concat(check.Values(model)).Select(fault => $"{result.Title}: {fault}"));
        return check.Compared;
    }

    public void Dispose() => folder.Dispose();

    private async Task CompileAsync(CancellationToken cancellation)
    {
        folder.With("Sweep.csproj", Project);
        ChildProgram build = new("dotnet", ["build", "-c", "Release", "-nologo", "-v", "quiet", "-o", folder["out"]])
        {
            Folder = folder.Root,
            TimeLimit = TimeSpan.FromMinutes(30),
        };
        Ending ending = await build.RunAsync(cancellation);
        if (ending.ExitCode != 0)
        {
            Faults.AddRange(ending.Out.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(50));
            return;
        }

        // Each in a context of its own: tests that run at the same time have an assembly of this name each.
        assembly = new AssemblyLoadContext("bindings").LoadFromAssemblyPath(folder["out/Sweep.dll"]);
    }
}
