using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Sweep;

/// <summary>What became of one set, up to its C#.</summary>
internal sealed class SetResult
{
    private SetResult(string title, string @namespace)
    {
        Title = title;
        Namespace = @namespace;
    }

    /// <summary>What it is called in reports: its name, or its only header.</summary>
    internal string Title { get; }

    internal string Namespace { get; }

    internal AbiModel? Model { get; private set; }

    internal IReadOnlyList<EmittedFile> Files { get; private set; } = [];

    internal int Agreed { get; private set; }

    internal List<string> Faults { get; } = [];

    /// <summary>What the header declares and C# has nothing for, each with its reason.</summary>
    internal IReadOnlyList<OmittedDeclaration> Omitted { get; private set; } = [];

    /// <summary>Facts that C has no question for, each with its reason.</summary>
    internal IReadOnlyList<NotAskedFact> NotAsked { get; private set; } = [];

    internal IReadOnlyList<HeaderFault> Warnings { get; private set; } = [];

    /// <summary>The result for one of the kernel's headers.</summary>
    internal static Task<SetResult> OfAsync(
        string header, int index, TargetInfo target, HeaderFolder folder, Compiler gcc, CancellationToken cancellation) =>
        OfAsync(header, folder.SetOf(header, $"Sweep.H{index:d4}", target), target, gcc, cancellation);

    /// <summary>The result for a set.</summary>
    internal static async Task<SetResult> OfAsync(
        string title, BindingSet set, TargetInfo target, Compiler gcc, CancellationToken cancellation)
    {
        SetResult result = new(title, set.Namespace);
        try
        {
            await result.FillAsync(set, target, gcc, cancellation);
        }
        catch (Exception fault) when (fault is HeaderParseException or EmitException or VerificationException or SnapshotException)
        {
            result.Faults.Add($"{title}: {fault.Message}");
        }

        return result;
    }

    private async Task FillAsync(BindingSet set, TargetInfo target, Compiler gcc, CancellationToken cancellation)
    {
        ParsedHeaders parsed = HeaderParser.Parse(set.ToParseRequest(target));
        Model = parsed.Model;
        Omitted = parsed.Omitted;
        Warnings = parsed.Warnings;
        if (SnapshotReader.Read(SnapshotWriter.Write(Model), Title) != Model)
        {
            Faults.Add($"{Title}: its snapshot does not read back as the same model");
        }

        Files = CSharpEmitter.Emit(MergedModel.Merge([Model]), set.ToEmitOptions("sweep", "", ""));

        // Requests of headers that leave linux/ioctl.h to their users are evaluated with it, as by the parser.
        VerifyRequest request = new(gcc, [.. set.Headers, "linux/ioctl.h"], set.IncludePathsFor(target))
        {
            LastFolder = FreestandingHeaders.Folder,
            Flags = set.Flags,
            Defines = set.DefinesFor(target),
        };
        VerifyReport report = await CompilerOracle.VerifyAsync(Model, request, cancellation);
        Agreed = report.Agreed;
        Faults.AddRange(report.Disagreements.Select(disagreement => $"{Title}: {disagreement}"));
        NotAsked = report.NotAsked;
    }
}
