using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Turns the merged models of one set into C# files.</summary>
public static class CSharpEmitter
{
    /// <summary>Emits a set.</summary>
    /// <param name="merged">The set's models of all targets.</param>
    /// <param name="options">Names and provenance.</param>
    /// <returns>The files, sorted by path. Equal input gives equal bytes.</returns>
    /// <exception cref="EmitException">A declaration has no C# form, or two have one name.</exception>
    public static IReadOnlyList<EmittedFile> Emit(MergedModel merged, EmitOptions options)
    {
        ArrayTypes arrays = new();
        List<EmitScope> scopes = ScopesOf(merged, options, arrays);
        SetFiles[] emitters = [.. scopes.Select(scope => new SetFiles(scope, merged, options))];
        List<EmittedFile> files = EmitAll(emitters);
        string[] tables = [.. emitters.Where(emitter => emitter.HasRecords).Select(emitter => emitter.Namespace)];
        files.AddRange(new SupportEmitter(options).Emit(files, arrays, tables));
        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;
    }

    // Scopes share nothing but the list of array lengths, so each can have its own thread.
    private static List<EmittedFile> EmitAll(SetFiles[] emitters)
    {
        Task<List<EmittedFile>>[] others = [.. emitters.Skip(1).Select(emitter => Task.Run(emitter.Emit))];
        List<EmittedFile> files = emitters[0].Emit();
        foreach (Task<List<EmittedFile>> other in others)
        {
            files.AddRange(other.GetAwaiter().GetResult());
        }

        return files;
    }

    private static List<EmitScope> ScopesOf(MergedModel merged, EmitOptions options, ArrayTypes arrays)
    {
        string all = string.Join(", ", merged.Models.Select(model => model.Target.Name));
        List<EmitScope> scopes =
        [
            new(options.Namespace, "", merged.Models[0], new TypeMapper(merged.Models[0], arrays), all, IsShared: true),
        ];
        if (merged.Models.Count > 1)
        {
            foreach (AbiModel model in merged.Models)
            {
                string name = model.Target.CSharpName;
                scopes.Add(new EmitScope(
                    $"{options.Namespace}.{name}", $".{name}", model, new TypeMapper(model, arrays), model.Target.Name, IsShared: false));
            }
        }

        return scopes;
    }
}
