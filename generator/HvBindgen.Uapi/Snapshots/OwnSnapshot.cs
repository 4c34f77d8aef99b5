using System.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Uapi.Diagnostics;
using HvBindgen.Uapi.Names;
using Microsoft.CodeAnalysis;

namespace HvBindgen.Uapi.Snapshots;

/// <summary>An ABI snapshot that a project brings, as <c>hvbindgen snapshot</c> writes it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Model">What is in it; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
internal sealed record OwnSnapshot(string Path, AbiModel? Model, Problem? Problem)
{
    private const string Ending = ".abi.json";

    /// <summary>Whether a file is one: <c>anything.abi.json</c>.</summary>
    internal static bool IsSnapshot(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file, whatever is in it.</summary>
    internal static OwnSnapshot Read(AdditionalText file, CancellationToken cancellation)
    {
        try
        {
            byte[] text = Encoding.UTF8.GetBytes(file.GetText(cancellation)?.ToString() ?? "");
            return new OwnSnapshot(file.Path, SnapshotReader.Read(text, System.IO.Path.GetFileName(file.Path)), null);
        }
        catch (SnapshotException fault)
        {
            NamePlace place = fault.InnerException is JsonException at
                ? new NamePlace(file.Path, 0, 0, (int)at.LineNumber, (int)at.BytePositionInLine)
                : new NamePlace(file.Path, 0, 0, 0, 0);
            return new OwnSnapshot(file.Path, null, Problem.Of(ProblemKinds.DamagedSnapshot, place, fault.Message));
        }
    }
}
