using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>One set to look at: its models side by side, and the C# they become.</summary>
public sealed class InspectedSet
{
    private readonly MergedModel merged;
    private readonly EmitOptions emission;
    private readonly NameTable names;
    private readonly Dictionary<string, TypeMapper> types;

    /// <summary>Puts the models of a set side by side.</summary>
    /// <param name="options">What the configuration says of the set.</param>
    /// <param name="all">One model for each target of the set: they decide what its C# looks like.</param>
    /// <param name="shown">The models to show, some of them or all.</param>
    public InspectedSet(InspectOptions options, IReadOnlyList<AbiModel> all, IReadOnlyList<AbiModel> shown)
    {
        Options = options;
        Models = shown;
        merged = MergedModel.Merge(all);
        emission = options.Emission
            ?? new EmitOptions(options.Namespace, "") { ConstantsClass = options.ConstantsClass, Messages = options.Messages };
        names = new NameTable(merged, options.Namespace, new ReservedNames(merged, emission), emission.Names);
        ArrayTypes arrays = new(emission);
        types = shown.ToDictionary(model => model.Target.Name, model => new TypeMapper(model, arrays, names));
    }

    /// <summary>Name of the set.</summary>
    public string Name => Models[0].Set;

    /// <summary>What the configuration says of the set.</summary>
    public InspectOptions Options { get; }

    /// <summary>The models that are shown.</summary>
    public IReadOnlyList<AbiModel> Models { get; }

    /// <summary>Names that are others in C#, with those.</summary>
    internal IEnumerable<(string Name, string CSharpName)> OtherNames =>
        names.Others(merged).Where(name => name.Name != name.CSharpName);

    internal TypeMapper TypesOf(AbiModel model) => types[model.Target.Name];

    internal string NameOf(AbiModel model, AbiRecord record) => InNamespace(model, merged.IsPortable(record), names.Of(record));

    internal string NameOf(AbiModel model, AbiEnum @enum) => @enum.Name.Length == 0
        ? ""
        : InNamespace(model, merged.IsPortable(@enum), names.Of(@enum));

    internal string NameOf(AbiModel model, AbiConstant constant) => ConstantName(model, merged.IsPortable(constant), constant.Name);

    // An enumerator without an enum to live in becomes a constant.
    internal string NameOf(AbiModel model, AbiEnum @enum, AbiEnumerator enumerator) => @enum.Name.Length == 0
        ? ConstantName(model, merged.IsPortable(@enum), enumerator.Name)
        : $"{NameOf(model, @enum)}.{names.EnumeratorsOf(@enum).Of(enumerator.Name)}";

    /// <summary>The classes that have a method for the request: one for each kind of descriptor.</summary>
    internal IEnumerable<string> NamesOf(AbiModel model, AbiIoctl ioctl) =>
        ((IEnumerable<string>)ioctl.Descriptors).Select(descriptor =>
            InNamespace(model, merged.IsPortable(ioctl), $"{emission.IoctlClass(descriptor)}.{names.OfConstant(ioctl.Name)}"));

    /// <summary>The same for a request that a macro makes of its arguments; nothing for another macro.</summary>
    internal IEnumerable<string> NamesOf(AbiModel model, AbiMacro macro) =>
        model.Index.FunctionRequests.FirstOrDefault(request => request.Macro == macro) is { } found
            ? ((IEnumerable<string>)macro.Descriptors).Select(descriptor => InNamespace(
                model, merged.IsPortable(found), $"{emission.IoctlClass(descriptor)}.{names.OfConstant(macro.Name)}"))
            : [];

    private string ConstantName(AbiModel model, bool isPortable, string name) =>
        InNamespace(model, isPortable, $"{Options.ConstantsClass}.{names.OfConstant(name)}");

    // As the emitter does: what all targets have alike is in the set's namespace, the rest in one of the target below it.
    private string InNamespace(AbiModel model, bool isPortable, string name) =>
        isPortable || merged.Models.Count == 1 ? $"{Options.Namespace}.{name}" : $"{Options.Namespace}.{model.Target.CSharpName}.{name}";
}
