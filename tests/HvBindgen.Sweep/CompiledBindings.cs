using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using HvBindgen.Generator.Model;

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

    private delegate ReadOnlySpan<byte> TextGetter();

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

        object[] facts = [0];
        Type layout = assembly.GetType($"{result.Namespace}.AbiLayout", throwOnError: true)!;
        var mismatches = (IReadOnlyList<string>)layout.GetMethod("FindMismatches")!.Invoke(null, facts)!;
        faults.AddRange(mismatches.Select(mismatch => $"{result.Header}: {mismatch}"));
        int compared = (int)facts[0];

        void Expect(string name, bool isEqual)
        {
            compared++;
            if (!isEqual)
            {
                faults.Add($"{result.Header}: {name} has another value in C#");
            }
        }

        HashSet<string> enumerators = [.. model.Enums.Where(@enum => @enum.Name.Length == 0).SelectMany(@enum => @enum.Enumerators).Select(item => item.Name)];
        foreach (AbiConstant constant in model.Constants)
        {
            if (!enumerators.Contains(constant.Name))
            {
                Expect(constant.Name, HasValue(result.Namespace, constant.Name, constant.Value));
            }
        }

        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            Expect(ioctl.Name, HasValue(result.Namespace, ioctl.Name, new IntegerValue(ioctl.Request)));
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            Type? type = @enum.Name.Length > 0 ? assembly.GetType($"{result.Namespace}.{@enum.Name}") : null;
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                Expect(enumerator.Name, type is null
                    ? HasValue(result.Namespace, enumerator.Name, new IntegerValue(enumerator.Value))
                    : type.GetField(enumerator.Name)?.GetRawConstantValue() is { } value && ToInteger(value) == enumerator.Value);
            }
        }

        return compared;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private bool HasValue(string @namespace, string name, ConstantValue expected)
    {
        Type? constants = assembly!.GetType($"{@namespace}.Constants");
        object? raw = constants?.GetField(name)?.GetRawConstantValue();
        return expected switch
        {
            IntegerValue integer => raw is not null && ToInteger(raw) == integer.Value,
            FloatingValue floating => raw is double number && number.Equals(floating.Value),
            TextValue text => constants?.GetProperty(name)?.GetMethod?.CreateDelegate<TextGetter>() is { } get
                && System.Text.Encoding.UTF8.GetString(get()) == text.Value,
            _ => false,
        };
    }

    private static Int128 ToInteger(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        ulong number => number,
        _ => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
    };

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
