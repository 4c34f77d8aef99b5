using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.UapiData;

/// <summary>What is in a catalog, as text that is committed, so that a change of it shows in a review.</summary>
internal static class CatalogReport
{
    /// <summary>Digest, counts, and the headers that are not in it.</summary>
    /// <param name="origin">Where the headers come from.</param>
    /// <param name="reader">What was read.</param>
    /// <param name="items">What is in the catalog.</param>
    /// <param name="content">The catalog, not compressed.</param>
    /// <param name="since">When names appeared.</param>
    internal static string Write(
        string origin, HeaderTreeReader reader, IReadOnlyList<CatalogItem> items, byte[] content, ReleaseList since)
    {
        StringBuilder text = new();
        text.Append("# What HvBindgen.Uapi knows. Written by generator/HvBindgen.UapiData; ./regenerate.sh does it.\n");
        Line(text, $"origin {origin}");
        Line(text, $"sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}");
        Line(text, $"bytes {content.Length}");
        for (int target = 0; target < reader.Targets.Count; target++)
        {
            int bit = 1 << target;
            string name = reader.Targets[target].Name;
            string all = Counts(items.Where(item => (item.Targets & bit) != 0));
            Line(text, $"{name}: {reader.HeaderCounts[target]} headers, {all}");
            Line(text, $"{name} alone, or in a form of its own: {Counts(items.Where(item => item.Targets == bit))}");
        }

        for (int release = 2; release <= since.Releases.Count; release++)
        {
            int names = since.Later.Where(entry => entry.Value == release).Select(entry => entry.Key.Name).Distinct().Count();
            Line(text, $"first in {since.Releases[release - 1]}, not in {since.Releases[release - 2]}: {names} names");
        }

        foreach (string header in reader.LeftOut)
        {
            Line(text, $"left out: {header}");
        }

        return text.ToString();
    }

    private static string Counts(IEnumerable<CatalogItem> items)
    {
        IAbiDeclaration[] all = [.. items.Select(item => item.Declaration)];
        return $"{all.OfType<AbiRecord>().Count()} records, {all.OfType<AbiEnum>().Count()} enums, "
            + $"{all.OfType<AbiConstant>().Count()} constants, {all.OfType<AbiIoctl>().Count()} ioctls, "
            + $"{all.OfType<AbiMacro>().Count()} functions, {all.OfType<AbiTypedef>().Count()} typedefs";
    }

    private static void Line(StringBuilder text, string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
