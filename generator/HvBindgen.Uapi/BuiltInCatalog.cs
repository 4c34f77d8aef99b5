using HvBindgen.Generator.Packing;

namespace HvBindgen.Uapi;

/// <summary>The catalog that the generator was built with, read once for a process.</summary>
internal static class BuiltInCatalog
{
    private const string Resource = "uapi.bin";

    private static readonly Lazy<Catalog> Read = new(() =>
    {
        using Stream stream = typeof(BuiltInCatalog).Assembly.GetManifestResourceStream(Resource);
        return Catalog.Read(stream);
    });

    /// <summary>The catalog.</summary>
    internal static Catalog Value => Read.Value;
}
