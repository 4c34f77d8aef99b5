using System.Security.Cryptography;
using System.Text;

namespace HvBindgen.Generator.Model;

/// <summary>What is kept of a macro's text, which itself is not.</summary>
internal static class MacroDigest
{
    /// <summary>The first 64 bits of the text's SHA-256 in hexadecimal; empty for an empty text.</summary>
    internal static string Of(string body) =>
        body.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, 8));
}
