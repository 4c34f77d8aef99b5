using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Turns the merged models of one set into C# files.</summary>
public static class CSharpEmitter
{
    /// <summary>Emits a set that is alone in its assembly: its declarations and what they need.</summary>
    /// <param name="merged">The set's models of all targets.</param>
    /// <param name="options">Names and provenance.</param>
    /// <returns>The files, sorted by path. Equal input gives equal bytes.</returns>
    /// <exception cref="EmitException">A declaration has no C# form, or two have one name.</exception>
    public static IReadOnlyList<EmittedFile> Emit(MergedModel merged, EmitOptions options)
    {
        EmittedSet set = EmitSet(merged, options);
        List<EmittedFile> files = [.. set.Files, .. EmitSupport([set], options)];
        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;
    }

    /// <summary>Emits the declarations of a set.</summary>
    /// <param name="merged">The set's models of all targets.</param>
    /// <param name="options">Names and provenance.</param>
    /// <returns>The files, sorted by path, and what they need of <see cref="EmitSupport"/>. Equal input gives equal bytes.</returns>
    /// <exception cref="EmitException">A declaration has no C# form, or two have one name.</exception>
    public static EmittedSet EmitSet(MergedModel merged, EmitOptions options)
    {
        ArrayTypes arrays = new(options);
        NameTable names = new(merged, options.Namespace, new ReservedNames(merged, options), options.Names);
        List<EmitScope> scopes = ScopesOf(merged, options, arrays, names);
        SetFiles[] emitters = [.. Refusals.Each(scopes, scope => new SetFiles(scope, merged, options))];
        SourceFile source = new(options);
        SourcePart[] picks = options.PicksByArchitecture ? [.. new ArchitectureEmitter(scopes, merged, options).Emit()] : [];
        List<EmittedFile> files = options.IsOneFile
            ? [source.BuildOne([.. Emitted(emitters, options, part => part), .. picks], new OriginEmitter(options).Facts())]
            : [.. Emitted(emitters, options, source.Build), .. picks.Select(source.Build), new OriginEmitter(options).Emit()];
        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return new EmittedSet(files)
        {
            Arrays = arrays.Arrays,
            Renamed = names.Changes,
            HasAttributes = options.Attributes.Count > 0,
            Blocks = arrays.Blocks,
            TableNamespaces = [.. emitters.Where(emitter => emitter.HasTable).Select(emitter => emitter.Namespace)],
        };
    }

    /// <summary>Emits what the declarations of an assembly need whatever the headers are, once for all of its sets.</summary>
    /// <param name="sets">The assembly's sets.</param>
    /// <param name="options">Names and provenance; the namespaces of the support code are the same in all the sets' options.</param>
    /// <returns>The files, all below <c>Support/</c>.</returns>
    public static IReadOnlyList<EmittedFile> EmitSupport(IReadOnlyList<EmittedSet> sets, EmitOptions options) =>
        new SupportEmitter(options).Emit(sets);

    /// <summary>
    /// Emits a record and forgets it. Roslyn's first use in a process takes longer than all that follows; a caller that parses
    /// headers first can have that happen at the same time.
    /// </summary>
    public static void WarmUp()
    {
        SourceLocation here = new("warm_up.h", 1, 1);
        AbiType number = new AbiPrimitive(PrimitiveKind.UInt);
        AbiRecord record = new(
            "warm_up",
            RecordKind.Struct,
            true,
            8,
            4,
            [
                new AbiField("number", number, 0, 32),
                new AbiField("bits", number, 32, 3, IsBitField: true),
                new AbiField("rest", new AbiArray(number, null), 64, 0),
            ],
            here);
        AbiModel model = new(
            "warm_up",
            TargetInfo.Known[0],
            [record],
            [new AbiEnum("warm_up_kind", true, PrimitiveKind.UInt, [new AbiEnumerator("WARM_UP", 1)], here)],
            [new AbiConstant("WARM_UP_VALUE", number, new IntegerValue(1), here)],
            [
                new AbiIoctl(
                    "WARM_UP_REQUEST", ["fd"], IoctlDirection.Write, 1, 1, 8, new AbiRecordRef(RecordKind.Struct, "warm_up"), 1, here),
            ],
            [],
            []);
        Emit(MergedModel.Merge([model]), new EmitOptions("WarmUp", ""));

    }

    // What is made of each part is made on the part's own thread.
    private static List<T> Emitted<T>(SetFiles[] emitters, EmitOptions options, Func<SourcePart, T> make)
    {
        Func<List<T>>[] parts =
        [
            .. emitters.SelectMany(emitter => emitter.Parts())
                .Select(part => options.Surroundings.Start(() => part().Select(make).ToList())),
        ];
        return [.. Refusals.Each(parts, part => part()).SelectMany(part => part)];
    }

    private static List<EmitScope> ScopesOf(MergedModel merged, EmitOptions options, ArrayTypes arrays, NameTable names)
    {
        string all = string.Join(", ", merged.Models.Select(model => model.Target.Name));
        AttributeText attributes = new(options.Attributes);
        List<EmitScope> scopes =
        [
            new(options.Namespace, "", merged.Models[0], new TypeMapper(merged.Models[0], arrays, names), all, IsShared: true)
            {
                Attributes = attributes,
                AvailabilityOf = options.AvailabilityOf,
                Safety = new MemorySafety(merged.Models[0], options),
            },
        ];
        if (merged.Models.Count > 1)
        {
            foreach (AbiModel model in merged.Models)
            {
                string name = model.Target.CSharpName;
                scopes.Add(new EmitScope(
                    $"{options.Namespace}.{name}", $".{name}", model, new TypeMapper(model, arrays, names), model.Target.Name,
                    IsShared: false)
                {
                    Attributes = attributes,
                    AvailabilityOf = options.AvailabilityOf,
                    Safety = new MemorySafety(model, options),
                });
            }
        }

        return scopes;
    }
}
