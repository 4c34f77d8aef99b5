using System.Text;
using HvBindgen.Generator.Model;
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
/// done again; an edit of <c>uapi.txt</c> adds those files again that it changed.
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
        IncrementalValueProvider<EquatableArray<NameLine>> lines = context.AdditionalTextsProvider
            .Where(file => NameList.IsList(file.Path))
            .Select(NameList.Read)
            .Collect()
            .Select((files, _) => EquatableArray.From(files.SelectMany(file => (IEnumerable<NameLine>)file)))
            .WithTrackingName(LinesStep);
        IncrementalValueProvider<UapiSettings> settings =
            context.AnalyzerConfigOptionsProvider.Select((options, _) => UapiSettings.Read(options.GlobalOptions));
        IncrementalValueProvider<ProjectAbilities> abilities =
            context.CompilationProvider.Combine(context.ParseOptionsProvider)
                .Select((project, _) => ProjectAbilities.Of(project.Left, project.Right));
        IncrementalValueProvider<EquatableArray<OwnSnapshot>> snapshots = context.AdditionalTextsProvider
            .Where(file => OwnSnapshot.IsSnapshot(file.Path))
            .Select(OwnSnapshot.Read)
            .Collect()
            .Select((files, _) => EquatableArray.From(files.OrderBy(file => file.Path, StringComparer.Ordinal)))
            .WithTrackingName(SnapshotsStep);
        IncrementalValueProvider<UapiOutput> output = lines.Combine(settings).Combine(abilities).Combine(snapshots)
            .Select((input, cancellation) =>
            {
                (((EquatableArray<NameLine> asked, UapiSettings how), ProjectAbilities can), EquatableArray<OwnSnapshot> own) = input;
                (ICatalog catalog, IReadOnlyList<Problem> problems) = ProjectCatalog.Of(BuiltInCatalog.Value, own);
                UapiOutput made = UapiOutput.Of(catalog, asked, how, can, cancellation);
                return problems.Count == 0 ? made : made with { Problems = [.. problems, .. made.Problems] };
            })
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
}
