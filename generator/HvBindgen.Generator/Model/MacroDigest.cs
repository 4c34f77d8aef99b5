using System.Security.Cryptography;
using System.Text;

namespace HvBindgen.Generator.Model;

/// <summary>What is kept of a macro's text, which itself is not.</summary>
internal static class MacroDigest
{
    private const int KeptBytes = 8;

    /// <summary>The first 64 bits of the text's SHA-256 in hexadecimal; empty for an empty text.</summary>
    internal static string Of(string body) => body.Length == 0 ? "" : ToText(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>The same for beginnings of a text, which is read once.</summary>
    /// <param name="body">The text.</param>
    /// <param name="ends">Where each of them ends, rising.</param>
    internal static IEnumerable<string> OfBeginnings(string body, IReadOnlyList<int> ends)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int start = 0;
        foreach (int end in ends)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(body[start..end]));
            start = end;
            yield return ToText(hash.GetCurrentHash());
        }
    }

    private static string ToText(byte[] digest) => Convert.ToHexStringLower(digest.AsSpan(0, KeptBytes));
}
