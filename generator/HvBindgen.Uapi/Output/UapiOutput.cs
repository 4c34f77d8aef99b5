using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Diagnostics;
using HvBindgen.Uapi.Names;
using HvBindgen.Uapi.Project;
using HvBindgen.Uapi.Selection;

namespace HvBindgen.Uapi.Output;

/// <summary>What a project gets for its lines.</summary>
/// <param name="Sources">The files.</param>
/// <param name="Problems">What is to be told.</param>
internal sealed record UapiOutput(EquatableArray<EmittedSource> Sources, EquatableArray<Problem> Problems)
{
    /// <summary>Makes the files for a project's lines.</summary>
    internal static UapiOutput Of(
        ICatalog catalog, IReadOnlyList<NameLine> lines, UapiSettings settings, ProjectAbilities abilities, CancellationToken cancellation)
    {
        if (lines.Count == 0)
        {
            return new UapiOutput([], settings.Problems);
        }

        if (abilities.Missing is { } missing)
        {
            return new UapiOutput([], [.. settings.Problems, Problem.Of(ProblemKinds.CannotCompile, null, missing)]);
        }

        NameSelection selection = NameSelection.Of(catalog, settings, lines, cancellation);
        Problem[] problems = [.. settings.Problems, .. selection.Problems];
        if (selection.Names.Count == 0)
        {
            return new UapiOutput([], new EquatableArray<Problem>(problems));
        }

        try
        {
            return new UapiOutput(
                EquatableArray.From(Emit(catalog, selection, settings, cancellation)), new EquatableArray<Problem>(problems));
        }
        catch (EmitException fault)
        {
            return new UapiOutput([], [.. problems, Problem.Of(ProblemKinds.CannotEmit, null, fault.Message)]);
        }
    }

    private static IEnumerable<EmittedSource> Emit(
        ICatalog catalog, NameSelection selection, UapiSettings settings, CancellationToken cancellation)
    {
        SelectedModels selected = SelectedModels.Of(catalog, selection, cancellation);
        Availability availability = new(catalog, selection.Targets);
        EmitOptions options = new(settings.Namespace, typeof(UapiOutput).Assembly.GetName().Version.ToString(3))
        {
            Origin = catalog.Origin,
            IsInternal = !settings.IsPublic,
            PublicMembers = selected.PublicMembers,
            AvailabilityOf = availability.Describe,
            Attributes = availability.AttributesOf(selected.Models, settings.MinimumKernel),
            ConstantsClass = settings.ConstantsClass,
            PicksByArchitecture = true,
            IoctlUses = selected.Uses,
            Surroundings = EmitSurroundings.OfSourceGenerator(cancellation) with { HasLayoutChecks = settings.HasLayoutChecks },
        };
        options = options with { PublicTypes = PublicTypesOf(selected, options) };
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        return CSharpEmitter.Emit(MergedModel.Merge(selected.Models), options)
            .Select(file => new EmittedSource(HintOf(file.Path, names), file.Text));
    }

    private static HashSet<string> PublicTypesOf(SelectedModels selected, EmitOptions options)
    {
        HashSet<string> types = new(selected.PublicTypes, StringComparer.Ordinal);
        if (selected.PublicMembers.Count > 0)
        {
            types.Add(options.ConstantsClass);
            types.UnionWith(selected.PublicDescriptors.Select(options.IoctlClass));
        }

        return types;
    }

    // linux/netfilter/xt_dscp.h and xt_DSCP.h are two files to C, and one name to Roslyn.
    private static string HintOf(string path, HashSet<string> taken)
    {
        string hint = path.Replace('/', '.');
        for (int number = 2; !taken.Add(hint); number++)
        {
            hint = $"{path.Replace('/', '.').Replace(".g.cs", "")}.{number}.g.cs";
        }

        return hint;
    }
}
