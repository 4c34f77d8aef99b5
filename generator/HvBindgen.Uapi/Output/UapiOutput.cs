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
            IReadOnlyList<EmittedFile> files = Emit(catalog, selection, settings, cancellation);
            HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
            return new UapiOutput(
                EquatableArray.From(files.Select(file => new EmittedSource(HintOf(file.Path, names), file.Text))),
                [.. problems, .. TwinsOf(files, abilities.Visible, settings.Namespace)]);
        }
        catch (EmitException fault)
        {
            return new UapiOutput([], [.. problems, Problem.Of(ProblemKinds.CannotEmit, null, fault.Message)]);
        }
    }

    private static IReadOnlyList<EmittedFile> Emit(
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
            HasFriendlyOverloads = settings.HasFriendlyOverloads,
            IoctlUses = selected.Uses,
            Surroundings = EmitSurroundings.OfSourceGenerator(cancellation) with { HasLayoutChecks = settings.HasLayoutChecks },
        };
        options = options with { PublicTypes = PublicTypesOf(selected, options) };
        return CSharpEmitter.Emit(MergedModel.Merge(selected.Models), options);
    }

    // Types of other assemblies that the compiler would take for the project's own, or the other way round.
    private static IEnumerable<Problem> TwinsOf(
        IReadOnlyList<EmittedFile> files, EquatableArray<VisibleTypes> visible, string @namespace)
    {
        if (visible.Count == 0)
        {
            yield break;
        }

        HashSet<string> own = new(files.SelectMany(file => file.Types), StringComparer.Ordinal);
        for (int index = 0; index < visible.Count; index++)
        {
            VisibleTypes other = visible[index];
            string[] twins = [.. ((IEnumerable<string>)other.Names).Where(own.Contains)];
            if (twins.Length > 0)
            {
                yield return Problem.Of(
                    ProblemKinds.SharedNamespace, null, other.Assembly, twins.Length.ToString(), @namespace, twins[0]);
            }
        }
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
