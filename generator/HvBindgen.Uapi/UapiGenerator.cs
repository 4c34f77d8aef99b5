using System.Text;
using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Diagnostics;
using HvBindgen.Uapi.Names;
using HvBindgen.Uapi.Output;
using HvBindgen.Uapi.Project;
using HvBindgen.Uapi.Snapshots;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace HvBindgen.Uapi;

/// <summary>Writes the types, constants and requests that a project's <c>uapi.txt</c> asks for, while it is compiled.</summary>
/// <remarks>
/// Each step gives something that compares by content. An edit elsewhere gives the same lines, settings and abilities, and nothing is
/// done again; an edit of <c>uapi.txt</c> adds those files again that it changed. What goes from step to step is a class, and pairs of
/// classes: for those the compiler's own code is there, for each struct a process would compile all of it anew.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class UapiGenerator : IIncrementalGenerator
{
    internal const string LinesStep = "Lines";
    internal const string SnapshotsStep = "Snapshots";
    internal const string OutputStep = "Output";
    internal const string SourcesStep = "Sources";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<NameLines> lines = context.AdditionalTextsProvider
            .Where(file => NameList.IsList(file.Path))
            .Select(NameList.Read)
            .Collect()
            .Select((lists, _) => NameLines.Of(lists))
            .WithTrackingName(LinesStep);
        IncrementalValueProvider<OwnSnapshots> snapshots = context.AdditionalTextsProvider
            .Where(file => OwnSnapshot.IsSnapshot(file.Path))
            .Select(OwnSnapshot.Read)
            .Collect()
            .Select((files, _) => OwnSnapshots.Of(files))
            .WithTrackingName(SnapshotsStep);
        IncrementalValueProvider<UapiSettings> settings =
            context.AnalyzerConfigOptionsProvider.Select((options, _) =>
                UapiSettings.Read(options.GlobalOptions, () => BuiltInCatalog.Value.Targets));
        IncrementalValueProvider<Surroundings> surroundings = context.CompilationProvider.Combine(settings)
            .Select((project, _) => new Surroundings(project.Right, ProjectAbilities.Of(project.Left, project.Right.Namespace)));
        IncrementalValueProvider<UapiOutput> output = lines.Combine(snapshots)
            .Select((files, _) => new Files(files.Left, files.Right))
            .Combine(surroundings)
            .Select((input, cancellation) => Make(input.Left, input.Right, cancellation))
            .WithTrackingName(OutputStep);
        IncrementalValuesProvider<SourceGroup> sources =
            output.SelectMany((made, _) => SourceGroup.Of(made.Sources)).WithTrackingName(SourcesStep);

        context.RegisterSourceOutput(sources, (production, group) =>
        {
            foreach (EmittedSource source in group.Sources)
            {
                production.AddSource(source.HintName, SourceText.From(source.Text, Encoding.UTF8));
            }
        });
        context.RegisterSourceOutput(output.SelectMany((made, _) => (IEnumerable<Problem>)made.Problems), (production, problem) =>
            production.ReportDiagnostic(problem.ToDiagnostic()));
    }

    private static UapiOutput Make(Files files, Surroundings surroundings, CancellationToken cancellation)
    {
        (ICatalog catalog, IReadOnlyList<Problem> problems) = ProjectCatalog.Of(BuiltInCatalog.Value, files.Snapshots.Files);
        UapiOutput made = UapiOutput.Of(catalog, files.Names.Lines, surroundings.Settings, surroundings.Abilities, cancellation);
        if (made.Sources.Count > 0)
        {
            Rehearsal.Begin();
        }

        return problems.Count == 0 ? made : made with { Problems = [.. problems, .. made.Problems] };
    }

    private sealed record Files(NameLines Names, OwnSnapshots Snapshots);

    private sealed record Surroundings(UapiSettings Settings, ProjectAbilities Abilities);
}
