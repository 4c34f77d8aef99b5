using System.IO.Compression;
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

    /// <summary>Writes what is new. Another version of .NET may compress to other bytes: the same content stays as it is.</summary>
    internal void Write(byte[] content, string text)
    {
        if (!HasContent(content))
        {
            File.WriteAllBytes(data, CatalogWriter.Compress(content));
        }

        File.WriteAllText(report, text);
    }

    private bool HasContent(byte[] content)
    {
        if (!File.Exists(data))
        {
            return false;
        }

        using FileStream stream = File.OpenRead(data);
        using DeflateStream inflate = new(stream, CompressionMode.Decompress);
        using MemoryStream all = new();
        inflate.CopyTo(all);
        return all.GetBuffer().AsSpan(0, (int)all.Length).SequenceEqual(content);
    }
}
