using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Sweep;

/// <summary>What became of one header, up to its C#.</summary>
internal sealed class HeaderResult
{
    private HeaderResult(string header, int index)
    {
        Header = header;
        Namespace = $"Sweep.H{index:d4}";
    }

    internal string Header { get; }

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

    internal static async Task<HeaderResult> OfAsync(
        string header, int index, TargetInfo target, HeaderFolder folder, Compiler gcc, CancellationToken cancellation)
    {
        HeaderResult result = new(header, index);
        try
        {
            await result.FillAsync(target, folder, gcc, cancellation);
        }
        catch (Exception fault) when (fault is HeaderParseException or EmitException or VerificationException or SnapshotException)
        {
            result.Faults.Add($"{header}: {fault.Message}");
        }

        return result;
    }

    private async Task FillAsync(TargetInfo target, HeaderFolder folder, Compiler gcc, CancellationToken cancellation)
    {
        BindingSet set = folder.SetOf(Header, Namespace, target);
        ParsedHeaders parsed = HeaderParser.Parse(set.ToParseRequest(target));
        Model = parsed.Model;
        Omitted = parsed.Omitted;
        Warnings = parsed.Warnings;
        if (SnapshotReader.Read(SnapshotWriter.Write(Model), Header) != Model)
        {
            Faults.Add($"{Header}: its snapshot does not read back as the same model");
        }

        Files = CSharpEmitter.Emit(MergedModel.Merge([Model]), set.ToEmitOptions("sweep", "", ""));

        // Requests of headers that leave linux/ioctl.h to their users are evaluated with it, as by the parser.
        VerifyRequest request = new(gcc, [Header, "linux/ioctl.h"], folder.IncludePaths) { LastFolder = FreestandingHeaders.Folder };
        VerifyReport report = await CompilerOracle.VerifyAsync(Model, request, cancellation);
        Agreed = report.Agreed;
        Faults.AddRange(report.Disagreements.Select(disagreement => $"{Header}: {disagreement}"));
        NotAsked = report.NotAsked;
    }
}
