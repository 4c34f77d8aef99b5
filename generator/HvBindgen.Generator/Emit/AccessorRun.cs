using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Runs emitted C#: each member of each record is written through its own accessor, and the record's bytes are noted.</summary>
internal static class AccessorRun
{
    private const BindingFlags Inner = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
    private const string Loaded = "CompileCheck leaves all of this out of a program that is trimmed.";

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Loaded)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Loaded)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Loaded)]
    internal static IReadOnlyDictionary<string, IReadOnlyList<AccessorImage>> Of(
        IReadOnlyList<EmittedSet> sets, IReadOnlyList<EmittedFile> support, EmitOptions options)
    {
        Dictionary<string, IReadOnlyList<AccessorImage>> images = new(StringComparer.Ordinal);
        EmittedFile recorder = new SupportEmitter(options).EmitRecorder();
        CompiledSets compiled = MemoryCompiler.Compile(
            sets, [.. support.Select(file => file.Path == recorder.Path ? recorder : file)], options);
        using MemoryStream image = new();

        // Attributes that only the project has keep it from being whole; what they stand on was compiled all the same.
        if (!MemoryCompiler.Write(compiled, image))
        {
            return images;
        }

        image.Position = 0;
        AssemblyLoadContext context = new("emitted", isCollectible: true);
        try
        {
            Assembly assembly = context.LoadFromStream(image);
            Type check = assembly.GetType($"{options.SupportNamespace ?? options.Namespace}.LayoutCheck", throwOnError: true)!;
            foreach (string space in sets.SelectMany(set => set.TableNamespaces))
            {
                using IDisposable notes = (IDisposable)Activator.CreateInstance(check)!;
                assembly.GetType($"{space}.{LayoutTableEmitter.TableClass}", throwOnError: true)!
                    .GetMethod(LayoutTableEmitter.CheckMethod, Inner)!.Invoke(null, [notes]);
                IReadOnlyList<(string Record, string Member, byte[] Bytes)> noted =
                    (IReadOnlyList<(string, string, byte[])>)check.GetProperty("Noted", Inner)!.GetValue(notes)!;
                images[space] = [.. noted.Select(one => new AccessorImage(one.Record, one.Member, one.Bytes))];
            }

            return images;
        }
        finally
        {
            context.Unload();
        }
    }
}
