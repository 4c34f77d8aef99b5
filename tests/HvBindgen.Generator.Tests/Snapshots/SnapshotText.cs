using System.Text;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Parsing;

namespace HvBindgen.Generator.Tests.Snapshots;

/// <summary>The snapshot of a fixture header as text.</summary>
internal static class SnapshotText
{
    internal static string Of(string header) => Encoding.UTF8.GetString(SnapshotWriter.Write(FixtureHeaders.Parse(header).Model).Span);
}
