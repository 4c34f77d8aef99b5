using System.IO.Compression;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Packing;

namespace HvBindgen.UapiData;

/// <summary>The two files that are committed: the catalog and what it says of itself.</summary>
/// <param name="folder">Where they lie.</param>
internal sealed class CatalogFiles(string folder)
{
    private readonly string data = Path.Combine(folder, "uapi.bin");
    private readonly string report = Path.Combine(folder, "catalog.txt");

    /// <summary>Whether the files say this already.</summary>
    internal bool Are(byte[] content, string text) => HasContent(content) && File.Exists(report) && File.ReadAllText(report) == text;

    /// <summary>
    /// Writes what is new, both or none. Another version of .NET may compress to other bytes: the same content stays as it is.
    /// </summary>
    internal void Write(byte[] content, string text)
    {
        OutputPlan plan = new();
        plan.Add(folder, Path.GetFileName(report), text);
        if (!HasContent(content))
        {
            plan.Add(folder, Path.GetFileName(data), CatalogWriter.Compress(content));
        }

        plan.Commit();
    }

    // However much is packed there, no more is looked at than it should be.
    private bool HasContent(byte[] content)
    {
        if (!File.Exists(data) || new FileInfo(data).LinkTarget is not null)
        {
            return false;
        }

        using FileStream stream = File.OpenRead(data);
        using DeflateStream inflate = new(stream, CompressionMode.Decompress);
        byte[] there = new byte[content.Length + 1];
        int count = inflate.ReadAtLeast(there, there.Length, throwOnEndOfStream: false);
        return there.AsSpan(0, count).SequenceEqual(content);
    }
}
